//! The recipes of docs/ci.md run as printed there, and each must notice a broken client.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{clean, run};

fn guide() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md");
    fs::read_to_string(path).expect("there is a guide")
}

/// The code under `<!-- HEAD -->`, `<!-- HEAD: and more -->` or `<!-- HEAD, and more -->`.
pub(crate) fn code(guide: &str, head: &str) -> String {
    let begins = [" -->\n", ": ", ", "].map(|end| format!("<!-- {head}{end}"));
    let at = begins.iter().find_map(|begin| guide.find(begin));
    let rest = &guide[at.unwrap_or_else(|| panic!("no {head} in the guide"))..];
    let (_, rest) = rest.split_once("\n```").expect("code follows");
    let (_, rest) = rest.split_once('\n').expect("its language, then the code");
    let (code, _) = rest.split_once("\n```\n").expect("the code ends");
    code.to_owned() + "\n"
}

/// A folder of its own, which goes with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("ringer-recipe-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder of its own");
        Self(path)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).expect("it can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Where a tool is on the PATH.
fn find(tool: &str) -> PathBuf {
    let search = std::env::var_os("PATH").unwrap_or_default();
    let mut paths = std::env::split_paths(&search).map(|folder| folder.join(tool));
    paths.find(|path| path.is_file()).unwrap_or_else(|| panic!("{tool} is not on the PATH"))
}

/// Runs the lines of a recipe in its folder, with `ringer` on the PATH.
fn run_in(folder: &Path, lines: &str) -> (Option<i32>, String) {
    let ringer = Path::new(env!("CARGO_BIN_EXE_ringer")).parent().expect("it is in a folder");
    let search = std::env::var("PATH").unwrap_or_default();
    let mut shell = clean(Command::new("sh"));
    shell.args(["-ec", lines]).current_dir(folder).env("CI", "true");
    shell.env("PATH", format!("{}:{search}", ringer.display()));
    let (code, stdout, stderr) = run(shell);
    (code, stdout + &stderr)
}

/// The client of every recipe polls so often at the most.
const PATIENT: &str = "40";

/// Runs a recipe as it stands there, and with a client that gives up after its first poll.
fn holds(folder: &Folder, file: &str, client: &str, lines: &str) {
    let (code, told) = run_in(&folder.0, lines);
    assert_eq!(code, Some(0), "{file}: {told}");
    let fine = told.matches(": Pass: no problems found.\n").count();
    assert!(fine > 0 && fine == told.matches(" refunded\n").count(), "{file}: {told}");

    let path = folder.0.join(client);
    let text = fs::read_to_string(&path).expect("it was written");
    assert_eq!(text.matches(PATIENT).count(), 1, "{client}: how patient its client is");
    fs::write(&path, text.replace(PATIENT, "1")).expect("it can be written");
    let (code, told) = run_in(&folder.0, lines);
    assert_eq!(code, Some(1), "{file} with a client that gives up early: {told}");
    assert!(told.contains("gave-up-early"), "{file}: {told}");
}

fn holds_alone(files: &[&str]) {
    for file in files {
        let folder = Folder::new(file);
        let guide = guide();
        folder.write(file, &code(&guide, &format!("recipe: {file}")));
        holds(&folder, file, file, &code(&guide, &format!("run: {file}")));
    }
}

#[test]
fn the_recipes_for_a_shell_run() {
    holds_alone(&["rental.sh", "sandboxes.sh"]);
}

#[test]
#[ignore = "needs pytest; see CONTRIBUTING.md"]
fn the_recipes_for_pytest_run() {
    holds_alone(&["test_rental.py", "test_sandboxes.py"]);
}

#[test]
#[ignore = "needs phpunit; see CONTRIBUTING.md"]
fn the_recipes_for_phpunit_run() {
    holds_alone(&["RentalTest.php", "SandboxesTest.php"]);
}

#[test]
#[ignore = "needs go; see CONTRIBUTING.md"]
fn the_recipes_for_go_run() {
    let guide = guide();
    let folder = Folder::new("go");
    folder.write("go.mod", "module rental\n\ngo 1.18\n");
    let (first, second) = ("rental_test.go", "sandboxes_test.go");
    folder.write(first, &code(&guide, &format!("recipe: {first}")));
    holds(&folder, first, first, &code(&guide, &format!("run: {first}")));
    // The second is patient by itself, and stands beside the first.
    folder.write(first, &code(&guide, &format!("recipe: {first}")));
    folder.write(second, &code(&guide, &format!("recipe: {second}")));
    holds(&folder, second, second, &code(&guide, &format!("run: {second}")));
}

/// Runs the recipes for JavaScript with a runner that `npm install` has put on the PATH.
fn holds_with(runner: &str, change: impl Fn(String) -> String) {
    let path = find(runner).canonicalize().expect("it is there");
    let mut folders = path.ancestors();
    let modules = folders.find(|folder| folder.ends_with("node_modules"));
    let modules = modules.expect("npm puts a tool into node_modules");
    let guide = guide();
    for file in ["rental.test.js", "sandboxes.test.js"] {
        let folder = Folder::new(&format!("{runner}-{file}"));
        symlink(modules, folder.0.join("node_modules")).expect("a link");
        folder.write("package.json", "{}\n");
        folder.write(file, &change(code(&guide, &format!("recipe: {file}"))));
        holds(&folder, file, file, &change(code(&guide, &format!("run: {file}"))));
    }
}

#[test]
#[ignore = "needs vitest; see CONTRIBUTING.md"]
fn the_recipes_for_vitest_run() {
    holds_with("vitest", |text| text);
}

#[test]
#[ignore = "needs jest; see CONTRIBUTING.md"]
fn the_recipes_for_jest_run_without_their_first_line() {
    holds_with("jest", |text| match text.split_once("\n\n") {
        Some((import, rest)) if import.starts_with("import ") => rest.to_owned(),
        _ => text.replace("vitest run", "jest"),
    });
}

#[test]
fn the_flags_of_the_job_are_flags() {
    let job = code(&guide(), "job");
    let line = job.lines().find_map(|line| line.trim().strip_prefix("- run: ringer run "));
    let line = line.expect("the job runs ringer");
    let line = line.strip_suffix(" -- pytest").expect("the guide says to replace pytest");
    let folder = Folder::new("job");
    let (code, told) = run_in(&folder.0, &format!("ringer run {line} -- true"));
    assert_eq!(code, Some(0), "{told}");
    let report = fs::read_to_string(folder.0.join("ringer.md")).expect("it was written");
    assert!(report.contains("No request came"), "{report}");
    assert!(job.contains("cat ringer.md"), "{job}");
}

#[test]
fn every_recipe_of_the_guide_is_run() {
    let guide = guide();
    let heads = guide.lines().filter(|line| line.starts_with("<!-- recipe: "));
    assert_eq!(heads.count(), 10, "a new recipe needs its line above");
    let blocks = guide.lines().filter(|line| line.starts_with("```")).count() / 2;
    // Beside the recipes: the first line of the page, the job, and a server of one's own.
    assert_eq!(blocks, 2 * 10 + 3, "a block of code that nobody runs");
}

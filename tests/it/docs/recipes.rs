//! The recipes of docs/ci.md run as printed there, and each must notice a broken client.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

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

/// Runs a recipe as it stands there, and with a client that gives up after its first poll and leaves
/// the rental behind.
fn holds(folder: &Folder, file: &str, client: &str, lines: &str) {
    let (code, told) = run_in(&folder.0, lines);
    assert_eq!(code, Some(0), "{file}: {told}");
    let fine = told.matches(": Pass: no problems found.\n").count();
    assert!(fine > 0 && fine == told.matches(" refunded\n").count(), "{file}: {told}");

    let path = folder.0.join(client);
    let text = fs::read_to_string(&path).expect("it was written");
    assert_eq!(text.matches(PATIENT).count(), 1, "{client}: how patient its client is");
    // Nor does it give the number back.
    let hasty = text.replace(PATIENT, "1");
    let lines_of_hasty = hasty.lines().filter(|line| !line.contains("/cancelNumber"));
    fs::write(&path, lines_of_hasty.collect::<Vec<_>>().join("\n")).expect("it can be written");
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
    let (first, second) = ("rental_test.go", "sandboxes_test.go");
    folder.write(first, &code(&guide, &format!("recipe: {first}")));
    holds(&folder, first, first, &code(&guide, &format!("run: {first}")));
    // The second is patient by itself, and stands beside the first.
    folder.write(first, &code(&guide, &format!("recipe: {first}")));
    folder.write(second, &code(&guide, &format!("recipe: {second}")));
    holds(&folder, second, second, &code(&guide, &format!("run: {second}")));
}

/// The folder into which `npm install` has put a runner that is on the PATH.
fn node_modules(runner: &str) -> PathBuf {
    let path = find(runner).canonicalize().expect("it is there");
    let mut folders = path.ancestors();
    let modules = folders.find(|folder| folder.ends_with("node_modules"));
    modules.expect("npm puts a tool into node_modules").to_owned()
}

/// Runs the recipes for JavaScript with this runner.
fn holds_with(runner: &str, change: impl Fn(String) -> String) {
    let modules = node_modules(runner);
    let guide = guide();
    for file in ["rental.test.js", "sandboxes.test.js"] {
        let folder = Folder::new(&format!("{runner}-{file}"));
        symlink(&modules, folder.0.join("node_modules")).expect("a link");
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
    holds_with("jest", for_jest);
}

/// A file without its import, or the line that runs it.
fn for_jest(text: String) -> String {
    match text.split_once("\n\n") {
        Some((import, rest)) if import.starts_with("import ") => rest.to_owned(),
        _ => text.replace("vitest run", "jest"),
    }
}

/// Four folders with the same files, which four workers run at once: each test has its own sandbox,
/// and only the tests of the folder with the impatient client fail.
fn keeps_apart(folder: &Folder, files: &[(&str, String)], client: &str, tests: usize, line: &str) {
    let folders = ["one", "two", "three", "four"];
    for name in folders {
        fs::create_dir(folder.0.join(name)).expect("a folder of its own");
        for (file, text) in files {
            let text = match (name, *file == client) {
                ("three", true) => text.replace(PATIENT, "1"),
                _ => text.clone(),
            };
            folder.write(&format!("{name}/{file}"), &text);
        }
    }
    let line = format!("ringer run --fail-on never --report report.json -- {line}");
    let (code, told) = run_in(&folder.0, &line);
    assert!(code.is_some_and(|code| code != 0), "the impatient client passed: {told}");
    let report = fs::read(folder.0.join("report.json")).expect("it was written");
    let report: Value = serde_json::from_slice(&report).expect("it is JSON");
    let sandboxes = report["sandboxes"].as_array().expect("a list");
    // A test may start its sandbox more than once.
    let keys: BTreeSet<_> = sandboxes.iter().map(|sandbox| sandbox["api_key"].as_str()).collect();
    assert_eq!(keys.len(), folders.len() * tests, "{told}");
    let failed: Vec<&str> = sandboxes
        .iter()
        .filter(|sandbox| sandbox["report"]["grade"] != "pass")
        .map(|sandbox| sandbox["label"].as_str().expect("each test names its sandbox"))
        .collect();
    assert!(!failed.is_empty() && failed.iter().all(|label| label.contains("three")), "{failed:?}");
}

#[test]
#[ignore = "needs pytest and pytest-xdist; see CONTRIBUTING.md"]
fn tests_of_equal_names_do_not_meet_under_pytest_with_four_workers() {
    let file = "test_sandboxes.py";
    let files = [(file, code(&guide(), &format!("recipe: {file}")))];
    let line = "pytest -q -n 4 --import-mode=importlib";
    keeps_apart(&Folder::new("xdist"), &files, file, 3, line);
}

#[test]
#[ignore = "needs phpunit; see CONTRIBUTING.md"]
fn tests_of_equal_names_do_not_meet_in_four_processes_of_phpunit() {
    let file = "SandboxesTest.php";
    let files = [(file, code(&guide(), &format!("recipe: {file}")))];
    let folder = Folder::new("phpunit-four");
    folder.write(
        "all.sh",
        "for folder in one two three four; do phpunit $folder/SandboxesTest.php & all=\"$all $!\"; \
         done\nfor one in $all; do wait $one || code=1; done\nexit ${code:-0}\n",
    );
    keeps_apart(&folder, &files, file, 2, "sh all.sh");
}

#[test]
#[ignore = "needs go; see CONTRIBUTING.md"]
fn tests_of_equal_names_do_not_meet_in_four_packages_of_go() {
    let guide = guide();
    let [first, second] = ["rental_test.go", "sandboxes_test.go"];
    // The first has a test without a sandbox of its own: it is there for its client.
    let client = code(&guide, &format!("recipe: {first}"));
    let (client, _) = client.split_once("func TestTheCodeIsRead").expect("its only test");
    let client = client.replace("\t\"os\"\n", "").replace("\t\"testing\"\n", "");
    let tests = code(&guide, &format!("recipe: {second}"));
    // How patient the client is stands in the call.
    let files = [(first, client), (second, tests)];
    let folder = Folder::new("go-four");
    folder.write("go.mod", "module rental\n\ngo 1.18\n");
    keeps_apart(&folder, &files, second, 3, "go test -count=1 -p 4 ./...");
}

/// The same with a runner of JavaScript.
fn keeps_apart_with(runner: &str, line: &str, change: impl Fn(String) -> String) {
    let file = "sandboxes.test.js";
    let folder = Folder::new(&format!("{runner}-four"));
    symlink(node_modules(runner), folder.0.join("node_modules")).expect("a link");
    folder.write("package.json", "{}\n");
    let files = [(file, change(code(&guide(), &format!("recipe: {file}"))))];
    keeps_apart(&folder, &files, file, 3, line);
}

#[test]
#[ignore = "needs vitest; see CONTRIBUTING.md"]
fn tests_of_equal_names_do_not_meet_under_vitest_with_four_workers() {
    keeps_apart_with("vitest", "npx vitest run --maxWorkers 4 --minWorkers 4", |text| text);
}

#[test]
#[ignore = "needs jest; see CONTRIBUTING.md"]
fn tests_of_equal_names_do_not_meet_under_jest_with_four_workers() {
    keeps_apart_with("jest", "npx jest --maxWorkers 4", for_jest);
}

#[test]
fn the_flags_of_the_job_are_flags() {
    let job = code(&guide(), "job");
    let line = job.lines().find_map(|line| line.trim().strip_prefix("- run: ringer run "));
    let line = line.expect("the job runs ringer");
    let line = line.strip_suffix(" -- pytest").expect("the guide says to replace pytest");
    let folder = Folder::new("job");
    let (code, told) = run_in(&folder.0, &format!("ringer run {line} -- true"));
    assert_eq!(code, Some(1), "{told}");
    let report = fs::read_to_string(folder.0.join("ringer.md")).expect("it was written");
    assert!(report.contains("no request came"), "{report}");
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

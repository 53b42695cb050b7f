//! The pages for readers cannot drift: what is generated is compared, what is shown is run.
//!
//! `RINGER_UPDATE_DOCS=1 cargo test` rewrites the generated parts.

mod architecture;
mod ci;
mod clock;
mod command_line;
mod control_api;
mod deploy;
mod faults;
mod links;
mod partner_api;
mod readme;
mod recipes;
mod report;
mod scenario_files;
mod scenarios;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The path of a file of the repository.
pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The text of a file of the repository.
pub(crate) fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

/// The part of a page between `<!-- NAME: …` and `<!-- end -->`.
fn part_of(page: &str, name: &str) -> std::ops::Range<usize> {
    let head = page.find(&format!("<!-- {name}: ")).unwrap_or_else(|| panic!("no part {name}"));
    let from = head + page[head..].find('\n').expect("the head is a line") + 1;
    from..from + page[from..].find("<!-- end -->").expect("the part ends")
}

/// The text of a part of a page.
pub(crate) fn part(page: &str, name: &str) -> String {
    let text = text(page);
    text[part_of(&text, name)].to_owned()
}

/// Compares a part of a page with what it should be, or rewrites it if `RINGER_UPDATE_DOCS` is set.
#[track_caller]
pub(crate) fn holds_in(page: &str, name: &str, right: &str) {
    // Tests run in parallel, and each may rewrite its part.
    static PAGES: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = PAGES.lock();
    let mut text = text(page);
    let range = part_of(&text, name);
    if std::env::var_os("RINGER_UPDATE_DOCS").is_some() {
        text.replace_range(range, right);
        fs::write(path(page), text).expect("the page can be written");
    } else {
        assert_eq!(&text[range], right, "RINGER_UPDATE_DOCS=1 cargo test rewrites {page}");
    }
}

/// Runs a part of a page in a shell that finds `ringer`, with these variables set. Returns stdout.
#[track_caller]
pub(crate) fn run_lines_of(page: &str, name: &str, variables: &[(&str, String)]) -> String {
    let lines = part(page, name);
    let script = lines.trim_start_matches("```sh\n").trim_end_matches("```\n");
    let folder = std::env::temp_dir().join(format!("ringer-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder of its own");
    let ringer = PathBuf::from(env!("CARGO_BIN_EXE_ringer"));
    let search = std::env::var("PATH").unwrap_or_default();
    let search = format!("{}:{search}", ringer.parent().expect("it is in a folder").display());
    let mut shell = Command::new("sh");
    shell.args(["-ec", script]).current_dir(&folder).env("PATH", search);
    shell.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = shell.output().expect("the shell runs");
    let _ = fs::remove_dir_all(&folder);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

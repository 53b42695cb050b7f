//! Scenarios in JSON files: `--scenario-file`, and `ringer scenarios` with its flags.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::process::{Running, clean, example, ringer, run};

/// A folder of files that goes with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ringer-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder of its own");
        Self(path)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.0.join(name), content).expect("it can be written");
        self
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn named(name: &str) -> String {
    json!({"name": name, "countries": [{"country": "DE", "available": 3}]}).to_string()
}

/// `ringer scenarios …` in this folder.
fn scenarios(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = ringer();
    command.arg("scenarios").args(arguments).current_dir(folder.path());
    run(command)
}

#[test]
fn a_bundled_scenario_as_json_is_the_start_of_ones_own_and_behaves_alike() {
    let folder = Folder::new("own");
    let (_, printed, _) = scenarios(&folder, &["tricky-codes", "--json"]);
    folder.write("mine.json", printed.replace("\"tricky-codes\"", "\"mine\""));

    let life = |scenario: &str| -> Vec<String> {
        let mut command = ringer();
        command.args(["--scenario-file", "mine.json", "--scenario", scenario]);
        command.args(["--clock", "per_poll:8s"]).current_dir(folder.path());
        let running = Running::start(command);
        assert_eq!(running.client("x@mine").get_numbers().status, 200);
        let client = running.client("ci");
        let rent_and_poll = |_| {
            let rented = client.rent("US");
            [client.poll(&rented.rental_id()).text, rented.text]
        };
        (0..20).flat_map(rent_and_poll).collect()
    };
    assert_eq!(life("mine"), life("tricky-codes"));

    let (_, listed, _) = scenarios(&folder, &["--scenario-file", "mine.json"]);
    assert!(listed.lines().any(|line| line.starts_with("mine ")), "{listed}");
    let (_, shown, _) = scenarios(&folder, &["--scenario-file", "mine.json", "mine"]);
    assert!(shown.starts_with("mine: codes like"), "{shown}");
}

#[test]
fn a_folder_stands_for_its_json_files_and_the_flag_is_repeatable_also_as_a_variable() {
    let folder = Folder::new("folder");
    fs::create_dir_all(folder.path().join("more")).expect("a folder");
    let with_mark = format!("\u{feff}{}", named("b"));
    folder.write("b.json", with_mark).write("a.json", named("a")).write("notes.txt", "{");
    folder.write(".#a.json", "an editor's own").write("more/c.json", named("c"));
    let names = |command: Command| -> Vec<String> {
        let (code, listed, told) = run(command);
        assert_eq!(code, Some(0), "{told}");
        let names = listed.lines().filter_map(|line| line.split(' ').next());
        names.skip_while(|name| *name != "flaky-soup").skip(1).map(str::to_owned).collect()
    };
    let mut by_flag = ringer();
    by_flag.args(["scenarios", "--scenario-file", ".", "--scenario-file", "more/c.json"]);
    by_flag.current_dir(folder.path());
    assert_eq!(names(by_flag)[..3], ["a", "b", "c"]);
    let mut by_variable = ringer();
    by_variable.args(["scenarios"]).env("RINGER_SCENARIO_FILE", "more,a.json");
    by_variable.current_dir(folder.path());
    assert_eq!(names(by_variable)[..2], ["c", "a"]);
}

#[test]
fn everything_wrong_in_any_file_is_told_before_the_server_starts() {
    let folder = Folder::new("wrong");
    folder.write("a.json", named("slow-sms")).write("b.json", named("own"));
    folder.write("c.json", named("own")).write("d.json", "{\n  \"name\": }");
    let wrong = json!({
        "name": "E", "countries": [{"country": "DE"}, {"country": "DE"}],
        "rental": {"max_active": 0},
    });
    folder.write("e.json", wrong.to_string()).write("f.json", b"\xff");
    for subcommand in [&["serve"][..], &["run"], &["scenarios"]] {
        let mut command = ringer();
        command.args(subcommand).args(["--scenario-file", ".", "--scenario-file", "none.json"]);
        if subcommand == ["run"] {
            command.args(["--", "true"]);
        }
        command.current_dir(folder.path());
        let (code, _, told) = run(command);
        assert_eq!(code, Some(2), "{told}");
        for line in [
            "--scenario-file:",
            "./a.json: name: \"slow-sms\" is the name of a bundled scenario; choose another",
            "./c.json: name: \"own\" is the name of the scenario in ./b.json; choose another",
            "./d.json: this is not JSON: expected value at line 2 column 11",
            "./e.json: name: \"E\" must be 1 to 64 lower-case letters, digits and -",
            "./e.json: countries[1].country: DE is offered twice; keep one",
            "./e.json: rental.max_active: 0 would allow no rental; give 1 or more",
            "./f.json: cannot be read: ",
            "none.json: cannot be read: No such file or directory",
        ] {
            assert!(told.contains(line), "{line}\nis not in\n{told}");
        }
    }
    let mut own = clean(Command::new(example()));
    folder.write("own.json", named("two-countries-one-code"));
    own.args(["--scenario-file", "own.json"]).current_dir(folder.path());
    let (code, _, told) = run(own);
    assert_eq!(code, Some(2));
    assert!(told.contains("is the name of a scenario of this program"), "{told}");
}

#[test]
fn check_says_ok_or_what_is_wrong_by_path() {
    let folder = Folder::new("check");
    folder.write("own.json", named("own")).write("other.json", named("other"));
    let (code, told, _) = scenarios(&folder, &["--check", "own.json"]);
    assert_eq!(code, Some(0));
    assert!(told.starts_with("own.json: OK, own\n\nown: \n\nClock: realtime\n"), "{told}");
    let (code, told, _) = scenarios(&folder, &["--check", "own.json", "other.json"]);
    assert_eq!((code, told.as_str()), (Some(0), "own.json: OK, own\nother.json: OK, other\n"));

    folder.write("other.json", named("other").replace("country\"", "contry\""));
    let (code, told, _) = scenarios(&folder, &["--check", "."]);
    assert_eq!(code, Some(1), "what was checked failed");
    assert!(told.contains("./other.json: countries[0].contry: unknown field"), "{told}");
    assert!(told.contains("did you mean `country`?\n./own.json: OK"), "{told}");
    let (code, _, told) = scenarios(&folder, &["--check", "none.json"]);
    assert_eq!(code, Some(2), "it could not be checked: {told}");
}

//! Settings from environment variables.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::docs::holds_in;
use crate::process::{Running, ringer, run};
use crate::support::start;

/// A setting of a subcommand, as its help tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Setting {
    subcommand: String,
    flag: String,
    variable: String,
    meaning: String,
}

fn help(subcommand: &[&str]) -> String {
    let mut command = ringer();
    command.args(subcommand).arg("--help");
    let (code, told, _) = run(command);
    assert_eq!(code, Some(0), "{subcommand:?}");
    told
}

/// Every setting that has a variable.
fn settings() -> Vec<Setting> {
    let commands = help(&[]);
    let (_, commands) = commands.split_once("Commands:\n").expect("it lists commands");
    let names = commands.lines().take_while(|line| !line.is_empty());
    let names = names.filter_map(|line| line.split_whitespace().next());
    let mut settings = Vec::new();
    for subcommand in names.filter(|name| *name != "help") {
        for line in help(&[subcommand]).lines().filter(|line| line.contains("[env: ")) {
            let line = line.trim_start();
            let (flag, rest) = line.split_once(' ').expect("a flag, then its meaning");
            let (_, variable) = rest.split_once("[env: ").expect("its variable");
            let variable = variable.split(['=', ']']).next().unwrap_or_default();
            let meaning = rest.split("  ").last().unwrap_or_default();
            let meaning = meaning.split(" [").next().unwrap_or_default();
            settings.push(Setting {
                subcommand: subcommand.to_owned(),
                flag: flag.to_owned(),
                variable: variable.to_owned(),
                meaning: meaning.to_owned(),
            });
        }
    }
    assert!(settings.len() > 60, "the test reads the help wrongly: {settings:?}");
    settings
}

/// What a command of `ringer run` or `ringer check` is told.
const TOLD: [(&str, &str); 7] = [
    ("RINGER_ADMIN_TOKEN", "run"),
    ("RINGER_ADMIN_URL", "run"),
    ("RINGER_API_KEY", "run"),
    ("RINGER_NUMBER", "check"),
    ("RINGER_RUN_ID", "run"),
    ("RINGER_TEXT", "check"),
    ("RINGER_URL", "run"),
];

#[test]
fn a_variable_has_one_meaning_whichever_subcommand_reads_it() {
    let mut meanings: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for setting in settings() {
        assert!(setting.variable.starts_with("RINGER_"), "{setting:?}");
        meanings.entry(setting.variable).or_default().insert((setting.flag, setting.meaning));
    }
    for (variable, meanings) in &meanings {
        assert_eq!(meanings.len(), 1, "{variable} means {meanings:?}");
    }
    // What a command is told is what a client reads, and no list of what a server admits.
    let read_by = |variable: &str| -> Vec<String> {
        let read = settings().into_iter().filter(|setting| setting.variable == variable);
        read.map(|setting| setting.subcommand).collect()
    };
    assert_eq!(read_by("RINGER_API_KEY"), ["check"]);
    assert_eq!(read_by("RINGER_URL"), ["ready"]);
    assert_eq!(read_by("RINGER_ADMIN_TOKEN"), ["serve", "run"], "the token, on both sides");
}

#[test]
fn the_table_of_variables_is_that_of_the_command_line() {
    let mut rows: BTreeMap<String, (BTreeSet<String>, String, &str)> = BTreeMap::new();
    for setting in settings() {
        let row = rows.entry(setting.variable).or_default();
        row.0.insert(format!("`{}`", setting.subcommand));
        row.1 = format!("`{}`", setting.flag);
    }
    for (variable, by) in TOLD {
        rows.entry(variable.to_owned()).or_default().2 = by;
    }
    let mut table =
        "| variable | flag | read by | told to the command of |\n|---|---|---|---|\n".to_owned();
    for (variable, (read_by, flag, told_by)) in rows {
        let read_by = read_by.into_iter().collect::<Vec<_>>().join(", ");
        let told_by = if told_by.is_empty() { String::new() } else { format!("`{told_by}`") };
        table += &format!("| `{variable}` | {flag} | {read_by} | {told_by} |\n");
    }
    holds_in("docs/command-line.md", "variables", &table);
}

#[test]
fn only_the_settings_of_the_subcommand_that_runs_are_read() {
    let server = start(ringer::Server::builder());
    let url = server.url();
    for arguments in
        [&["openapi"][..], &["scenarios"], &["--version"], &["--help"], &["ready", "--url", &url]]
    {
        let mut command = ringer();
        command.args(arguments).env("RINGER_CLOCK", "fast").env("RINGER_LEVEL", "some");
        let (code, _, told) = run(command);
        assert_eq!((code, told.as_str()), (Some(0), ""), "{arguments:?}");
    }
    // `ringer` alone is `ringer serve`.
    for arguments in [&[][..], &["serve"], &["run", "--", "true"]] {
        let mut command = ringer();
        command.args(arguments).env("RINGER_CLOCK", "fast");
        assert_eq!(run(command).0, Some(2), "{arguments:?}");
    }
}

#[test]
fn a_wrong_value_is_told_by_the_name_of_its_variable_also_where_it_is_found_late() {
    let check = &["check", "--base-url", "http://localhost:1", "--api-key", "k"][..];
    for (arguments, variable, value, said) in [
        (&[][..], "RINGER_CLOCK", "frozn", "did you mean frozen?"),
        (&[], "RINGER_PORT", "99999", "99999"),
        (&[], "RINGER_STRICT", "maybe", "maybe"),
        (&[], "RINGER_WORKERS", "0", "1..=512"),
        (&[], "RINGER_REQUEST_TIMEOUT", "1ms", "it must be 1s or more"),
        (&[], "RINGER_ADMIN_ADDR", "7465", "127.0.0.1:7465 is right"),
        (&[], "RINGER_ADMIN_TOKEN", "a b", "visible ASCII"),
        (&[], "RINGER_SCENARIO", "hapy-path", "did you mean \"happy-path\"?"),
        (&[], "RINGER_ALLOWED_API_KEYS", "fine,a@b", "leave it out"),
        (&[], "RINGER_LOG", "loud", "off, error, warn"),
        (&[], "RINGER_HOST", "999.0.0.1", "an address of this machine"),
        (&["run", "--", "true"], "RINGER_FAIL_ON", "warnings", "warning"),
        (&["run", "--", "true"], "RINGER_RUN_REPORT", "a.txt", ".json, .xml"),
        (&["run", "--", "true"], "RINGER_RUN_REPORT", "/no/a.md", "a folder that exists"),
        (&["ready"], "RINGER_URL", "ftp://x", "http://127.0.0.1:7464"),
        (&["ready"], "RINGER_READY_TIMEOUT", "soon", "soon"),
        (check, "RINGER_LEVEL", "may", "should"),
        (check, "RINGER_ONLY", "listing-succeeds,lsting", "lsting"),
        (check, "RINGER_CA_FILE", "/no/such/file", "cannot be read"),
        (check, "RINGER_CHECK_OUTPUT", "/no/such/file", "a folder that exists"),
        (check, "RINGER_OTHER_API_KEY", "k", "the key of another account"),
    ] {
        let mut command = ringer();
        command.args(arguments).env(variable, value);
        let (code, _, told) = run(command);
        assert_eq!(code, Some(2), "{variable}={value}: {told}");
        assert!(told.contains(variable) && told.contains(said), "{variable}={value}: {told}");
        let setting = settings().into_iter().find(|setting| setting.variable == variable);
        let flag = setting.expect("it is a setting").flag;
        assert!(!told.contains(&flag), "{flag} was not said: {told}");
    }
}

#[test]
fn a_wrong_flag_is_told_by_its_own_name_whatever_its_variable_says() {
    for value in ["fast", "faster", "frozen"] {
        let mut command = ringer();
        command.args(["--clock", "fast"]).env("RINGER_CLOCK", value);
        let (code, _, told) = run(command);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("--clock") && !told.contains("RINGER_CLOCK"), "{told}");
    }
    // A right flag wins over a wrong variable.
    let mut command = ringer();
    command.env("RINGER_CLOCK", "fast").args([
        "run",
        "--clock",
        "frozen",
        "--allow-empty",
        "--",
        "true",
    ]);
    assert_eq!(run(command).0, Some(0));
}

#[test]
fn bytes_that_are_no_text_are_told_by_the_name_of_the_variable() {
    for setting in settings() {
        let mut command = ringer();
        match setting.subcommand.as_str() {
            "run" => command.args(["run", "--", "true"]),
            "check" => command.args(["check", "--base-url", "http://localhost:1"]),
            "serve" => command.args(["serve", "--port", "0"]),
            other => command.arg(other),
        };
        // A path may have any bytes, and these three have a flag above.
        let excepted = ["RINGER_CA_FILE", "RINGER_CHECK_OUTPUT", "RINGER_BASE_URL"];
        let is_port_of_serve = setting.subcommand == "serve" && setting.variable == "RINGER_PORT";
        if excepted.contains(&setting.variable.as_str()) || is_port_of_serve {
            continue;
        }
        command.env(&setting.variable, OsStr::from_bytes(b"\xff"));
        let (code, _, told) = run(command);
        assert_eq!(code, Some(2), "{setting:?}: {told}");
        assert!(told.contains(&setting.variable), "{setting:?}: {told}");
    }
}

#[test]
fn environment_variables_are_read_as_ci_systems_write_them() {
    let mut command = ringer();
    command.env("RINGER_STRICT", "maybe");
    let (code, _, told) = run(command);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("maybe") && told.contains("RINGER_STRICT"), "{told}");
    for (value, status) in [("1", 400), ("true", 400), ("0", 200), ("false", 200), ("", 200)] {
        let mut command = ringer();
        command.env("RINGER_STRICT", value).env("RINGER_SEED", "").env("RINGER_CLOCK", "");
        let running = Running::start(command);
        assert_eq!(running.client("ci").rent("de").status, status, "RINGER_STRICT={value}");
    }
}

#[test]
fn the_variables_that_kubernetes_sets_beside_a_service_are_passed_over_with_one_warning() {
    let pod = [
        ("RINGER_PORT", "tcp://10.0.0.5:7464"),
        ("RINGER_PORT_7464_TCP", "tcp://10.0.0.5:7464"),
        ("RINGER_PORT_7464_TCP_ADDR", "10.0.0.5"),
        ("RINGER_PORT_7464_TCP_PORT", "7464"),
        ("RINGER_PORT_7464_TCP_PROTO", "tcp"),
        ("RINGER_SERVICE_HOST", "10.0.0.5"),
        ("RINGER_SERVICE_PORT", "7464"),
        ("RINGER_SERVICE_PORT_HTTP", "7464"),
        ("RINGER_ADMIN_SERVICE_HOST", "10.0.0.6"),
        ("RINGER_ADMIN_PORT", "tcp://10.0.0.6:7465"),
    ];
    let mut command = ringer();
    command.args(["run", "--allow-empty", "--", "printenv", "RINGER_URL"]).envs(pod);
    let (code, url, told) = run(command);
    assert_eq!(code, Some(0), "{told}");
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let warned: Vec<&str> = told.lines().filter(|line| line.contains("Kubernetes")).collect();
    assert_eq!(warned.len(), 1, "{told}");
    assert!(warned[0].contains("RINGER_PORT=tcp://10.0.0.5:7464 is ignored"), "{told}");
    assert!(!told.contains("is not a setting"), "{told}");

    // Whoever reads no port is not told of it.
    let mut command = ringer();
    command.arg("openapi").envs(pod);
    assert_eq!(run(command).2, "");
}

#[test]
fn a_slip_of_the_pen_is_told_with_the_right_name_and_nothing_else_is() {
    for (variable, right) in [
        ("RINGER_SCENRIO", Some("RINGER_SCENARIO")),
        ("RINGER_MAX_SANDBOX", Some("RINGER_MAX_SANDBOXES")),
        ("RINGER_ALLOWED_API_KEY", Some("RINGER_ALLOWED_API_KEYS")),
        ("RINGER_LGO", Some("RINGER_LOG")),
        ("RINGER_IMAGE", None),
        ("RINGER_VERSION", None),
        ("RINGER_HOME", None),
        ("RINGER_PATH", None),
        ("RINGER_SCENARIO", None),
        ("RINGER_URL", None),
    ] {
        let mut command = ringer();
        command.args(["run", "--allow-empty", "--", "true"]).env(variable, "happy-path");
        let (code, _, told) = run(command);
        assert_eq!(code, Some(0), "{told}");
        let said = right.map(|right| format!("{variable} is not a setting; did you mean {right}?"));
        match said {
            Some(said) => assert!(told.contains(&said), "{told}"),
            None => assert!(!told.contains("is not a setting"), "{variable}: {told}"),
        }
    }
}

#[test]
fn the_old_name_of_a_variable_is_told_with_the_new_one() {
    let check = ["check", "--base-url", "http://127.0.0.1:1", "--api-key", "k"];
    for (arguments, old, new) in [
        (&["run", "--", "true"][..], "RINGER_REPORT", "RINGER_RUN_REPORT"),
        (&check, "RINGER_REPORT", "RINGER_CHECK_REPORT"),
        (&check, "RINGER_OUTPUT", "RINGER_CHECK_OUTPUT"),
        (&check, "RINGER_TIMEOUT", "RINGER_CHECK_TIMEOUT"),
        (&["ready", "--url", "ftp://x"], "RINGER_TIMEOUT", "RINGER_READY_TIMEOUT"),
    ] {
        let mut command = ringer();
        command.args(arguments).env(old, "5s");
        let (_, _, told) = run(command);
        let said = format!("ringer: {old} is no longer read; it is now called {new}");
        assert_eq!(told.matches(&said).count(), 1, "{told}");
    }
}

#[test]
fn the_key_of_a_client_does_not_decide_whom_the_server_admits() {
    let mut command = ringer();
    command.env("RINGER_API_KEY", "of-this-job");
    let running = Running::start(command);
    for key in ["of-this-job", "of-one-test"] {
        assert_eq!(running.client(key).get_numbers().status, 200, "{key}");
    }
}

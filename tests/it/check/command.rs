//! `ringer check` as a person types it.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::stub::{Asked, change, serve};
use super::{KEY, OTHER_KEY, server};
use crate::process::{ringer, run};
use crate::support::{Client, start};

fn command(url: &str) -> Command {
    let mut command = ringer();
    command.args(["check", "--base-url", url, "--api-key", KEY, "--cancel-within", "0s"]);
    command
}

#[test]
fn a_right_server_ends_with_0_and_the_table() {
    let server = start(server());
    let mut command = command(&server.url());
    command.args(["--other-api-key", OTHER_KEY, "--sms-within", "5s", "--level", "should"]);
    let (code, told, log) = run(command);
    assert_eq!((code, log.as_str()), (Some(0), ""), "{told}");
    assert!(told.contains("\n  ok    rent-returns-e164-number "), "{told}");
    assert!(told.contains(" 0 failed, "), "{told}");
    assert!(!told.contains(KEY) && !told.contains(OTHER_KEY), "{told}");
}

#[test]
fn the_level_decides_whether_a_should_case_makes_it_end_with_1() {
    let behind = start(server());
    let url = change(&behind.url(), |_, mut answer| {
        answer.content_type = "text/html".into();
        answer
    });
    for (level, code) in [("must", 0), ("should", 1)] {
        let mut command = command(&url);
        command.args(["--level", level]);
        assert_eq!(run(command).0, Some(code), "{level}");
    }
    let url = change(&behind.url(), |_, mut answer| {
        answer.json["numbers"] = Value::Null;
        answer
    });
    assert_eq!(run(command(&url)).0, Some(1));
}

#[test]
fn each_flag_has_an_environment_variable() {
    let server = start(server());
    let mut by_environment = ringer();
    by_environment.arg("check").env("RINGER_BASE_URL", server.url()).env("RINGER_API_KEY", KEY);
    by_environment.env("RINGER_OTHER_API_KEY", OTHER_KEY).env("RINGER_COUNTRY", "DE");
    by_environment.env("RINGER_SMS_WITHIN", "5s").env("RINGER_CHECK_TIMEOUT", "5s");
    by_environment.env("RINGER_MAX_RENTALS", "3").env("RINGER_CHECK_REPORT", "json");
    by_environment.env("RINGER_LEVEL", "should").env("RINGER_YES", "1").env("RINGER_CA_FILE", "");
    let (code, told, log) = run(by_environment);
    assert_eq!(code, Some(0), "{log}");
    let report: Value = serde_json::from_str(&told).expect("it is JSON, and nothing else");
    assert_eq!(report["rentals"]["made"], 3);
    assert!(log.contains("3 rentals made, 3 cancelled"), "{log}");
    let rented =
        Client::at(&server.url(), KEY).get(&format!("/__admin/sandboxes/{KEY}/rentals")).json;
    assert!(rented.as_array().is_some_and(|all| all.iter().all(|one| one["country"] == "DE")));

    let help = run({
        let mut help = ringer();
        help.args(["check", "--help"]);
        help
    });
    for line in help.1.lines().filter(|line| line.trim_start().starts_with("--")) {
        assert!(line.contains("[env: RINGER_"), "{line}");
    }
}

#[test]
fn only_the_cases_that_are_named_are_run() {
    let server = start(server());
    let mut command = command(&server.url());
    command.args(["--only", "rent-succeeds,cancel-succeeds", "--report", "json"]);
    let (code, told, _) = run(command);
    let report: Value = serde_json::from_str(&told).expect("it is JSON");
    let slugs: Vec<&Value> =
        report["cases"].as_array().into_iter().flatten().map(|case| &case["slug"]).collect();
    assert_eq!((code, slugs), (Some(0), vec![&"rent-succeeds".into(), &"cancel-succeeds".into()]));
}

#[test]
fn a_run_in_which_every_case_is_skipped_ends_with_2() {
    let server = start(server());
    let mut command = command(&server.url());
    command.args(["--only", "sms-arrives"]);
    let (code, told, log) = run(command);
    assert_eq!((code, told.as_str()), (Some(2), ""));
    assert!(log.contains("no case could be executed: needs SMS"), "{log}");
}

#[test]
fn what_is_not_this_machine_is_left_alone_without_yes() {
    for url in ["https://staging.example.invalid", "http://192.0.2.1:8080/sms"] {
        let (code, told, log) = run(command(url));
        assert_eq!((code, told.as_str()), (Some(2), ""));
        assert!(log.contains("is not this machine") && log.contains("--yes"), "{log}");
    }
    let mut meant = command("https://staging.example.invalid");
    meant.args(["--yes", "--timeout", "2s"]);
    let (code, _, log) = run(meant);
    assert_eq!(code, Some(2));
    assert!(log.contains("gave no reply to getNumbers"), "{log}");
}

#[test]
fn a_wrong_flag_ends_with_2_and_what_is_right() {
    for (arguments, said) in [
        (&["--base-url", "staging.example.com"][..], "http:// nor https://"),
        (&["--base-url", "http://me:secret@localhost"], "does not belong there"),
        (&["--base-url", "http://localhost:99999"], "its port is no number from 1 to 65535"),
        (&["--base-url", "http://localhost/?a=b"], "a query or a fragment"),
        (&["--api-key", ""], "it is empty"),
        (&["--country", "UK"], "GB"),
        (&["--timeout", "0s"], "10s is right"),
        (&["--ca-file", "no-such.pem"], "cannot be read"),
        (&["--output", "no-such-folder/report.xml"], "a folder that exists"),
        (&["--other-api-key", KEY], "that of another account"),
        (&["--report", "xml"], "junit"),
        (&["--only", "rent-suceeds"], "did you mean rent-succeeds?"),
    ] {
        let mut command = ringer();
        command.env("RINGER_BASE_URL", "http://localhost:1").env("RINGER_API_KEY", KEY);
        command.arg("check").args(arguments);
        let (code, _, log) = run(command);
        assert_eq!(code, Some(2), "{arguments:?}: {log}");
        assert!(log.contains(said), "{arguments:?}: {log}");
    }
}

#[test]
fn the_report_goes_to_a_file_and_the_table_to_whoever_looks() {
    let server = start(server());
    let file: PathBuf =
        std::env::temp_dir().join(format!("ringer-check-{}.xml", std::process::id()));
    let mut command = command(&server.url());
    command.args(["--report", "junit", "--output"]).arg(&file);
    let (code, told, log) = run(command);
    let xml = std::fs::read_to_string(&file).expect("it was written");
    let _ = std::fs::remove_file(&file);
    assert_eq!((code, log.as_str()), (Some(0), ""));
    assert!(xml.starts_with("<?xml ") && xml.ends_with("</testsuites>\n"), "{xml}");
    assert!(told.starts_with("ringer check http://127.0.0.1:"), "{told}");
}

#[test]
fn a_signal_cancels_the_rentals_and_ends_with_1() {
    for signal in ["INT", "TERM"] {
        let behind = start(server());
        let url = behind.url();
        let (reached, wait) = std::sync::mpsc::channel();
        let reached = std::sync::Mutex::new(reached);
        // The story of the cancelled rental is told once there are several: signal in the middle.
        let proxy = serve(move |mut stream| {
            let Some(asked) = Asked::read(&mut stream) else { return };
            if asked.is("/getSMS") {
                let _ = reached.lock().expect("no panic").send(());
                std::thread::park_timeout(Duration::from_millis(300));
            }
            let answer = super::stub::forward(&url, &asked);
            let body = answer.json.to_string();
            let head =
                format!("HTTP/1.1 {} x\r\ncontent-length: {}\r\n\r\n", answer.status, body.len());
            let _ = std::io::Write::write_all(&mut stream, (head + &body).as_bytes());
        });
        let mut command = command(&proxy);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        wait.recv().expect("a poll");
        let live = || {
            let all =
                Client::at(&behind.url(), KEY).get(&format!("/__admin/sandboxes/{KEY}/rentals"));
            let all = all.json.as_array().cloned().unwrap_or_default();
            all.iter().filter(|rental| rental["state"] == "live").count()
        };
        assert!(live() > 0, "something is rented when the signal comes");
        let id = child.id().to_string();
        assert!(
            Command::new("kill").args(["-s", signal, &id]).status().expect("kill runs").success()
        );
        let mut log = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut said = String::new();
        log.read_line(&mut said).expect("it is text");
        assert!(said.contains(&format!("SIG{signal}: cancelling the rentals")), "{said}");
        let mut told = String::new();
        child.stdout.take().expect("it is piped").read_to_string(&mut told).expect("it is text");
        assert_eq!(child.wait().expect("it ends").code(), Some(1), "{told}");
        assert!(
            told.contains("interrupted: ") && told.contains("the run was interrupted"),
            "{told}"
        );
        assert_eq!(live(), 0, "{told}");
    }
}

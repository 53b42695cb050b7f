//! `ringer check` as a person types it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::stub::{Asked, change, forward, serve};
use super::{Check, KEY, OTHER_KEY, live_rentals, server, slug};
use crate::process::{ringer, run};
use crate::support::{Client, start};

#[test]
fn a_right_server_ends_with_0_and_the_table() {
    let server = start(server());
    let (code, table, log) = Check::of_everything(&server.url()).with(&["--level", "should"]).run();
    assert_eq!((code, log.as_str()), (Some(0), ""), "{table}");
    assert!(table.contains("\n  ok    rent-returns-e164-number "), "{table}");
    assert!(table.contains(" 0 failed, "), "{table}");
    assert!(!table.contains(KEY) && !table.contains(OTHER_KEY), "{table}");
}

#[test]
fn the_level_decides_whether_a_failed_should_ends_with_1() {
    let behind = start(server());
    let url = change(&behind.url(), |_, mut answer| {
        answer.content_type = "text/html".into();
        answer
    });
    for (level, code) in [("must", 0), ("should", 1)] {
        assert_eq!(Check::of(&url).with(&["--level", level]).run().0, Some(code), "{level}");
    }
    let url = change(&behind.url(), |_, mut answer| {
        answer.json["numbers"] = Value::Null;
        answer
    });
    assert_eq!(Check::of(&url).run().0, Some(1));
}

#[test]
fn each_flag_has_an_environment_variable() {
    let server = start(server());
    let mut check = ringer();
    check.arg("check").env("RINGER_BASE_URL", server.url()).env("RINGER_API_KEY", KEY);
    check.env("RINGER_OTHER_API_KEY", OTHER_KEY).env("RINGER_COUNTRY", "DE");
    check.env("RINGER_SMS_WITHIN", "5s").env("RINGER_CHECK_TIMEOUT", "5s");
    check.env("RINGER_MAX_RENTALS", "3").env("RINGER_CHECK_REPORT", "json");
    check.env("RINGER_LEVEL", "should").env("RINGER_YES", "1").env("RINGER_CA_FILE", "");
    let (code, json, log) = run(check);
    assert_eq!(code, Some(0), "{log}");
    let report: Value = serde_json::from_str(&json).expect("it is JSON, and nothing else");
    assert_eq!(report["rentals"]["made"], 3);
    assert!(log.contains("3 rentals made, 3 cancelled"), "{log}");
    let rented =
        Client::at(&server.url(), KEY).get(&format!("/__admin/sandboxes/{KEY}/rentals")).json;
    assert!(rented.as_array().is_some_and(|all| all.iter().all(|one| one["country"] == "DE")));

    let mut help = ringer();
    help.args(["check", "--help"]);
    for line in run(help).1.lines().filter(|line| line.trim_start().starts_with("--")) {
        assert!(line.contains("[env: RINGER_"), "{line}");
    }
}

#[test]
fn only_the_named_cases_run() {
    let server = start(server());
    let only = ["--only", "rent-succeeds,cancel-succeeds"];
    let report = Check::of(&server.url()).with(&only).report();
    let slugs: Vec<&str> = report.cases().iter().map(slug).collect();
    assert_eq!(slugs, ["rent-succeeds", "cancel-succeeds"]);
    assert_eq!(report.failures(), []);
}

#[test]
fn a_run_in_which_every_case_is_skipped_ends_with_2() {
    let server = start(server());
    let (code, table, log) = Check::of(&server.url()).with(&["--only", "sms-arrives"]).run();
    assert_eq!((code, table.as_str()), (Some(2), ""));
    assert!(log.contains("no case could run: needs SMS"), "{log}");
}

#[test]
fn another_machine_is_left_alone_without_yes() {
    for url in ["https://staging.example.invalid", "http://192.0.2.1:8080/sms"] {
        let (code, table, log) = Check::of(url).run();
        assert_eq!((code, table.as_str()), (Some(2), ""));
        assert!(log.contains("is not this machine") && log.contains("--yes"), "{log}");
    }
    let error = Check::of("https://staging.example.invalid").with(&["--yes"]).setup_error();
    assert!(error.contains("gave no reply to getNumbers"), "{error}");
}

#[test]
fn a_wrong_flag_ends_with_2_and_what_is_right() {
    for (arguments, part) in [
        (["--base-url", "staging.example.com"], "http:// nor https://"),
        (["--base-url", "http://me:secret@localhost"], "must not have a user name or password"),
        (["--base-url", "http://localhost:99999"], "its port is not a number from 1 to 65535"),
        (["--base-url", "http://localhost/?a=b"], "a query or a fragment"),
        (["--api-key", ""], "it is empty"),
        (["--country", "UK"], "GB"),
        (["--timeout", "0s"], "such as 10s"),
        (["--ca-file", "no-such.pem"], "cannot be read"),
        (["--output", "no-such-folder/report.xml"], "a folder that exists"),
        (["--other-api-key", KEY], "the key of another account"),
        (["--report", "xml"], "junit"),
        (["--only", "rent-suceeds"], "did you mean rent-succeeds?"),
    ] {
        let (code, _, log) = Check::of("http://localhost:1").with(&arguments).run();
        assert_eq!(code, Some(2), "{arguments:?}: {log}");
        assert!(log.contains(part), "{arguments:?}: {log}");
    }
}

#[test]
fn the_report_goes_to_a_file_and_the_table_to_stdout() {
    let server = start(server());
    let file = std::env::temp_dir().join(format!("ringer-check-{}.xml", std::process::id()));
    let path = file.to_str().expect("a path");
    let (code, table, log) =
        Check::of(&server.url()).with(&["--report", "junit", "--output", path]).run();
    let xml = std::fs::read_to_string(&file).expect("it was written");
    let _ = std::fs::remove_file(&file);
    assert_eq!((code, log.as_str()), (Some(0), ""));
    assert!(xml.starts_with("<?xml ") && xml.ends_with("</testsuites>\n"), "{xml}");
    assert!(table.starts_with("ringer check http://127.0.0.1:"), "{table}");
}

#[test]
fn a_signal_cancels_the_rentals_and_ends_with_1() {
    for signal in ["INT", "TERM"] {
        let behind = start(server());
        let url = behind.url();
        let (reached, wait) = std::sync::mpsc::channel();
        let reached = std::sync::Mutex::new(reached);
        // The first poll comes when something is rented: signal then.
        let proxy = serve(move |mut stream| {
            let Some(asked) = Asked::read(&mut stream) else { return };
            if asked.is("/getSMS") {
                let _ = reached.lock().expect("no panic").send(());
                std::thread::park_timeout(Duration::from_millis(300));
            }
            forward(&url, &asked).write(&mut stream);
        });
        let mut check = Check::of(&proxy).0;
        let mut child =
            check.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        wait.recv().expect("a poll");
        assert!(live_rentals(&behind.url()) > 0, "something is rented when the signal comes");
        let id = child.id().to_string();
        let kill = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(kill.expect("kill runs").success());
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        stderr.read_line(&mut line).expect("it is text");
        assert!(line.contains(&format!("SIG{signal}: cancelling the rentals")), "{line}");
        let mut table = String::new();
        child.stdout.take().expect("it is piped").read_to_string(&mut table).expect("it is text");
        assert_eq!(child.wait().expect("it ends").code(), Some(1), "{table}");
        assert!(table.contains("interrupted: ") && table.contains("the run was interrupted"));
        assert_eq!(live_rentals(&behind.url()), 0, "{table}");
    }
}

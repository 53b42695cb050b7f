//! A run that tested nothing is red, and so is an untold story for who asks for it.

use std::process::Command;

use serde_json::Value;

use super::{FINE, run_shell};
use crate::process::{ringer, run};

/// `ringer run FLAGS -- sh -c SCRIPT`, as it is without the settings of other tests.
fn strict(flags: &[&str], script: &str) -> Command {
    let mut command = ringer();
    command.arg("run").args(flags).args(["--", "sh", "-c", script]);
    for proxy in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(proxy);
    }
    command
}

#[test]
fn a_command_that_calls_nobody_is_red_and_told_what_to_do() {
    let (code, stdout, told) = run(strict(&["--fail-on", "never"], "true"));
    assert_eq!((code, stdout.as_str()), (Some(1), ""), "{told}");
    let said = "ringer: no request came, so nothing was tested: the command must call RINGER_URL";
    assert!(told.contains(said) && told.contains("--allow-empty"), "{told}");
    assert!(!told.contains("PROXY"), "{told}");
    let mut command = strict(&[], "true");
    command.env("HTTP_PROXY", "http://127.0.0.1:9");
    assert!(run(command).2.contains("HTTP_PROXY is set"));
    // A call of the control API tests nothing.
    let script = "curl -fsS -o /dev/null -X PUT \"$RINGER_ADMIN_URL/sandboxes/mine\" -d {}";
    let (code, _, told) = run(strict(&[], script));
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("no request came"), "{told}");
}

#[test]
fn who_means_it_passes_and_a_command_that_failed_keeps_its_code() {
    let (code, _, told) = run(strict(&["--allow-empty"], "true"));
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("no request came") && !told.contains("--allow-empty"), "{told}");
    let mut command = strict(&[], "true");
    command.env("RINGER_ALLOW_EMPTY", "1");
    assert_eq!(run(command).0, Some(0));
    let (code, _, told) = run(strict(&[], "exit 3"));
    assert_eq!(code, Some(3));
    assert!(told.contains("no request came"), "{told}");
}

#[test]
fn a_client_whose_every_call_misses_is_red_and_told_which_way() {
    for (calls, said) in [
        ("$RINGER_URL/api/getNumbers?api_key=$RINGER_API_KEY", "1 x NOT_FOUND; the paths are /get"),
        ("$RINGER_URL/getNumbers", "1 x MISSING_API_KEY; send RINGER_API_KEY as api_key, in the"),
        ("$RINGER_URL/getNumbers?api_key=k@slowsms", "1 x INVALID_API_KEY; send the api_key that"),
        ("$RINGER_URL/getNumbers?api_key=test_bad", "every call was refused for its api_key, so"),
    ] {
        let (code, _, told) = run(strict(&[], &format!("curl -sS -o /dev/null \"{calls}\"")));
        assert_eq!(code, Some(1), "{calls}: {told}");
        assert!(told.contains(said), "{calls}: {told}");
    }
    // The sandbox of a fixture is there, and no call reaches it.
    let script = "curl -fsS -o /dev/null -X PUT \"$RINGER_ADMIN_URL/sandboxes/mine\" -d {}; \
                  curl -sS -o /dev/null \"$RINGER_URL/getnumbers?api_key=mine\"";
    let (code, _, told) = run(strict(&[], script));
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("no call reached a sandbox, so nothing was tested: 1 request"), "{told}");
    let script = format!("curl -sS -o /dev/null \"$RINGER_URL/getNumbers\"; {FINE}");
    let (code, _, told) = run(strict(&[], &script));
    assert_eq!(code, Some(0), "one good call is a test: {told}");
    assert!(told.contains("1 request reached no sandbox"), "{told}");
}

#[test]
fn junit_and_json_say_too_that_nothing_was_tested() {
    let folder = std::env::temp_dir();
    let place = |name: &str| folder.join(format!("ringer-untested-{}-{name}", std::process::id()));
    let (xml, json) = (place("a.xml"), place("a.json"));
    let mut command = ringer();
    command.args(["run", "--report"]).arg(&xml).arg("--report").arg(&json).args(["--", "true"]);
    assert_eq!(run(command).0, Some(1));
    let read = |path| std::fs::read_to_string(path).expect("it was written");
    let (xml_text, json_text) = (read(&xml), read(&json));
    let _ = (std::fs::remove_file(xml), std::fs::remove_file(json));
    assert!(xml_text.contains("failures=\"1\"") && xml_text.contains("no request came"));
    let all: Value = serde_json::from_str(&json_text).expect("it is JSON");
    assert!(all["untested"].as_str().is_some_and(|why| why.starts_with("no request came")));
}

#[test]
fn an_untold_story_is_told_and_fails_only_who_requires_it() {
    let flags = ["--scenario", "out-of-stock"];
    let (code, _, told) = run(run_shell(&flags, FINE));
    assert_eq!(code, Some(0), "{told}");
    let missing = "No rentNumber call was refused with NO_NUMBERS: rent a number in DE, or three";
    assert!(told.contains("the story has not been told\n") && told.contains(missing), "{told}");
    let strict = [&flags[..], &["--require-story"]].concat();
    let (code, _, told) = run(run_shell(&strict, FINE));
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("the story of 1 sandbox has not been told (--require-story)"), "{told}");
    let rent = "curl -sS -o /dev/null \"$RINGER_URL/rentNumber\" -d api_key=\"$RINGER_API_KEY\" -d country=DE";
    let (code, _, told) = run(run_shell(&strict, rent));
    assert_eq!(code, Some(0), "{told}");
    assert!(!told.contains("has not been told"), "{told}");
}

#[test]
fn a_label_leads_from_every_form_of_the_report_to_the_test() {
    let path = std::env::temp_dir().join(format!("ringer-label-{}.xml", std::process::id()));
    let put = "curl -fsS -o /dev/null -X PUT \"$RINGER_ADMIN_URL/sandboxes/py-1\" \
               -d '{\"label\": \"test_login.py::test_code\"}'; RINGER_API_KEY=py-1";
    let mut command = ringer();
    command.args(["run", "--label", "job 7", "--report"]).arg(&path);
    command.args(["--", "sh", "-c", &format!("{FINE}; {put}; {FINE}")]);
    let (code, _, told) = run(command);
    assert_eq!(code, Some(0), "{told}");
    let xml = std::fs::read_to_string(&path).expect("it was written");
    let _ = std::fs::remove_file(path);
    for title in ["job 7 (ringer-run)", "test_login.py::test_code (py-1)"] {
        assert!(told.contains(&format!("{title} on happy-path")), "{told}");
        assert!(xml.contains(&format!("<testsuite name=\"{title}\" ")), "{xml}");
    }
}

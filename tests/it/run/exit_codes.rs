//! The exit code is the command's, but for what the report says of one that passed.

use super::{ERROR, FINE, INFO, WARNING, run_shell};
use crate::process::{ringer, run};

#[test]
fn the_code_is_that_of_the_command_and_128_more_than_a_signal() {
    for (script, code) in [
        ("true", 0),
        ("exit 1", 1),
        ("exit 2", 2),
        ("exit 255", 255),
        ("kill -s KILL $$", 137),
        ("kill -s TERM $$", 143),
        ("kill -s INT $$", 130),
    ] {
        assert_eq!(run(run_shell(&[], script)).0, Some(code), "{script}");
    }
}

#[test]
fn a_command_that_passed_fails_by_a_finding_of_that_severity_or_a_worse_one() {
    let bars = [&[][..], &["--fail-on", "error"], &["--fail-on", "warning"]];
    let bars = bars.into_iter().chain([&["--fail-on", "info"][..], &["--fail-on", "never"]]);
    let bars: Vec<_> = bars.collect();
    for (script, codes) in [
        (ERROR, [1, 1, 1, 1, 0]),
        (WARNING, [0, 0, 1, 1, 0]),
        (INFO, [0, 0, 0, 1, 0]),
        (FINE, [0, 0, 0, 0, 0]),
    ] {
        for (flags, code) in bars.iter().zip(codes) {
            let (ended, _, told) = run(run_shell(flags, script));
            assert_eq!(ended, Some(code), "{flags:?} {script}: {told}");
            let says =
                told.contains("ringer: the command passed, but its report fails (--fail-on ");
            assert_eq!(says, code == 1, "{flags:?} {script}: {told}");
        }
    }
}

#[test]
fn a_command_that_failed_keeps_its_code_whatever_was_found() {
    for bar in ["error", "warning", "info", "never"] {
        let (code, _, told) = run(run_shell(&["--fail-on", bar], &format!("{ERROR}; exit 7")));
        assert_eq!(code, Some(7), "{told}");
        assert!(told.contains("\n  error: leaked-rental\n"), "{told}");
    }
}

#[test]
fn one_sandbox_of_several_is_enough_to_fail() {
    let script = format!("{FINE}; RINGER_API_KEY=other; {ERROR}; RINGER_API_KEY=third; {FINE}");
    let (code, _, told) = run(run_shell(&[], &script));
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("3 sandboxes: Fail: 1 error, 1 warning.\n"), "{told}");
    assert!(told.contains("\nother on happy-path: Fail: 1 error, 1 warning.\n"), "{told}");
    assert!(told.contains("\n2 of 3 sandboxes pass\n"), "{told}");
}

#[test]
fn the_bar_can_come_from_the_environment_and_a_wrong_one_is_explained() {
    let mut command = run_shell(&[], INFO);
    command.env("RINGER_FAIL_ON", "info");
    assert_eq!(run(command).0, Some(1));

    let (code, stdout, told) = run(run_shell(&["--fail-on", "warnings"], "echo ran"));
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{told}");
    for name in ["error", "warning", "info", "never"] {
        assert!(told.contains(name), "{told}");
    }
}

#[test]
fn a_command_that_cannot_be_run_ends_with_2_and_what_to_do() {
    let cases = [("no-such-command", "check its name and PATH"), ("/", "check its name and PATH")];
    for (name, said) in cases {
        let mut command = ringer();
        command.args(["run", "--report"]);
        let report = std::env::temp_dir().join(format!("ringer-none-{}.md", std::process::id()));
        command.arg(&report).args(["--", name]);
        let (code, stdout, told) = run(command);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{told}");
        assert!(told.contains(&format!("ringer: cannot run {name}: ")), "{told}");
        assert!(told.contains(said), "{told}");
        assert!(!report.exists(), "no report is better than an empty one");
    }
    for arguments in [&["run"][..], &["run", "--"], &["run", "true"]] {
        let mut command = ringer();
        command.args(arguments);
        let (code, _, told) = run(command);
        assert_eq!(code, Some(2), "{arguments:?}: {told}");
        assert!(told.contains("-- <COMMAND>..."), "{arguments:?}: {told}");
    }
}

#[test]
fn a_server_that_cannot_start_ends_with_2_before_the_command_runs() {
    let (code, stdout, told) = run(run_shell(&["--scenario", "slow-sm"], "echo ran"));
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{told}");
    assert!(told.contains("did you mean \"slow-sms\"?"), "{told}");
}

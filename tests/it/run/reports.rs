//! `--report FILE`: its formats, and files that cannot be written.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::{ERROR, FINE, WARNING, run_shell};
use crate::process::{ringer, run};

/// A file for a report, removed at the end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ringer-run-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder of its own");
        Self(folder.join(name))
    }

    fn as_str(&self) -> &str {
        self.0.to_str().expect("it is text")
    }

    fn read(&self) -> String {
        fs::read_to_string(&self.0).expect("it was written")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Two clients; the second leaves a rental behind.
fn two_clients() -> String {
    format!("{FINE}; RINGER_API_KEY=other@slow-sms; {FINE}; {ERROR}")
}

#[test]
fn the_extension_sets_the_format_and_each_file_has_all_sandboxes() {
    let json = Place::new("two.json");
    assert_eq!(run(run_shell(&["--report", json.as_str()], &two_clients())).0, Some(1));
    let text = json.read();
    let all: Value = serde_json::from_str(&text).expect("it is JSON");
    let sandboxes = all["sandboxes"].as_array().expect("a list");
    let of = |scenario: &str| {
        let found = sandboxes.iter().find(|one| one["scenario"] == scenario);
        found.unwrap_or_else(|| panic!("no {scenario}: {all:?}"))
    };
    assert_eq!(sandboxes.len(), 2);
    // The merged report is like any other, money with its decimals.
    assert_eq!(all["findings"], of("slow-sms")["report"]["findings"]);
    assert_eq!(
        (&all["grade"], &of("happy-path")["report"]["grade"]),
        (&"fail".into(), &"pass".into())
    );
    assert_eq!((&all["audit"]["rentals"], &all["audit"]["live"]), (&1.into(), &1.into()));
    assert!(text.contains("\"refunded\": 0.00"), "{text}");
    let met = all["coverage"].as_array().expect("a list");
    let of_both = met.iter().find(|met| met["endpoint"] == "getNumbers").expect("both asked");
    assert_eq!((met.len(), &of_both["count"]), (2, &2.into()), "{met:?}");
    assert_eq!(all["unfired_faults"], Value::Array(Vec::new()));
    assert_eq!(of("happy-path")["report"]["findings"], Value::Array(Vec::new()));
    let bad = of("slow-sms");
    assert_eq!(bad["report"]["findings"][0]["id"], "leaked-rental");
    assert_eq!(bad["report"]["audit"]["live"], 1);
    assert_ne!(bad["api_key"], of("happy-path")["api_key"], "it tells which is which");

    let junit = Place::new("two.xml");
    assert_eq!(run(run_shell(&["--report", junit.as_str()], &two_clients())).0, Some(1));
    let xml = junit.read();
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "), "{xml}");
    assert_eq!(xml.matches("<testsuite name=").count(), 2, "{xml}");
    for scenario in ["slow-sms", "happy-path"] {
        assert!(xml.contains(&format!("name=\"scenario\" value=\"{scenario}\"")), "{xml}");
    }
    assert!(xml.contains("<testsuite name=\"other@slow-sms\" "), "the whole key: {xml}");
    assert!(xml.contains("<testcase name=\"leaked-rental\""), "{xml}");
    assert!(xml.trim_end().ends_with("</testsuites>"), "{xml}");

    let markdown = Place::new("two.md");
    let (_, _, told) = run(run_shell(&["--report", markdown.as_str()], &two_clients()));
    assert!(told.contains(" on slow-sms: Fail: 1 error"), "{told}");
    let text = markdown.read();
    assert!(text.starts_with("# Report of "), "{text}");
    assert!(text.starts_with("# Report of 2 sandboxes: Fail: 1 error"), "{text}");
    assert!(text.contains("## error: leaked-rental"), "{text}");
}

#[test]
fn a_report_is_written_whatever_the_exit_code_and_over_an_older_one() {
    let place = Place::new("again.md");
    fs::write(&place.0, "x".repeat(100_000)).expect("it can be written");
    let mut command = run_shell(&[], &format!("{FINE}; exit 5"));
    command.env("RINGER_RUN_REPORT", place.as_str());
    assert_eq!(run(command).0, Some(5));
    let text = place.read();
    assert!(text.starts_with("# Report of ") && !text.contains("xxx"), "{text}");
}

#[test]
fn a_fault_rule_that_never_fired_is_in_the_report_of_its_sandbox_and_in_the_merged_one() {
    let place = Place::new("unfired.json");
    let options = ["--scenario", "rent-reply-lost", "--report", place.as_str()];
    let two = format!("{FINE}; RINGER_API_KEY=other@rent-reply-lost; {FINE}");
    assert_eq!(run(run_shell(&options, &two)).0, Some(0));
    let all: Value = serde_json::from_str(&place.read()).expect("it is JSON");
    let never = serde_json::json!(["fault_1"]);
    assert_eq!(all["sandboxes"][1]["report"]["unfired_faults"], never, "{all:?}");
    assert_eq!(all["unfired_faults"], never, "{all:?}");
}

#[test]
fn a_report_without_requests_is_well_formed_too() {
    for (name, right) in [("none.json", "\"sandboxes\": []"), ("none.md", "no request came")] {
        let place = Place::new(name);
        assert_eq!(run(run_shell(&["--report", place.as_str()], "true")).0, Some(0));
        assert!(place.read().contains(right), "{}", place.read());
    }
    let place = Place::new("none.xml");
    assert_eq!(run(run_shell(&["--report", place.as_str()], "true")).0, Some(0));
    let xml = place.read();
    assert!(xml.contains("tests=\"0\"") && xml.contains("failures=\"0\""), "{xml}");
}

#[test]
fn a_wrong_extension_and_a_file_that_cannot_be_written_are_refused_before_the_command_runs() {
    let folder = Place::new("folder.json");
    fs::create_dir_all(&folder.0).expect("it can be made");
    for (report, said) in [
        ("report.txt", ".json, .xml (JUnit) and .md are right"),
        ("report", ".json, .xml (JUnit) and .md are right"),
        ("/no/such/folder/report.xml", "a file in a folder that exists"),
        (folder.as_str(), "cannot write the report to "),
    ] {
        let (code, stdout, told) = run(run_shell(&["--report", report], "echo ran"));
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{report}: {told}");
        assert!(told.contains(said) && told.contains(report), "{report}: {told}");
    }
    let _ = fs::remove_dir(&folder.0);
}

#[test]
fn a_folder_that_disappears_while_the_command_runs_is_reported_and_hides_no_failure() {
    for (code, ends) in [(4, 4), (0, 2)] {
        let folder = Place::new(&format!("goes-{code}"));
        fs::create_dir_all(&folder.0).expect("it can be made");
        let report = folder.0.join("report.json");
        let mut command = ringer();
        command.args(["run", "--report"]).arg(&report).args(["--", "sh", "-c"]);
        command.arg(format!("rmdir {} && exit {code}", folder.as_str()));
        let (ended, _, told) = run(command);
        assert_eq!(ended, Some(ends), "{told}");
        assert!(told.contains("cannot write the report to "), "{told}");
        assert!(told.contains("no request came"), "the report is told all the same: {told}");
    }
}

#[test]
fn a_sandbox_that_is_reset_between_tests_has_a_report_for_each_life() {
    let reset = "curl -fsS -o /dev/null -X POST $RINGER_ADMIN_URL/sandboxes/$RINGER_API_KEY/reset";
    let remove = "curl -fsS -o /dev/null -X DELETE $RINGER_ADMIN_URL/sandboxes/$RINGER_API_KEY";
    let anew = "curl -fsS -o /dev/null -X PUT $RINGER_ADMIN_URL/sandboxes/$RINGER_API_KEY -d {}";
    for again in [reset, remove, anew] {
        let script = format!("{ERROR}; {again}; {FINE}; {reset}");
        let (code, _, told) = run(run_shell(&[], &script));
        assert_eq!(code, Some(1), "what was reset away is not forgiven: {told}");
        assert!(told.contains("ringer-run, life 1 of 2 on happy-path: Fail: "), "{told}");
        assert!(told.contains("\n1 of 2 sandboxes pass\n"), "{told}");
    }
}

#[test]
fn requests_that_reached_no_sandbox_are_counted_by_their_errors() {
    let script = "curl -s \"$RINGER_URL/getNumbers?api_key=live_abc\" \"$RINGER_URL/getNumbers\" \
        \"$RINGER_URL/getNumbers?api_key=k@slowsms\"";
    let place = Place::new("unrouted.md");
    let (code, _, told) = run(run_shell(&["--report", place.as_str()], script));
    assert_eq!(code, Some(0), "{told}");
    let said = "3 requests reached no sandbox: 1 x MISSING_API_KEY, 2 x INVALID_API_KEY";
    assert!(told.contains(said) && place.read().contains(said), "{told}");
    assert!(!told.contains("no request came"), "{told}");
}

#[test]
fn fail_on_decides_which_cases_of_junit_fail_and_each_sandbox_has_its_own_cases() {
    let client = format!("{WARNING}; RINGER_API_KEY=other; {FINE}");
    for (bar, failures) in [("error", 0), ("warning", 1), ("never", 0)] {
        let (xml, md) = (Place::new(&format!("{bar}.xml")), Place::new(&format!("{bar}.md")));
        let flags = ["--fail-on", bar, "--report", xml.as_str(), "--report", md.as_str()];
        let (code, _, told) = run(run_shell(&flags, &client));
        assert_eq!(code, Some(i32::from(failures > 0)), "{bar}: {told}");
        let xml = xml.read();
        assert_eq!(xml.matches("<failure ").count(), failures, "{bar}: {xml}");
        for (name, class) in
            [("error-hot-loop", "ringer-run"), ("no-findings", "other"), ("story", "other")]
        {
            let case = format!("<testcase name=\"{name}\" classname=\"ringer.{class}\" ");
            assert_eq!(xml.matches(&case).count(), 1, "{xml}");
        }
        assert!(md.read().starts_with("# Report of "), "both are written");
    }
}

#[test]
fn a_finding_that_the_clock_makes_impossible_to_judge_is_named() {
    let place = Place::new("clock.xml");
    let flags = ["--clock", "per_poll:4s", "--report", place.as_str()];
    let (_, _, told) = run(run_shell(&flags, FINE));
    let said = "Not judged, since the clock stood still between the calls: poll-too-fast, \
                retry-after-ignored.";
    assert!(told.contains(said), "{told}");
    let xml = place.read();
    assert!(xml.contains(said), "{xml}");
    let (_, _, told) = run(run_shell(&[], FINE));
    assert!(!told.contains("Not judged"), "{told}");
}

#[test]
fn ninety_six_sandboxes_make_a_screenful_and_the_files_have_them_all() {
    let (xml, md) = (Place::new("many.xml"), Place::new("many.md"));
    // Every third leaves a rental behind.
    let script = "for i in $(seq 96); do
        echo url=$RINGER_URL/getNumbers?api_key=key-$i; echo output=/dev/null
        [ $((i % 3)) = 0 ] && { echo next; echo url=$RINGER_URL/rentNumber
        echo data=api_key=key-$i\\&country=US; echo output=/dev/null; }
        echo next
    done > curl-$$.txt; echo url=$RINGER_URL/getNumbers?api_key=key-1 >> curl-$$.txt
    echo output=/dev/null >> curl-$$.txt; curl -sS -K curl-$$.txt; rm curl-$$.txt";
    let mut command = run_shell(&["--report", xml.as_str(), "--report", md.as_str()], script);
    command.current_dir(std::env::temp_dir());
    let (code, _, told) = run(command);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("96 sandboxes: Fail: 32 errors"), "{told}");
    assert!(told.contains("\n64 of 96 sandboxes pass\n"), "{told}");
    assert!(told.contains("\n  error: leaked-rental (32 times)\n"), "{told}");
    assert!(told.contains("\n    and 29 more\n"), "{told}");
    assert!(told.contains("\n  the story has not been told (96 sandboxes)\n"), "{told}");
    assert!(told.lines().count() <= 50, "{} lines: {told}", told.lines().count());
    let page = md.read();
    assert!(page.contains("## error: leaked-rental (32 times)\n"), "{page}");
    assert!(page.lines().count() <= 90, "{} lines: {page}", page.lines().count());
    let xml = xml.read();
    assert_eq!(xml.matches("<testsuite name=\"key-").count(), 96);
    assert_eq!(xml.matches("<testcase name=\"leaked-rental\"").count(), 32);
}

//! The four formats of the report.

use std::process::Command;

use ringer::Server;
use serde_json::Value;

use super::stub::change;
use super::{Check, KEY, Report, server, slug};
use crate::support::start;

/// A server that repeats the key, sends what markup would choke on, and fails at both levels.
fn failing_server() -> (Server, String) {
    let behind = start(server());
    let url = change(&behind.url(), |asked, mut answer| {
        if asked.is("/rentNumber") && answer.is_success() {
            answer.json["expires_at"] = format!("<&\"'|`{KEY}\u{1b}]]>").into();
        }
        if !answer.is_success() {
            answer.status = 200;
        }
        answer
    });
    (behind, url)
}

/// The reports of a failing server in these formats.
fn reports<const N: usize>(formats: [&str; N]) -> [String; N] {
    let (_behind, url) = failing_server();
    formats.map(|format| Check::of(&url).with(&["--report", format]).run().1)
}

fn parse(json: &str) -> Report {
    Report(serde_json::from_str(json).expect("it is JSON"))
}

#[test]
fn every_format_has_all_cases_and_none_shows_the_key() {
    let reports = reports(["json", "table", "junit", "markdown"]);
    let report = parse(&reports[0]);
    assert!(!report.failed("must").is_empty() && !report.failed("should").is_empty());
    for text in &reports {
        for slug in report.cases().iter().map(slug) {
            assert!(text.contains(slug), "{slug} is missing in {text}");
        }
        assert!(!text.contains(KEY), "{text}");
        assert!(text.contains("RINGER_API_KEY"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn the_table_shows_how_to_repeat_a_failure() {
    let [table] = reports(["table"]);
    let (_, failure) =
        table.split_once("\nFAIL rent-returns-expires-at (must)").expect("it failed");
    for part in [
        "says      the documentation: \"expires_at\": \"2023-06-15T15:30:45Z\"",
        "expected  expires_at: RFC 3339",
        "actual    expires_at: \"<&",
        "again     curl -s http://127.0.0.1:",
        r#"-d '{"api_key":"'"$RINGER_API_KEY"'","country":"US"}'"#,
    ] {
        assert!(failure.contains(part), "{part} is missing in {failure}");
    }
    let count = |mark: &str| table.lines().filter(|line| line.starts_with(mark)).count();
    let (passed, skipped) = (count("  ok  "), count("  skip"));
    let summary = format!("{passed} passed, 1 failed at must, 1 at should, {skipped} skipped; ");
    assert!(table.lines().last().is_some_and(|line| line.starts_with(&summary)), "{table}");
    assert!(!table.contains("NOT CANCELLED") && !table.contains("LOST"), "{table}");
}

#[test]
fn the_curl_line_of_a_failure_repeats_it() {
    let behind = start(server());
    let url = change(&behind.url(), |asked, mut answer| {
        if asked.is("/rentNumber") && answer.is_success() {
            answer.json["expires_at"] = "tomorrow".into();
        }
        answer
    });
    let report = Check::of(&url).report();
    let request = &report.case("rent-returns-expires-at")["failure"]["request"];
    let mut shell = Command::new("sh");
    shell.args(["-c", request.as_str().expect("a command")]).env("RINGER_API_KEY", KEY);
    let output = shell.output().expect("curl runs");
    let reply: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!((&reply["status"], &reply["expires_at"]), (&"success".into(), &"tomorrow".into()));
}

#[test]
fn junit_counts_failures_at_the_level_and_skips() {
    let (_behind, url) = failing_server();
    for (level, failures) in [("must", 1), ("should", 2)] {
        let (_, xml, _) = Check::of(&url).with(&["--report", "junit", "--level", level]).run();
        let count = |element: &str| xml.matches(element).count();
        let (tests, skipped) = (count("<testcase "), count("<skipped "));
        assert!(tests > 90 && skipped > 10, "{tests} tests, {skipped} skipped");
        assert_eq!(count("<failure "), failures, "{xml}");
        let head = xml.lines().find(|line| line.starts_with("<testsuites ")).expect("a head");
        for count in [
            format!(r#" tests="{tests}""#),
            format!(r#" failures="{failures}""#),
            format!(r#" skipped="{skipped}""#),
            r#" errors="0""#.to_owned(),
        ] {
            assert!(head.contains(&count), "{count} is missing in {head}");
        }
        assert!(!xml.contains("<&") && !xml.contains('\u{1b}'), "{xml}");
    }
}

#[test]
fn json_has_the_outcome_of_each_case_and_the_counts() {
    let report = parse(&reports(["json"])[0]);
    let counts = &report.0["counts"];
    assert_eq!(counts["passed"], report.passed());
    assert_eq!(counts["skipped"], report.skips().len());
    assert_eq!((&counts["failed_must"], &counts["failed_should"]), (&1.into(), &1.into()));
    assert!(report.rentals().0 > 0 && report.not_cancelled().is_empty());
    let case = report.case("rent-returns-expires-at");
    assert_eq!((&case["outcome"], &case["level"]), (&"failed".into(), &"must".into()));
    assert!(case["failure"]["request"].as_str().is_some_and(|line| line.starts_with("curl ")));
}

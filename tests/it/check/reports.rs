//! The report in its four forms.

use ringer::check::report::{json, junit, left_behind, markdown, table};
use ringer::check::{Level, Run, cases};
use serde_json::Value;

use super::stub::change;
use super::{KEY, checked, options, server};
use crate::support::start;

/// A run with cases that passed, failed at both levels, and were skipped; the server repeats the
/// key, and says what markup would choke on.
fn mixed() -> Run {
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
    checked(&options(&url))
}

#[test]
fn every_form_tells_all_cases_and_none_shows_the_key() {
    let run = mixed();
    assert!(run.failed(Level::Must).count() > 0 && run.failed(Level::Should).count() > 0);
    let forms = [
        table::write(&run),
        junit::write(&run, Level::Must),
        json::write(&run),
        markdown::write(&run),
    ];
    for text in forms {
        for case in cases::all() {
            assert!(text.contains(case.slug), "{} is missing in {text}", case.slug);
        }
        assert!(!text.contains(KEY), "{text}");
        assert!(text.contains("RINGER_API_KEY"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn the_table_says_of_a_failure_all_that_is_needed_to_see_it_again() {
    let run = mixed();
    let text = table::write(&run);
    let (_, told) = text.split_once("\nFAIL rent-returns-expires-at (must)").expect("it failed");
    for part in [
        "says      the documentation: \"expires_at\": \"2023-06-15T15:30:45Z\"",
        "expected  expires_at: RFC 3339",
        "actual    expires_at: \"<&",
        "again     curl -s 'http://127.0.0.1:",
        r#"-d '{"api_key":"'"$RINGER_API_KEY"'","country":"US"}'"#,
    ] {
        assert!(told.contains(part), "{part} is missing in {told}");
    }
    let last = text.lines().last().expect("a last line");
    let counts = format!(
        "{} passed, 1 failed at must, 1 at should, {} skipped; ",
        run.passed(),
        run.skipped()
    );
    assert!(last.starts_with(&counts), "{last} is not {counts}");
    assert!(
        last.contains(&format!("{0} rentals made, {0} cancelled; cost ", run.rentals.made)),
        "{last}"
    );
    assert_eq!(left_behind(&run), [] as [String; 0]);
}

#[test]
fn the_curl_line_of_a_failure_shows_it_again() {
    let behind = start(server());
    let url = change(&behind.url(), |asked, mut answer| {
        if asked.is("/rentNumber") && answer.is_success() {
            answer.json["expires_at"] = "tomorrow".into();
        }
        answer
    });
    let run = checked(&options(&url));
    let result = run.result("rent-returns-expires-at").expect("it is a case");
    let request = &result.failure().expect("it failed").request;
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", request]).env("RINGER_API_KEY", KEY);
    let output = shell.output().expect("curl runs");
    let reply: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!((&reply["status"], &reply["expires_at"]), (&"success".into(), &"tomorrow".into()));
}

#[test]
fn junit_counts_what_fails_at_the_level_and_what_is_skipped() {
    let run = mixed();
    for (level, failures) in [(Level::Must, 1), (Level::Should, 2)] {
        let xml = junit::write(&run, level);
        let (tests, skipped) = (run.results.len(), run.skipped());
        let head =
            format!(r#"tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}""#);
        assert!(xml.lines().nth(1).is_some_and(|line| line.contains(&head)), "{xml}");
        assert_eq!(xml.matches("<failure ").count(), failures, "{xml}");
        assert_eq!(xml.matches("<skipped ").count(), skipped);
        assert_eq!(xml.matches("<testcase ").count(), tests);
        for name in ["testsuites", "testsuite", "testcase", "failure", "system-out"] {
            let opened = xml.matches(&format!("<{name} ")).count()
                + xml.matches(&format!("<{name}>")).count();
            let empty = xml
                .lines()
                .filter(|line| line.starts_with(&format!("<{name} ")) && line.ends_with("/>"));
            assert_eq!(
                opened - empty.count(),
                xml.matches(&format!("</{name}>")).count(),
                "{name}"
            );
        }
        assert!(!xml.contains("<&") && !xml.contains("]]>\""), "{xml}");
    }
}

#[test]
fn json_has_the_outcome_of_each_case_and_the_numbers() {
    let run = mixed();
    let report: Value = serde_json::from_str(&json::write(&run)).expect("it is JSON");
    assert_eq!(report["cases"].as_array().map(Vec::len), Some(run.results.len()));
    assert_eq!(report["counts"]["passed"], run.passed());
    assert_eq!(report["counts"]["failed_must"], 1);
    assert_eq!(report["rentals"]["made"], run.rentals.made);
    assert_eq!(report["rentals"]["not_cancelled"], Value::Array(Vec::new()));
    let failed = report["cases"].as_array().expect("a list");
    let failed =
        failed.iter().find(|case| case["slug"] == "rent-returns-expires-at").expect("it is there");
    assert_eq!((&failed["outcome"], &failed["level"]), (&"failed".into(), &"must".into()));
    assert!(failed["failure"]["request"].as_str().is_some_and(|line| line.starts_with("curl ")));
}

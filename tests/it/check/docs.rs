//! docs/check.md cannot drift.

use serde_json::Value;

use super::stub::change;
use super::{Check, server, slug};
use crate::docs::{holds_in, run_lines_of};
use crate::process::{ringer, run};
use crate::support::start;

const PAGE: &str = "docs/check.md";

#[test]
fn the_list_of_cases_is_that_of_the_code() {
    let server = start(server());
    let report = Check::of(&server.url()).with(&["--read-only"]).report();
    let escaped =
        |value: &Value| value.as_str().map(|text| text.replace('[', "\\[").replace(']', "\\]"));
    let mut subjects: Vec<&str> = Vec::new();
    for case in report.cases() {
        let subject = case["subject"].as_str().expect("a subject");
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    let mut right = String::new();
    for subject in subjects {
        right += &format!(
            "\n### {subject}\n\n| case | level | what is right | based on |\n|---|---|---|---|\n"
        );
        for case in report.cases().iter().filter(|case| case["subject"] == subject) {
            let ruling = || Some(format!("our ruling: {}", escaped(&case["ruling"])?));
            let basis = escaped(&case["documentation"]).or_else(ruling).expect("a requirement");
            let (slug, level) = (slug(case), case["level"].as_str().expect("a level"));
            let title = escaped(&case["title"]).expect("a title");
            right += &format!("| `{slug}` | {level} | {title} | {basis} |\n");
        }
    }
    holds_in(PAGE, "cases", right.trim_start());
}

#[test]
fn the_flags_are_those_of_the_command_line() {
    let mut help = ringer();
    help.args(["check", "--help"]);
    holds_in(PAGE, "flags", &format!("```text\n{}\n```\n", run(help).1.trim_end()));
}

#[test]
fn the_failure_that_is_shown_is_one_that_was_printed() {
    let behind = start(server());
    let url = change(&behind.url(), |asked, mut answer| {
        if asked.is("/rentNumber") && answer.is_success() {
            answer.json["number"] = "4155552671".into();
        }
        answer
    });
    let (_, table, _) = Check::of(&url).with(&["--only", "rent-returns-e164-number"]).run();
    let table = table.replace(&url, "http://127.0.0.1:8080");
    let (_, failure) = table.split_once("\n\nFAIL").expect("it failed");
    let (failure, _) = failure.split_once("\n\n").expect("the summary follows");
    holds_in(PAGE, "failure", &format!("```text\nFAIL{failure}\n```\n"));
}

#[test]
fn the_lines_that_check_ringer_itself_end_well() {
    let output = run_lines_of(PAGE, "itself", &[]);
    assert!(output.contains(" 0 failed, "), "{output}");
}

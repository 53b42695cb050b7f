//! docs/check.md cannot drift.

use std::process::Command;

use ringer::check::case::{Requirement, Subject};
use ringer::check::cases;
use ringer::check::escape;
use ringer::check::report::table;

use super::stub::change;
use super::{checked, options, server};
use crate::readme::{holds_in, run_lines_of};
use crate::support::start;

const PAGE: &str = "docs/check.md";

#[test]
fn the_list_of_cases_is_that_of_the_code() {
    let mut right = String::new();
    for subject in Subject::ALL {
        right += &format!(
            "\n### {}\n\n| case | level | what is right | stands on |\n|---|---|---|---|\n",
            subject.as_str()
        );
        for case in cases::all().into_iter().filter(|case| case.subject == subject) {
            let basis = match case.basis {
                Requirement::Documentation(text) => escape::markdown(text),
                Requirement::Ruling(text) => format!("our ruling: {}", escape::markdown(text)),
            };
            right += &format!(
                "| `{}` | {} | {} | {basis} |\n",
                case.slug,
                case.level.as_str(),
                escape::markdown(case.title)
            );
        }
    }
    holds_in(PAGE, "cases", right.trim_start());
}

#[test]
fn the_flags_are_those_of_the_command_line() {
    let help = Command::new(env!("CARGO_BIN_EXE_ringer")).args(["check", "--help"]).output();
    let help = String::from_utf8(help.expect("it runs").stdout).expect("it is text");
    holds_in(PAGE, "flags", &format!("```text\n{}\n```\n", help.trim_end()));
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
    let mut options = options(&url);
    options.only = vec!["rent-returns-e164-number"];
    let told = table::write(&checked(&options)).replace(&url, "http://127.0.0.1:8080");
    let (_, told) = told.split_once("\n\nFAIL").expect("it failed");
    let (told, _) = told.split_once("\n\n").expect("the numbers follow");
    holds_in(PAGE, "failure", &format!("```text\nFAIL{told}\n```\n"));
}

#[test]
fn the_lines_that_check_ringer_itself_end_well() {
    let told = run_lines_of(PAGE, "itself", &[]);
    assert!(told.contains(" 0 failed, "), "{told}");
}

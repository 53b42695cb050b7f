//! A run as CI servers read it: a suite a subject, a case each.

use std::fmt::Write;

use super::{left_behind, summary};
use crate::check::case::CaseResult;
use crate::check::case::{Level, Subject};
use crate::check::case_outcome::CaseOutcome;
use crate::check::run::Run;
use crate::domain::escape::xml;

/// Writes it. A case below `level` that fails does not fail the suite; its failure stands in its
/// output.
#[must_use]
pub fn write(run: &Run, level: Level) -> String {
    let all: Vec<&CaseResult> = run.results.iter().collect();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ringer check\" {}>\n",
        counts(&all, level)
    );
    for subject in Subject::ALL {
        let of = |result: &&&CaseResult| result.case.subject == subject;
        let results: Vec<&CaseResult> = all.iter().filter(of).copied().collect();
        let _ = writeln!(
            text,
            "<testsuite name=\"ringer check: {}\" {}>",
            subject.as_str(),
            counts(&results, level)
        );
        for result in results {
            text += &case(result, level);
        }
        if subject == Subject::Protocol {
            let mut said = left_behind(run);
            said.push(summary(run));
            let _ = writeln!(text, "<system-out>{}</system-out>", xml(&said.join("\n")));
        }
        text += "</testsuite>\n";
    }
    text + "</testsuites>\n"
}

fn fails(result: &CaseResult, level: Level) -> bool {
    result.failure().is_some() && result.case.level <= level
}

fn counts(results: &[&CaseResult], level: Level) -> String {
    let failures = results.iter().filter(|result| fails(result, level)).count();
    let is_skipped = |result: &&&CaseResult| matches!(result.outcome, CaseOutcome::Skipped(_));
    let skipped = results.iter().filter(is_skipped).count();
    let tests = results.len();
    format!(r#"tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}" time="0""#)
}

fn case(result: &CaseResult, level: Level) -> String {
    let case = &result.case;
    let (slug, class) = (case.slug, case.subject.as_str());
    let open = format!(r#"<testcase name="{slug}" classname="ringer.check.{class}" time="0""#);
    match &result.outcome {
        CaseOutcome::Passed => format!("{open}/>\n"),
        CaseOutcome::Skipped(why) => {
            format!("{open}>\n<skipped message=\"{}\"/>\n</testcase>\n", xml(why))
        }
        CaseOutcome::Failed(failure) => {
            let told = format!(
                "{} ({})\n{}\nexpected: {}\nactual: {}\n{}",
                case.title,
                case.level.as_str(),
                case.basis,
                failure.expected,
                failure.actual,
                failure.request
            );
            let told = xml(&told);
            let body = match fails(result, level) {
                true => {
                    let message = xml(&format!("expected {}", failure.expected));
                    let kind = case.level.as_str();
                    format!("<failure type=\"{kind}\" message=\"{message}\">{told}</failure>")
                }
                false => format!("<system-out>{told}</system-out>"),
            };
            format!("{open}>\n{body}\n</testcase>\n")
        }
    }
}

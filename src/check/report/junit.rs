//! A run as JUnit XML: a suite for each subject.

use strum::VariantArray;

use super::{left_behind, summary};
use crate::check::case::{CaseResult, Level, Subject};
use crate::check::case_outcome::CaseOutcome;
use crate::check::run::Run;
use crate::junit;

/// A failure of a case less binding than `level` goes to its output and does not fail the suite.
pub(crate) fn write(run: &Run, level: Level) -> String {
    let suites = Subject::VARIANTS.iter().map(|subject| {
        let results = run.results.iter().filter(|result| result.case.subject == *subject);
        let cases = results.map(|result| case(result, level));
        junit::test_suite(&format!("ringer check: {subject}"), cases)
    });
    let mut suites: Vec<_> = suites.collect();
    if let Some(last) = suites.last_mut() {
        let mut output = left_behind(run);
        output.push(summary(run));
        last.set_system_out(junit::text(&output.join("\n")));
    }
    junit::document("ringer check", suites)
}

fn case(result: &CaseResult, level: Level) -> quick_junit::TestCase {
    let case = &result.case;
    let mut output = None;
    let status = match &result.outcome {
        CaseOutcome::Passed => junit::passed(),
        CaseOutcome::Skipped(why) => junit::skipped(why),
        CaseOutcome::Failed(failure) => {
            let details = format!(
                "{} ({})\n{}\nexpected: {}\nactual: {}\n{}",
                case.title,
                case.level,
                case.requirement,
                failure.expected,
                failure.actual,
                failure.request
            );
            if result.fails_at(level) {
                let message = format!("expected {}", failure.expected);
                junit::failed(&case.level.to_string(), &message, &details)
            } else {
                output = Some(junit::text(&details));
                junit::passed()
            }
        }
    };
    let class = format!("ringer.check.{}", case.subject);
    let mut test_case = junit::test_case(&class, case.slug, status);
    if let Some(output) = output {
        test_case.set_system_out(output);
    }
    test_case
}

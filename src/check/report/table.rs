//! A run as a person reads it at a terminal.

use std::fmt::Write;

use super::{left_behind, summary};
use crate::check::case::CaseResult;
use crate::check::case::Subject;
use crate::check::case_outcome::CaseOutcome;
use crate::check::run::Run;

/// Writes it: the cases by subject, then what failed, then the numbers.
#[must_use]
pub fn write(run: &Run) -> String {
    let mut text = format!("ringer check {}\n", run.base_url);
    let width = run.results.iter().map(|result| result.case.slug.len()).max().unwrap_or(0);
    for subject in Subject::ALL {
        let results = run.results.iter().filter(|result| result.case.subject == subject);
        let mut results = results.peekable();
        if results.peek().is_some() {
            let _ = writeln!(text, "\n{}", subject.as_str());
        }
        for result in results {
            let _ = writeln!(text, "{}", line(result, width));
        }
    }
    for result in &run.results {
        text += &failure(result);
    }
    text.push('\n');
    for sentence in left_behind(run) {
        let _ = writeln!(text, "{sentence}");
    }
    let _ = writeln!(text, "{}", summary(run));
    text
}

fn line(result: &CaseResult, width: usize) -> String {
    let (case, slug) = (&result.case, result.case.slug);
    let (mark, rest) = match &result.outcome {
        CaseOutcome::Passed => ("  ok  ", case.title.to_owned()),
        CaseOutcome::Failed(_) => ("  FAIL", format!("{} ({})", case.title, case.level.as_str())),
        CaseOutcome::Skipped(why) => ("  skip", why.clone()),
    };
    format!("{mark}  {slug:width$}  {rest}")
}

/// What a failure is, in all that is known of it; empty for what did not fail.
fn failure(result: &CaseResult) -> String {
    let Some(failure) = result.failure() else { return String::new() };
    let case = &result.case;
    let mut text = format!(
        "\nFAIL {} ({}): {}\n  says      {}\n  expected  {}\n  actual    {}\n",
        case.slug,
        case.level.as_str(),
        case.title,
        case.basis,
        failure.expected,
        failure.actual,
    );
    if !failure.request.is_empty() {
        let _ = writeln!(text, "  again     {}", failure.request);
    }
    text
}

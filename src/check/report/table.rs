//! A run as a table for the terminal.

use std::fmt::Write;

use strum::VariantArray;

use super::{left_behind, summary};
use crate::check::case::{CaseResult, Subject};
use crate::check::case_outcome::CaseOutcome;
use crate::check::run::Run;

/// Writes the cases by subject, then the failures, then the summary.
pub(crate) fn write(run: &Run) -> String {
    let mut text = format!("ringer check {}\n", run.base_url);
    let width = run.results.iter().map(|result| result.case.slug.len()).max().unwrap_or(0);
    for subject in Subject::VARIANTS {
        let results = run.results.iter().filter(|result| result.case.subject == *subject);
        let lines: Vec<String> = results.map(|result| line(result, width)).collect();
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{}\n{}", subject, lines.join("\n"));
        }
    }
    for result in &run.results {
        text += &failure(result).unwrap_or_default();
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
        CaseOutcome::Failed(_) => ("  FAIL", format!("{} ({})", case.title, case.level)),
        CaseOutcome::Skipped(why) => ("  skip", why.clone()),
    };
    format!("{mark}  {slug:width$}  {rest}")
}

fn failure(result: &CaseResult) -> Option<String> {
    let (failure, case) = (result.failure()?, &result.case);
    let mut text = format!(
        "\nFAIL {} ({}): {}\n  says      {}\n  expected  {}\n  actual    {}\n",
        case.slug, case.level, case.title, case.requirement, failure.expected, failure.actual,
    );
    if !failure.request.is_empty() {
        let _ = writeln!(text, "  again     {}", failure.request);
    }
    Some(text)
}

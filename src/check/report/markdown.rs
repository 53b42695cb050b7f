//! A run as markdown, for a comment on a change or an e-mail to the partner.

use std::fmt::Write;

use super::{left_behind, summary};
use crate::check::case::Level;
use crate::check::case_outcome::CaseOutcome;
use crate::check::run::Run;
use crate::domain::escape::markdown as escape;

pub(crate) fn write(run: &Run) -> String {
    let verdict = match (run.failed(Level::Must), run.failed(Level::Should)) {
        _ if run.is_interrupted => "Interrupted",
        (0, 0) => "Fine",
        (0, _) => "As documented, but not as careful as it should be",
        _ => "Not as documented",
    };
    let server = escape(&run.base_url.to_string());
    let mut text = format!("# Check of {server}\n\n**{verdict}**. {}.\n", escape(&summary(run)));
    for sentence in left_behind(run) {
        let _ = writeln!(text, "\n**{}**", escape(&sentence));
    }
    for result in &run.results {
        let Some(failure) = result.failure() else { continue };
        let case = &result.case;
        let _ = write!(
            text,
            "\n## {}: {}\n\n{}.\n\n- {}\n- expected: {}\n- actual: {}\n\n```sh\n{}\n```\n",
            case.level,
            case.slug,
            escape(case.title),
            escape(&case.requirement.to_string()),
            escape(&failure.expected),
            escape(&failure.actual),
            failure.request.replace("```", "` ` `"),
        );
    }
    text += "\n## Cases\n\n| case | level | outcome |\n|---|---|---|\n";
    for result in &run.results {
        let outcome = match &result.outcome {
            CaseOutcome::Passed => "passed".to_owned(),
            CaseOutcome::Failed(_) => "**failed**".to_owned(),
            CaseOutcome::Skipped(why) => format!("skipped: {}", escape(why)),
        };
        let case = &result.case;
        let _ = writeln!(text, "| `{}` | {} | {outcome} |", case.slug, case.level);
    }
    text
}

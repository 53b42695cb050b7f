//! A run as JSON.

use serde_json::{Value, json};

use crate::check::case::{CaseResult, Level, Requirement};
use crate::check::case_outcome::CaseOutcome;
use crate::check::run::Run;

/// Writes an object: `base_url`, `interrupted`, `counts`, `rentals`, `cases`.
pub(crate) fn write(run: &Run) -> String {
    let report = json!({
        "base_url": run.base_url.to_string(),
        "interrupted": run.is_interrupted,
        "counts": {
            "passed": run.passed(),
            "failed_must": run.failed(Level::Must),
            "failed_should": run.failed(Level::Should),
            "skipped": run.skipped(),
        },
        "rentals": run.rentals,
        "cases": run.results.iter().map(case).collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

fn case(result: &CaseResult) -> Value {
    let case = &result.case;
    let outcome = match &result.outcome {
        CaseOutcome::Passed => "passed",
        CaseOutcome::Failed(_) => "failed",
        CaseOutcome::Skipped(_) => "skipped",
    };
    let (documentation, ruling) = match case.requirement {
        Requirement::Documentation(text) => (Some(text), None),
        Requirement::Ruling(text) => (None, Some(text)),
    };
    json!({
        "slug": case.slug,
        "subject": case.subject,
        "level": case.level,
        "title": case.title,
        "documentation": documentation,
        "ruling": ruling,
        "outcome": outcome,
        "failure": result.failure(),
        "skipped": result.skipped(),
    })
}

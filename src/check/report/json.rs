//! A run as a program reads it.

use serde_json::{Value, json};

use crate::check::case::CaseResult;
use crate::check::case::{Level, Requirement};
use crate::check::case_outcome::CaseOutcome;
use crate::check::run::Run;

/// Writes it as an object: `base_url`, `cases`, `counts`, `rentals`, `interrupted`.
#[must_use]
pub fn write(run: &Run) -> String {
    let left =
        run.rentals.left.iter().map(
            |left| json!({"rental_id": left.rental_id, "number": left.number, "why": left.why}),
        );
    let report = json!({
        "base_url": run.base_url.to_string(),
        "interrupted": run.is_interrupted,
        "counts": {
            "passed": run.passed(),
            "failed_must": run.failed(Level::Must).count(),
            "failed_should": run.failed(Level::Should).count(),
            "skipped": run.skipped(),
        },
        "rentals": {
            "made": run.rentals.made,
            "cancelled": run.rentals.cancelled,
            "not_cancelled": left.collect::<Vec<_>>(),
            "lost": run.rentals.lost,
            "cost": run.rentals.cost,
        },
        "cases": run.results.iter().map(case).collect::<Vec<_>>(),
    });
    // A value of ours can always be written.
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

fn case(result: &CaseResult) -> Value {
    let case = &result.case;
    let (outcome, failure, why) = match &result.outcome {
        CaseOutcome::Passed => ("passed", None, None),
        CaseOutcome::Failed(failure) => ("failed", Some(failure), None),
        CaseOutcome::Skipped(why) => ("skipped", None, Some(why)),
    };
    let (documentation, ruling) = match case.basis {
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
        "failure": failure,
        "skipped": why,
    })
}

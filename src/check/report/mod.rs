//! A run written down, for people and for machines. No report shows a key.

pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod markdown;
pub(crate) mod table;

use super::case::Level;
use super::run::Run;

/// The cases, the rentals and the cost in one line, without a full stop.
pub(crate) fn summary(run: &Run) -> String {
    let rentals = &run.rentals;
    let failed = match (run.failed(Level::Must), run.failed(Level::Should)) {
        (0, 0) => "0 failed".to_owned(),
        (must, should) => format!("{must} failed at must, {should} at should"),
    };
    let interrupted = if run.is_interrupted { "interrupted: " } else { "" };
    let plural = if rentals.made == 1 { "" } else { "s" };
    let cost = rentals.cost.map_or("unknown".to_owned(), |cost| format!("{cost} USD"));
    let lost = if rentals.lost.is_empty() { "" } else { ", and what was lost" };
    format!(
        "{interrupted}{} passed, {failed}, {} skipped; {} rental{plural} made, {} cancelled; \
         cost {cost}{lost}",
        run.passed(),
        run.skipped(),
        rentals.made,
        rentals.cancelled,
    )
}

/// What still costs somebody money, a sentence each.
fn left_behind(run: &Run) -> Vec<String> {
    let left = run.rentals.not_cancelled.iter().map(|left| {
        let (id, number, why) = (&left.rental_id, &left.number, &left.why);
        format!("NOT CANCELLED: {id} ({number}): {why}")
    });
    let lost = run.rentals.lost.iter().map(|request| {
        format!(
            "LOST: this request may have made a rental whose id never arrived, so it was not \
             cancelled: {request}"
        )
    });
    left.chain(lost).collect()
}

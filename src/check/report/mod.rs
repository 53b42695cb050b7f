//! What a run came to, for people and for machines. None of them shows a key.

pub mod json;
pub mod junit;
pub mod markdown;
pub mod table;

use super::case::Level;
use super::run::Run;

/// The run in a line without its full stop: the cases, the rentals, the money.
#[must_use]
pub fn summary(run: &Run) -> String {
    let (must, should) = (run.failed(Level::Must).count(), run.failed(Level::Should).count());
    let rentals = &run.rentals;
    let failed = match (must, should) {
        (0, 0) => "0 failed".to_owned(),
        (must, should) => format!("{must} failed at must, {should} at should"),
    };
    let interrupted = if run.is_interrupted { "interrupted: " } else { "" };
    format!(
        "{interrupted}{} passed, {failed}, {} skipped; {} made, {} cancelled; cost {}",
        run.passed(),
        run.skipped(),
        counted(rentals.made, "rental"),
        rentals.cancelled,
        cost(run),
    )
}

fn cost(run: &Run) -> String {
    let lost = if run.rentals.lost.is_empty() { "" } else { ", and what was lost" };
    let cost = run.rentals.cost.map_or("unknown".to_owned(), |cost| format!("{cost} USD"));
    format!("{cost}{lost}")
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What is left behind and costs somebody money, a sentence each.
#[must_use]
pub fn left_behind(run: &Run) -> Vec<String> {
    let left = run.rentals.left.iter().map(|left| {
        let (id, number, why) = (&left.rental_id, &left.number, &left.why);
        format!("NOT CANCELLED: {id} ({number}): {why}")
    });
    let lost = run.rentals.lost.iter().map(|what| {
        format!(
            "LOST: this may have made a rental whose id never came, so it was not cancelled: {what}"
        )
    });
    left.chain(lost).collect()
}

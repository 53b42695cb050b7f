//! What a client did when it could not tell whether it had rented.

use super::super::finding::{Finding, FindingId, Severity};
use super::super::seen::{Seen, seen};
use super::Case;
use crate::domain::endpoint::Endpoint;
use crate::insight::journal::Entry;
use crate::sandbox::command::Reply;

/// Rented again, and the first rental, of which the client never heard, stays unused. Where its own
/// time-out lost the reply, it could have waited; else it is told while the rental still lives.
pub(super) fn double_rentals(case: &Case<'_>) -> Vec<Finding> {
    let find = |(index, story): (usize, &super::Story<'_>)| {
        let first = story.rent;
        let is_own = matches!(seen(first), Seen::Abandoned);
        let is_lost = !matches!(seen(first), Seen::Reply(_));
        if !is_lost || !story.calls.is_empty() || !(is_own || story.end().is_none()) {
            return None;
        }
        let again = case.stories[index + 1..].iter().map(|story| story.rent);
        let again = again.into_iter().find(|rent| rent.service == first.service)?;
        let why = if is_own {
            "its client hung up before the reply came; wait longer for a reply to rentNumber"
        } else {
            "the reply to it was lost; look at getNumbers before renting again, and count such a \
             rental in the books"
        };
        let advice =
            format!("{} was rented and never used, and another was rented: {why}", story.id);
        let id = FindingId::DoubleRental;
        let mut finding = case.finding(id, Some(story.id), [first, again], advice);
        if !is_own {
            finding.severity = Severity::Warning;
        }
        Some(finding)
    };
    case.stories.iter().enumerate().filter_map(find).collect()
}

/// A rentNumber that is sent again although the first may have taken effect, without a look at the
/// listing, which would tell.
pub(super) fn retried_posts(case: &Case<'_>) -> Vec<Finding> {
    let rents = |entry: &Entry| entry.endpoint == Endpoint::RentNumber && entry.country.is_some();
    let looks = |entry: &Entry| matches!(seen(entry), Seen::Reply(Reply::Numbers(_)));
    let mut findings = Vec::new();
    for (index, first) in case.entries.iter().enumerate() {
        if !rents(first) || !seen(first).is_ambiguous() {
            continue;
        }
        let next = case.entries[index + 1..].iter().find(|entry| {
            let is_same = entry.country == first.country && entry.service == first.service;
            looks(entry) || (rents(entry) && is_same)
        });
        let Some(again) = next.filter(|next| rents(next)) else { continue };
        if again.at.since(first.at) > case.thresholds.retry_within {
            continue;
        }
        let advice = "a rentNumber was sent again although the first may have taken effect: there \
                      is no idempotency key, and each one rents; look at getNumbers first, whether \
                      a number has gone";
        let id = FindingId::RetriedPost;
        findings.push(case.finding(id, first.rental_id, [*first, *again], advice));
    }
    findings
}

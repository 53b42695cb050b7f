//! What a client does when it cannot tell whether it has rented.

use super::super::client_view::ClientView;
use super::{Finding, FindingId, RentalHistory, RuleContext};
use crate::domain::endpoint::Endpoint;
use crate::journal::JournalEntry;
use crate::report::Severity;
use crate::sandbox::command::Reply;

/// Finds rentals of which the client never heard, and after which it rented again. If it hung up
/// itself, it should have waited; else this is a finding only while the lost rental is live.
pub(super) fn double_rentals(context: &RuleContext<'_>) -> Vec<Finding> {
    let find = |(index, history): (usize, &RentalHistory<'_>)| {
        let first = history.rent;
        let hung_up = matches!(ClientView::of(first), ClientView::ClientDisconnected);
        let is_lost = !matches!(ClientView::of(first), ClientView::Reply(_));
        let is_live = history.rental.end.is_none();
        if !is_lost || !history.calls.is_empty() || !(hung_up || is_live) {
            return None;
        }
        let mut later = context.histories[index + 1..].iter().map(|history| history.rent);
        let again = later.find(|rent| rent.service == first.service)?;
        let why = if hung_up {
            "its client hung up before the reply came; wait longer for a reply to rentNumber"
        } else {
            "the reply was lost; call getNumbers before renting again, and account for the lost \
             rental"
        };
        let advice =
            format!("{} was rented and never used, and another was rented: {why}", history.id);
        let id = FindingId::DoubleRental;
        let mut finding = context.finding(id, Some(history.id), [first, again], advice);
        if !hung_up {
            finding.severity = Severity::Warning;
        }
        Some(finding)
    };
    context.histories.iter().enumerate().filter_map(find).collect()
}

/// Finds a rentNumber that is sent again although the first may have taken effect, without a look
/// at getNumbers, which would tell.
pub(super) fn retried_posts(context: &RuleContext<'_>) -> Vec<Finding> {
    let rents =
        |entry: &JournalEntry| entry.endpoint == Endpoint::RentNumber && entry.country.is_some();
    let looks = |entry: &JournalEntry| {
        matches!(ClientView::of(entry), ClientView::Reply(Reply::Numbers(_)))
    };
    let mut findings = Vec::new();
    for (index, first) in context.entries.iter().enumerate() {
        if !rents(first) || !ClientView::of(first).is_ambiguous() {
            continue;
        }
        let next = context.entries[index + 1..].iter().find(|entry| {
            let is_same = entry.country == first.country && entry.service == first.service;
            looks(entry) || (rents(entry) && is_same)
        });
        let Some(again) = next.filter(|next| rents(next)) else { continue };
        if again.at.since(first.at) > context.thresholds.retry_within {
            continue;
        }
        let advice = "rentNumber was sent again although the first call may have taken effect: \
                      there is no idempotency key, so each call rents a number; call getNumbers \
                      first to see whether a number has gone";
        let id = FindingId::RetriedPost;
        findings.push(context.finding(id, first.rental_id, [*first, *again], advice));
    }
    findings
}

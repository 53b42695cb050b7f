//! What a client did when it could not tell whether it had rented.

use super::super::client_view::{ClientView, client_view};
use super::super::finding::{Finding, FindingId, Severity};
use super::RuleContext;
use crate::domain::endpoint::Endpoint;
use crate::journal::JournalEntry;
use crate::sandbox::command::Reply;

/// Rented again, and the first rental, of which the client never heard, stays unused. Where its own
/// time-out lost the reply, it could have waited; else it is told while the rental still lives.
pub(super) fn double_rentals(context: &RuleContext<'_>) -> Vec<Finding> {
    let find = |(index, history): (usize, &super::RentalHistory<'_>)| {
        let first = history.rent;
        let is_own = matches!(client_view(first), ClientView::ClientDisconnected);
        let is_lost = !matches!(client_view(first), ClientView::Reply(_));
        if !is_lost || !history.calls.is_empty() || !(is_own || history.end().is_none()) {
            return None;
        }
        let again = context.histories[index + 1..].iter().map(|history| history.rent);
        let again = again.into_iter().find(|rent| rent.service == first.service)?;
        let why = if is_own {
            "its client hung up before the reply came; wait longer for a reply to rentNumber"
        } else {
            "the reply to it was lost; look at getNumbers before renting again, and count such a \
             rental in the books"
        };
        let advice =
            format!("{} was rented and never used, and another was rented: {why}", history.id);
        let id = FindingId::DoubleRental;
        let mut finding = context.finding(id, Some(history.id), [first, again], advice);
        if !is_own {
            finding.severity = Severity::Warning;
        }
        Some(finding)
    };
    context.histories.iter().enumerate().filter_map(find).collect()
}

/// A rentNumber that is sent again although the first may have taken effect, without a look at the
/// listing, which would tell.
pub(super) fn retried_posts(context: &RuleContext<'_>) -> Vec<Finding> {
    let rents =
        |entry: &JournalEntry| entry.endpoint == Endpoint::RentNumber && entry.country.is_some();
    let looks =
        |entry: &JournalEntry| matches!(client_view(entry), ClientView::Reply(Reply::Numbers(_)));
    let mut findings = Vec::new();
    for (index, first) in context.entries.iter().enumerate() {
        if !rents(first) || !client_view(first).is_ambiguous() {
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
        let advice = "a rentNumber was sent again although the first may have taken effect: there \
                      is no idempotency key, and each one rents; look at getNumbers first, whether \
                      a number has gone";
        let id = FindingId::RetriedPost;
        findings.push(context.finding(id, first.rental_id, [*first, *again], advice));
    }
    findings
}

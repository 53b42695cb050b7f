//! What a client does when it cannot tell whether it has rented.

use super::super::client_view::ClientView;
use super::{Finding, FindingId, RentalHistory, RuleContext};
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::journal::JournalEntry;
use crate::report::Severity;
use crate::sandbox::command::Reply;
use crate::sandbox::rental::RentalEnd;

/// Finds rentals of which the client never heard, and after which it soon rented again: a double
/// rental, unless it looked at the listing first.
pub(super) fn lost_rentals(context: &RuleContext<'_>) -> Vec<Finding> {
    let is_unknown = |history: &&RentalHistory<'_>| {
        !matches!(ClientView::of(history.rent), ClientView::Reply(_)) && history.calls.is_empty()
    };
    let find = |history: &RentalHistory<'_>| {
        let first = history.rent;
        let soon =
            |rent: &&JournalEntry| rent.at.since(first.at) <= context.thresholds.retry_within;
        let later = || context.after(first).filter(|entry| rents(entry)).filter(soon);
        let mut again = later().filter(|rent| rent.service == first.service);
        let again = again.clone().find(|rent| rent.rental_id.is_some()).or(again.next())?;
        let looks: Vec<&JournalEntry> =
            context.between(first, again).filter(|entry| looks_at(entry, first.country)).collect();
        match looks.is_empty() {
            true => double_rental(context, history, again),
            false => Some(lost_rental(context, history, &looks, again)),
        }
    };
    context.histories.iter().filter(is_unknown).filter_map(find).collect()
}

/// If the client hung up itself, it should have waited; else this is a finding only while the lost
/// rental is live.
fn double_rental(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
    again: &JournalEntry,
) -> Option<Finding> {
    let (first, hung_up) = (history.rent, hung_up(history));
    if again.rental_id.is_none() || !(hung_up || history.rental.end.is_none()) {
        return None;
    }
    let why = if hung_up {
        "its client hung up before the reply came; wait longer for a reply to rentNumber, and call \
         getNumbers before renting again"
    } else {
        "the reply was lost; call getNumbers before renting again, and account for the lost rental"
    };
    let advice = format!("{} was never used, but another number was rented: {why}", history.id);
    let id = FindingId::DoubleRental;
    let mut finding = context.finding(id, Some(history.id), [first, again], advice);
    if !hung_up {
        finding.severity = Severity::Warning;
    }
    Some(finding)
}

fn lost_rental(
    context: &RuleContext<'_>,
    history: &RentalHistory<'_>,
    looks: &[&JournalEntry],
    again: &JournalEntry,
) -> Finding {
    let (id, price) = (history.id, history.rental.price);
    let why = match hung_up(history) {
        true => "its client hung up before the reply came",
        false => "the reply was lost",
    };
    let paid_back = match history.rental.end {
        None => format!("nothing has been paid back so far: it lives until {}", history.expires_at),
        Some(RentalEnd { .. }) if history.rental.has_sms => {
            "nothing was paid back, because an SMS came to it".to_owned()
        }
        Some(RentalEnd { at, refund, .. }) => format!("{refund} USD was paid back at {at}"),
    };
    let advice = format!(
        "{id} cost {price} USD and its client never heard of it: {why}; {paid_back}; the client \
         looked at the listing before it rented again, as it should, and must book the price"
    );
    let evidence = [history.rent].into_iter().chain(looks.iter().copied()).chain([again]);
    context.finding(FindingId::LostRental, Some(id), evidence, advice)
}

fn hung_up(history: &RentalHistory<'_>) -> bool {
    matches!(ClientView::of(history.rent), ClientView::ClientDisconnected)
}

/// Finds a rentNumber that is sent again although the first may have taken effect, without a look
/// at getNumbers, which would tell.
pub(super) fn retried_posts(context: &RuleContext<'_>) -> Vec<Finding> {
    let find = |first: &&JournalEntry| {
        if !rents(first) || !ClientView::of(first).is_ambiguous() {
            return None;
        }
        let mut later = context.after(first);
        let again = later.find(|entry| {
            let is_same = entry.country == first.country && entry.service == first.service;
            looks_at(entry, first.country) || (rents(entry) && is_same)
        });
        let again = again.filter(|again| rents(again))?;
        if again.at.since(first.at) > context.thresholds.retry_within {
            return None;
        }
        let elsewhere: Vec<&JournalEntry> =
            context.between(first, again).filter(|entry| lists(entry)).collect();
        let looked = match elsewhere.is_empty() {
            true => "",
            false => ", and the listing of another country does not tell",
        };
        let advice = format!(
            "rentNumber was sent again although the first call may have taken effect{looked}: \
             there is no idempotency key, so each call rents a number; call getNumbers first to \
             see whether the stock went down; if your code sent it once, its HTTP library sent it \
             again, as OkHttp, Java's HttpURLConnection, libcurl and browsers do when a kept \
             connection breaks"
        );
        let evidence = [*first].into_iter().chain(elsewhere).chain([again]);
        Some(context.finding(FindingId::RetriedPost, first.rental_id, evidence, advice))
    };
    context.entries.iter().filter_map(find).collect()
}

fn rents(entry: &JournalEntry) -> bool {
    entry.endpoint == Some(Endpoint::RentNumber) && entry.country.is_some()
}

fn lists(entry: &JournalEntry) -> bool {
    matches!(ClientView::of(entry), ClientView::Reply(Reply::Numbers(_)))
}

/// Whether the client saw a listing that has this country.
fn looks_at(entry: &JournalEntry, country: Option<Country>) -> bool {
    lists(entry) && (entry.country.is_none() || entry.country == country)
}

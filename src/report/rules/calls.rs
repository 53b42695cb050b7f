//! How often a client calls, and how it reacts to errors.

use std::collections::{BTreeMap, BTreeSet};

use super::super::client_view::ClientView;
use super::super::pause::{is_closer, overlap, pause, stood_still};
use super::{Finding, FindingId, RuleContext};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;

/// Finds polls of one rental without a pause. A redirect and the call that follows it are one poll.
pub(super) fn polls_too_fast(context: &RuleContext<'_>) -> Vec<Finding> {
    let gap = context.thresholds.poll_gap;
    let mut polls: BTreeMap<RentalId, Vec<&JournalEntry>> = BTreeMap::new();
    for entry in context.entries {
        if let (Some(Endpoint::GetSms), Some(id)) = (entry.endpoint, entry.rental_id)
            && !matches!(ClientView::of(entry), ClientView::Redirect)
        {
            polls.entry(id).or_default().push(entry);
        }
    }
    let find = |(id, polls): (RentalId, Vec<&JournalEntry>)| {
        let runs = polls.chunk_by(|a, b| pause(a, b).is_some_and(|pause| pause < gap));
        let fast: Vec<&[&JournalEntry]> =
            runs.filter(|run| run.len() >= context.thresholds.fast_polls.max(2)).collect();
        let longest = fast.iter().rev().max_by_key(|run| run.len())?;
        let others = match fast.len() - 1 {
            0 => String::new(),
            1 => ", and once more so".to_owned(),
            others => format!(", and {others} more times so"),
        };
        let advice = format!(
            "{id} was polled {} times in a row less than {gap} apart{others}; pause a few seconds \
             between polls",
            longest.len()
        );
        Some(context.finding(FindingId::PollTooFast, Some(id), longest.iter().copied(), advice))
    };
    polls.into_iter().filter_map(find).collect()
}

/// A refusal whose Retry-After has not passed.
struct Wait<'a> {
    refused: &'a JournalEntry,
    until: Timestamp,
    /// Whether it concerns one rental only, as an early cancel does.
    is_of_rental: bool,
}

/// Finds calls of an endpoint before its Retry-After had passed.
pub(super) fn retry_after_ignored(context: &RuleContext<'_>) -> Vec<Finding> {
    let mut waits: Vec<Wait<'_>> = Vec::new();
    let mut ignored: BTreeMap<(Endpoint, Option<RentalId>), Vec<&JournalEntry>> = BTreeMap::new();
    for entry in context.entries.iter().filter(|entry| !entry.is_unrouted()) {
        let Some(endpoint) = entry.endpoint else { continue };
        waits.retain(|wait| entry.at < wait.until);
        let is_same = |wait: &Wait<'_>| {
            wait.refused.endpoint == entry.endpoint && wait.refused.rental_id == entry.rental_id
        };
        let ignored_wait = waits.iter().find(|wait| {
            let was_on_its_way = overlap(wait.refused, entry, context.thresholds.retry_after_grace);
            // A call about another rental that succeeds shows that the partner counts by rental.
            let concerns_all = wait.refused.endpoint == entry.endpoint
                && !wait.is_of_rental
                && matches!(ClientView::of(entry), ClientView::Refusal(_));
            pause(wait.refused, entry).is_some()
                && (is_same(wait) || (concerns_all && !was_on_its_way))
        });
        if let Some(Wait { refused, .. }) = ignored_wait {
            let evidence = ignored.entry((endpoint, refused.rental_id)).or_default();
            evidence.extend([refused, entry]);
        }
        match ClientView::of(entry) {
            ClientView::Refusal(refusal) => {
                if let Some(until) = refusal.retry_at(entry.at) {
                    waits.retain(|wait| !is_same(wait));
                    let is_of_rental = refusal.code == ErrorCode::EarlyCancelDenied;
                    waits.push(Wait { refused: entry, until, is_of_rental });
                }
            }
            // A success ends the wait.
            ClientView::Reply(_) => waits.retain(|wait| !is_same(wait)),
            _ => {}
        }
    }
    let find = |((endpoint, id), mut evidence): (
        (Endpoint, Option<RentalId>),
        Vec<&JournalEntry>,
    )| {
        evidence.sort_by_key(|entry| entry.seq);
        evidence.dedup_by_key(|entry| entry.seq);
        let advice = format!(
            "{} was called again before Retry-After had passed; wait as long as it says: a number \
             of seconds, or until a date",
            endpoint.name()
        );
        context.finding(FindingId::RetryAfterIgnored, id, evidence, advice)
    };
    ignored.into_iter().map(find).collect()
}

/// Finds refusals of one endpoint with one code that follow each other without a pause, whatever
/// succeeds between them. Calls about different rentals are different calls.
pub(super) fn hot_loops(context: &RuleContext<'_>) -> Vec<Finding> {
    type Key = (Endpoint, Option<RentalId>, ErrorCode);
    let mut rows: BTreeMap<Key, Vec<&JournalEntry>> = BTreeMap::new();
    let mut findings = Vec::new();
    let mut end = |(endpoint, id, code): Key, row: Vec<&JournalEntry>| {
        if row.len() >= context.thresholds.hot_loop.max(2) && !tries_each_country_once(&row) {
            let real = match row.windows(2).any(|pair| stood_still(pair[0], pair[1])) {
                true => " of real time, since the clock stood still: advance it by each pause",
                false => "",
            };
            let advice = format!(
                "{} was refused with {} {} times, each less than {} after the one before{real}; \
                 {}, and wait longer after each refusal",
                endpoint.name(),
                code.as_str(),
                row.len(),
                context.thresholds.hot_loop_gap,
                code.advice()
            );
            findings.push(context.finding(FindingId::ErrorHotLoop, id, row, advice));
        }
    };
    for entry in context.entries.iter().filter(|entry| !is_wrong_door(entry)) {
        let Some(endpoint) = entry.endpoint else { continue };
        if matches!(ClientView::of(entry), ClientView::Reply(_)) {
            let of_endpoint = |(key, _): &(&Key, &mut Vec<_>)| key.0 == endpoint;
            let ended = rows.iter_mut().filter(of_endpoint);
            ended.for_each(|(key, row)| end(*key, std::mem::take(row)));
        } else if let Some(code) = entry.code {
            let key = (endpoint, entry.rental_id, code);
            let row = rows.entry(key).or_default();
            let is_near =
                |last: &&JournalEntry| is_closer(last, entry, context.thresholds.hot_loop_gap);
            if !row.last().is_none_or(is_near) {
                end(key, std::mem::take(row));
            }
            row.push(entry);
        }
    }
    rows.into_iter().for_each(|(key, row)| end(key, row));
    findings
}

/// Whether a row of refusals is a search, which asks for nothing twice.
fn tries_each_country_once(row: &[&JournalEntry]) -> bool {
    let countries: BTreeSet<_> = row.iter().filter_map(|entry| entry.country).collect();
    countries.len() == row.len()
}

/// Finds requests in a row to a path or with a method that the API does not have, or with a body
/// that it cannot read.
pub(super) fn wrong_doors(context: &RuleContext<'_>) -> Vec<Finding> {
    let rows = context.entries.chunk_by(|a, b| is_wrong_door(a) == is_wrong_door(b));
    let find = |row: &[&JournalEntry]| {
        let first = row.first().filter(|first| is_wrong_door(first))?;
        if row.len() < context.thresholds.wrong_door {
            return None;
        }
        let advice = format!(
            "{} requests in a row were refused at the door, the first with {}: {} {}; log the \
             message of an error reply, which says what would be right, and stop",
            row.len(),
            first.code?.as_str(),
            first.method,
            first.path
        );
        Some(context.finding(FindingId::WrongDoor, None, row.iter().copied(), advice))
    };
    rows.filter_map(find).collect()
}

fn is_wrong_door(entry: &JournalEntry) -> bool {
    let wrong = [ErrorCode::NotFound, ErrorCode::MethodNotAllowed, ErrorCode::UnsupportedMediaType];
    entry.is_unrouted() && entry.code.is_some_and(|code| wrong.contains(&code))
}

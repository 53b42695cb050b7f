//! How often a client calls, and how it reacts to errors.

use std::collections::BTreeMap;

use super::super::client_view::ClientView;
use super::{Finding, FindingId, RuleContext};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::JournalEntry;

/// Real time between two requests, in microseconds.
const fn micros_between(earlier: &JournalEntry, later: &JournalEntry) -> u64 {
    later.real.0.saturating_sub(earlier.real.0)
}

fn micros(duration: RealDuration) -> u64 {
    u64::from(duration.as_millis()) * 1_000
}

/// Finds polls of one rental without a pause. Judges them only while the clock runs by itself; a
/// redirect and the call that follows it are one poll.
pub(super) fn polls_too_fast(context: &RuleContext<'_>) -> Vec<Finding> {
    let gap = context.thresholds.poll_gap;
    let mut polls: BTreeMap<RentalId, Vec<&JournalEntry>> = BTreeMap::new();
    for entry in context.entries {
        if let (Endpoint::GetSms, Some(id)) = (entry.endpoint, entry.rental_id)
            && entry.runs
            && !matches!(ClientView::of(entry), ClientView::Redirect)
        {
            polls.entry(id).or_default().push(entry);
        }
    }
    let find = |(id, polls): (RentalId, Vec<&JournalEntry>)| {
        let runs = polls.chunk_by(|a, b| micros_between(a, b) < micros(gap));
        let fast: Vec<&[&JournalEntry]> =
            runs.filter(|run| run.len() >= context.thresholds.fast_polls.max(2)).collect();
        let first = fast.first()?;
        let count: usize = fast.iter().map(|run| run.len()).sum();
        let advice = format!(
            "{id} was polled {count} times less than {gap} apart; pause a few seconds between polls"
        );
        Some(context.finding(FindingId::PollTooFast, Some(id), first.iter().copied(), advice))
    };
    polls.into_iter().filter_map(find).collect()
}

/// A refusal whose Retry-After has not passed.
struct Wait<'a> {
    refused: &'a JournalEntry,
    /// In microseconds of real time.
    until: u64,
    /// Whether it concerns one rental only, as an early cancel does.
    is_of_rental: bool,
}

/// Finds calls of an endpoint before its Retry-After had passed, in real time.
pub(super) fn retry_after_ignored(context: &RuleContext<'_>) -> Vec<Finding> {
    let mut waits: Vec<Wait<'_>> = Vec::new();
    let mut ignored: BTreeMap<(Endpoint, Option<RentalId>), Vec<&JournalEntry>> = BTreeMap::new();
    for entry in context.entries.iter().filter(|entry| entry.runs) {
        waits.retain(|wait| entry.real.0 < wait.until);
        let is_same = |wait: &Wait<'_>| {
            wait.refused.endpoint == entry.endpoint && wait.refused.rental_id == entry.rental_id
        };
        let ignored_wait = waits.iter().find(|wait| {
            let grace = micros(context.thresholds.retry_after_grace);
            let was_on_its_way = micros_between(wait.refused, entry) < grace;
            is_same(wait)
                || (wait.refused.endpoint == entry.endpoint
                    && !wait.is_of_rental
                    && !was_on_its_way)
        });
        if let Some(Wait { refused, .. }) = ignored_wait {
            let evidence = ignored.entry((refused.endpoint, refused.rental_id)).or_default();
            if evidence.last().is_none_or(|last| last.seq != refused.seq) {
                evidence.push(refused);
            }
            evidence.push(entry);
        }
        match ClientView::of(entry) {
            ClientView::Refusal(refusal) => {
                if let Some(seconds) = refusal.retry_after_seconds() {
                    waits.retain(|wait| !is_same(wait));
                    let wait = seconds.saturating_mul(1_000_000);
                    let wait = wait.saturating_add(micros(entry.delay()));
                    waits.push(Wait {
                        refused: entry,
                        until: entry.real.0.saturating_add(wait),
                        is_of_rental: refusal.code == ErrorCode::EarlyCancelDenied,
                    });
                }
            }
            // A success ends the wait.
            ClientView::Reply(_) => waits.retain(|wait| !is_same(wait)),
            _ => {}
        }
    }
    let find = |((endpoint, id), evidence): ((Endpoint, Option<RentalId>), Vec<&JournalEntry>)| {
        let advice = format!(
            "{} was called again before Retry-After had passed; wait as long as it says: a number \
             of seconds, or until a date",
            endpoint.name()
        );
        context.finding(FindingId::RetryAfterIgnored, id, evidence, advice)
    };
    ignored.into_iter().map(find).collect()
}

/// Finds equal refusals in a row with nothing between them. Waiting out a Retry-After ends the row.
pub(super) fn hot_loops(context: &RuleContext<'_>) -> Vec<Finding> {
    let waited = |before: &JournalEntry, after: &JournalEntry| {
        let ClientView::Refusal(refusal) = ClientView::of(before) else { return false };
        refusal.retry_after_seconds().is_some_and(|seconds| {
            after.at.since(before.at) >= VirtualDuration::seconds(seconds)
                || micros_between(before, after) >= seconds.saturating_mul(1_000_000)
        })
    };
    let is_repeated = |a: &&JournalEntry, b: &&JournalEntry| {
        let key = |entry: &JournalEntry| {
            let JournalEntry { endpoint, status, code, rental_id, country, .. } = *entry;
            (endpoint, status, code, rental_id, country)
        };
        a.code.is_some() && key(a) == key(b) && a.service == b.service && !waited(a, b)
    };
    let find = |run: &[&JournalEntry]| {
        let first = run.first()?;
        let code = first.code?;
        if run.len() < context.thresholds.hot_loop.max(2) {
            return None;
        }
        let advice = format!(
            "{} was called {} times in a row and refused with {} each time; {}, and wait longer \
             after each refusal",
            first.endpoint.name(),
            run.len(),
            code.as_str(),
            code.advice()
        );
        let evidence = run.iter().copied();
        Some(context.finding(FindingId::ErrorHotLoop, first.rental_id, evidence, advice))
    };
    context.entries.chunk_by(is_repeated).filter_map(find).collect()
}

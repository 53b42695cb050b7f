//! How a client treats its partner: how often it calls, and what it does about errors.

use std::collections::BTreeMap;

use super::super::client_view::{ClientView, client_view};
use super::super::finding::{Finding, FindingId};
use super::RuleContext;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::JournalEntry;

/// Real time between two requests, in microseconds.
const fn between(earlier: &JournalEntry, later: &JournalEntry) -> u64 {
    later.real.0.saturating_sub(earlier.real.0)
}

fn micros(span: RealDuration) -> u64 {
    u64::from(span.as_millis()) * 1_000
}

/// Polls of one rental without a pause. Judged only where the clock runs by itself; a redirect that
/// is followed is no poll of its own.
pub(super) fn polls_too_fast(context: &RuleContext<'_>) -> Vec<Finding> {
    let gap = context.thresholds.poll_gap;
    let mut polls: BTreeMap<RentalId, Vec<&JournalEntry>> = BTreeMap::new();
    for entry in context.entries {
        if let (Endpoint::GetSms, Some(id)) = (entry.endpoint, entry.rental_id)
            && entry.runs
            && !matches!(client_view(entry), ClientView::Redirect)
        {
            polls.entry(id).or_default().push(entry);
        }
    }
    let find = |(id, polls): (RentalId, Vec<&JournalEntry>)| {
        let runs = polls.chunk_by(|a, b| between(a, b) < micros(gap));
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

/// A call of the same endpoint before the time that a Retry-After named has passed, in real time.
/// An early cancel is denied to one rental only.
pub(super) fn retry_after_ignored(context: &RuleContext<'_>) -> Vec<Finding> {
    let mut told: Vec<(&JournalEntry, u64, bool)> = Vec::new();
    let mut ignored: BTreeMap<(Endpoint, Option<RentalId>), Vec<&JournalEntry>> = BTreeMap::new();
    for entry in context.entries.iter().filter(|entry| entry.runs) {
        told.retain(|(_, until, _)| entry.real.0 < *until);
        let bound = told.iter().find(|(refused, _, of_rental)| {
            let is_same = refused.rental_id == entry.rental_id;
            let was_on_its_way =
                between(refused, entry) < micros(context.thresholds.retry_after_grace);
            refused.endpoint == entry.endpoint && (is_same || !(*of_rental || was_on_its_way))
        });
        if let Some((refused, ..)) = bound {
            let place = (refused.endpoint, refused.rental_id);
            let evidence = ignored.entry(place).or_default();
            if evidence.last().is_none_or(|last| last.seq != refused.seq) {
                evidence.push(refused);
            }
            evidence.push(entry);
        }
        let is_same = |refused: &JournalEntry| {
            refused.endpoint == entry.endpoint && refused.rental_id == entry.rental_id
        };
        match client_view(entry) {
            ClientView::Refusal(refusal) => {
                if let Some(seconds) = refusal.retry_after_seconds() {
                    told.retain(|(refused, ..)| !is_same(refused));
                    let delay = entry.outcome.as_ref().map_or(0, |outcome| micros(outcome.delay));
                    let until = seconds.saturating_mul(1_000_000).saturating_add(delay);
                    let of_rental = refusal.code == ErrorCode::EarlyCancelDenied;
                    told.push((entry, entry.real.0.saturating_add(until), of_rental));
                }
            }
            // Who is let in need not wait any more.
            ClientView::Reply(_) => told.retain(|(refused, ..)| !is_same(refused)),
            _ => {}
        }
    }
    let find = |((endpoint, id), evidence): ((Endpoint, Option<RentalId>), Vec<&JournalEntry>)| {
        let advice = format!(
            "{} was called again before Retry-After had passed; wait as long as it says, in seconds \
             or until the date it names",
            endpoint.name()
        );
        context.finding(FindingId::RetryAfterIgnored, id, evidence, advice)
    };
    ignored.into_iter().map(find).collect()
}

/// The same refusal again and again, with nothing else between. Who waits as long as Retry-After
/// says is in no loop.
pub(super) fn hot_loops(context: &RuleContext<'_>) -> Vec<Finding> {
    let waited = |before: &JournalEntry, after: &JournalEntry| {
        let ClientView::Refusal(refusal) = client_view(before) else { return false };
        refusal.retry_after_seconds().is_some_and(|seconds| {
            after.at.since(before.at) >= VirtualDuration::seconds(seconds)
                || between(before, after) >= seconds.saturating_mul(1_000_000)
        })
    };
    let like = |a: &&JournalEntry, b: &&JournalEntry| {
        let what = |entry: &JournalEntry| {
            let JournalEntry { endpoint, status, code, rental_id, country, .. } = *entry;
            (endpoint, status, code, rental_id, country)
        };
        a.code.is_some() && what(a) == what(b) && a.service == b.service && !waited(a, b)
    };
    let runs = context.entries.chunk_by(like);
    let find = |run: &[&JournalEntry]| {
        let first = run.first()?;
        let code = first.code?;
        if run.len() < context.thresholds.hot_loop.max(2) {
            return None;
        }
        let advice = format!(
            "{} was called {} times in a row and refused with {} each time; {}, and wait longer \
             with each try",
            first.endpoint.name(),
            run.len(),
            code.as_str(),
            code.advice()
        );
        let id = FindingId::ErrorHotLoop;
        Some(context.finding(id, first.rental_id, run.iter().copied(), advice))
    };
    runs.filter_map(find).collect()
}

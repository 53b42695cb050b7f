//! How a client treats its partner: how often it calls, and what it does about errors.

use std::collections::BTreeMap;

use super::super::finding::{Finding, FindingId};
use super::super::seen::{Seen, seen};
use super::Case;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::real_span::RealSpan;
use crate::domain::rental_id::RentalId;
use crate::domain::span::Span;
use crate::insight::journal::Entry;

/// Real time between two requests, in microseconds.
const fn between(earlier: &Entry, later: &Entry) -> u64 {
    later.real.0.saturating_sub(earlier.real.0)
}

fn micros(span: RealSpan) -> u64 {
    u64::from(span.as_millis()) * 1_000
}

/// Polls of one rental without a pause. Judged only where the clock runs by itself; a redirect that
/// is followed is no poll of its own.
pub(super) fn polls_too_fast(case: &Case<'_>) -> Vec<Finding> {
    let gap = case.thresholds.poll_gap;
    let mut polls: BTreeMap<RentalId, Vec<&Entry>> = BTreeMap::new();
    for entry in case.entries {
        if let (Endpoint::GetSms, Some(id)) = (entry.endpoint, entry.rental_id)
            && entry.runs
            && !matches!(seen(entry), Seen::Redirect)
        {
            polls.entry(id).or_default().push(entry);
        }
    }
    let find = |(id, polls): (RentalId, Vec<&Entry>)| {
        let runs = polls.chunk_by(|a, b| between(a, b) < micros(gap));
        let fast: Vec<&[&Entry]> =
            runs.filter(|run| run.len() >= case.thresholds.fast_polls.max(2)).collect();
        let first = fast.first()?;
        let count: usize = fast.iter().map(|run| run.len()).sum();
        let advice = format!(
            "{id} was polled {count} times less than {gap} apart; pause a few seconds between polls"
        );
        Some(case.finding(FindingId::PollTooFast, Some(id), first.iter().copied(), advice))
    };
    polls.into_iter().filter_map(find).collect()
}

/// A call of the same endpoint before the time that a Retry-After named has passed, in real time.
/// An early cancel is denied to one rental only.
pub(super) fn retry_after_ignored(case: &Case<'_>) -> Vec<Finding> {
    let mut told: Vec<(&Entry, u64, bool)> = Vec::new();
    let mut ignored: BTreeMap<(Endpoint, Option<RentalId>), Vec<&Entry>> = BTreeMap::new();
    for entry in case.entries.iter().filter(|entry| entry.runs) {
        told.retain(|(_, until, _)| entry.real.0 < *until);
        let bound = told.iter().find(|(refused, _, of_rental)| {
            let is_same = refused.rental_id == entry.rental_id;
            let was_on_its_way = between(refused, entry) < micros(case.thresholds.on_its_way);
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
        let is_same = |refused: &Entry| {
            refused.endpoint == entry.endpoint && refused.rental_id == entry.rental_id
        };
        match seen(entry) {
            Seen::Refusal(refusal) => {
                if let Some(seconds) = refusal.retry_after_seconds() {
                    told.retain(|(refused, ..)| !is_same(refused));
                    let delay = entry.outcome.as_ref().map_or(0, |outcome| micros(outcome.delay));
                    let until = seconds.saturating_mul(1_000_000).saturating_add(delay);
                    let of_rental = refusal.code == ErrorCode::EarlyCancelDenied;
                    told.push((entry, entry.real.0.saturating_add(until), of_rental));
                }
            }
            // Who is let in need not wait any more.
            Seen::Reply(_) => told.retain(|(refused, ..)| !is_same(refused)),
            _ => {}
        }
    }
    let find = |((endpoint, id), evidence): ((Endpoint, Option<RentalId>), Vec<&Entry>)| {
        let advice = format!(
            "{} was called again before Retry-After had passed; wait as long as it says, in seconds \
             or until the date it names",
            endpoint.name()
        );
        case.finding(FindingId::RetryAfterIgnored, id, evidence, advice)
    };
    ignored.into_iter().map(find).collect()
}

/// The same refusal again and again, with nothing else between. Who waits as long as Retry-After
/// says is in no loop.
pub(super) fn hot_loops(case: &Case<'_>) -> Vec<Finding> {
    let waited = |before: &Entry, after: &Entry| {
        let Seen::Refusal(refusal) = seen(before) else { return false };
        refusal.retry_after_seconds().is_some_and(|seconds| {
            after.at.since(before.at) >= Span::seconds(seconds)
                || between(before, after) >= seconds.saturating_mul(1_000_000)
        })
    };
    let like = |a: &&Entry, b: &&Entry| {
        let what = |entry: &Entry| {
            let Entry { endpoint, status, code, rental_id, country, .. } = *entry;
            (endpoint, status, code, rental_id, country)
        };
        a.code.is_some() && what(a) == what(b) && a.service == b.service && !waited(a, b)
    };
    let runs = case.entries.chunk_by(like);
    let find = |run: &[&Entry]| {
        let first = run.first()?;
        let code = first.code?;
        if run.len() < case.thresholds.hot_loop.max(2) {
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
        Some(case.finding(id, first.rental_id, run.iter().copied(), advice))
    };
    runs.filter_map(find).collect()
}

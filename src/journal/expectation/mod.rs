//! `verify`: what a test expects its client to have done, and how near the client came.

mod count;
mod fields;
mod pattern;
mod sequence;
mod verdict;

use std::ops::RangeInclusive;
use std::time::Duration;

use super::JournalEntry;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
pub(crate) use fields::ExpectationFields;
use pattern::RequestPattern;
use sequence::SequenceStep;
pub(crate) use verdict::VerifyResult;
use verdict::{MAX_SEEN, name_nearest, nearest};

/// The requests that a test expects, and how long it waits for them.
#[derive(Clone, Debug)]
pub(crate) struct Expectation {
    wanted: Wanted,
    pub(crate) timeout: RealDuration,
}

#[derive(Clone, Debug)]
enum Wanted {
    Count(RequestPattern, RangeInclusive<u32>),
    Sequence(Vec<SequenceStep>),
}

impl Expectation {
    /// Whether this many matches decide: the expectation holds, or can never hold again.
    pub(crate) fn is_decided_by(&self, matched: u32) -> bool {
        match &self.wanted {
            Wanted::Count(_, range) => matched >= *range.start(),
            Wanted::Sequence(steps) => matched as usize >= steps.len(),
        }
    }

    /// Whether a request may bring the expectation further than this many matches; `None`: than
    /// any number.
    pub(crate) fn awaits(&self, entry: &JournalEntry, matched: Option<u32>) -> bool {
        match (&self.wanted, matched) {
            (Wanted::Count(pattern, _), _) => pattern.matches(entry),
            (Wanted::Sequence(steps), None) => steps.iter().any(|step| step.pattern.matches(entry)),
            (Wanted::Sequence(steps), Some(matched)) => {
                steps.get(matched as usize).is_some_and(|step| step.pattern.matches(entry))
            }
        }
    }

    /// Counts a request that was awaited. Returns whether the journal must be judged again.
    pub(crate) fn count(&self, matched: &mut u32) -> bool {
        match &self.wanted {
            Wanted::Count(..) => {
                *matched = matched.saturating_add(1);
                self.is_decided_by(*matched)
            }
            // Times and order decide too.
            Wanted::Sequence(_) => true,
        }
    }

    /// How long to rest after judging a journal up to this `seq`. A sequence is judged from its start
    /// each time; the rest leaves clients most of the time.
    pub(crate) fn rest_after(&self, through: u64) -> Duration {
        const MICROS_PER_STEP_AND_REQUEST: u64 = 1;
        match &self.wanted {
            Wanted::Count(..) => Duration::ZERO,
            Wanted::Sequence(steps) => {
                let judged = through.saturating_mul(steps.len() as u64);
                let rest = judged.saturating_mul(MICROS_PER_STEP_AND_REQUEST);
                Duration::from_micros(rest).min(Duration::from_secs(1))
            }
        }
    }

    /// Judges a journal. `timeline` returns the timeline of a rental.
    pub(crate) fn judge(
        &self,
        journal: &[JournalEntry],
        timeline: impl FnMut(RentalId) -> Vec<String>,
    ) -> VerifyResult {
        match &self.wanted {
            Wanted::Count(pattern, range) => judge_count(pattern, range, journal, timeline),
            Wanted::Sequence(steps) => sequence::judge(steps, journal, timeline),
        }
    }
}

fn judge_count(
    pattern: &RequestPattern,
    range: &RangeInclusive<u32>,
    journal: &[JournalEntry],
    timeline: impl FnMut(RentalId) -> Vec<String>,
) -> VerifyResult {
    let (matching, misses): (Vec<&JournalEntry>, Vec<&JournalEntry>) =
        journal.iter().partition(|entry| pattern.matches(entry));
    let matched = u32::try_from(matching.len()).unwrap_or(u32::MAX);
    let holds = range.contains(&matched);
    let nearest = match holds {
        true => Vec::new(),
        false => nearest(
            misses.into_iter(),
            |entry| pattern.distance(entry),
            |entry| pattern.differences(entry),
            timeline,
        ),
    };
    let were = if matched == 1 { "request was" } else { "requests were" };
    let (min, max) = (range.start(), range.end());
    let bound = |least_or_most| if min == max { "exactly" } else { least_or_most };
    let message = match matched {
        _ if holds => format!("{matched} {were} as expected"),
        _ if matched > *max => {
            format!("{matched} {were} as expected, {} {max} should be", bound("at most"))
        }
        0 if journal.is_empty() => "no request has come yet".to_owned(),
        _ => {
            let (bound, named) = (bound("at least"), name_nearest(&nearest));
            format!("{matched} {were} as expected, {bound} {min} should be{named}")
        }
    };
    VerifyResult {
        holds,
        matched,
        failed_step: None,
        message,
        seen: matching.into_iter().take(MAX_SEEN).cloned().collect(),
        nearest,
        through: journal.last().map_or(0, |entry| entry.seq),
    }
}

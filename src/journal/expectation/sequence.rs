//! Requests that are expected in order.

use super::pattern::RequestPattern;
use super::verdict::{VerifyResult, name_nearest, nearest};
use crate::domain::rental_id::RentalId;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::JournalEntry;

/// A request of a sequence, and how long after the one before it comes, in virtual time.
#[derive(Clone, Debug)]
pub(super) struct SequenceStep {
    pub(super) pattern: RequestPattern,
    /// At least.
    pub(super) after: Option<VirtualDuration>,
    /// At most.
    pub(super) within: Option<VirtualDuration>,
}

/// A request with which the sequence up to some step can end.
#[derive(Clone, Copy)]
struct StepEnd {
    /// Its index in the journal.
    index: usize,
    /// The place of the request before it, among the ends of the step before.
    before: usize,
}

/// Judges a journal, in which other requests may come in between.
pub(super) fn judge(
    steps: &[SequenceStep],
    journal: &[JournalEntry],
    timeline: impl FnMut(RentalId) -> Vec<String>,
) -> VerifyResult {
    let ends = ends_of_steps(steps, journal);
    let seen = first_way(&ends).map(|index| journal[index].clone()).collect();
    let (reached, count) = (ends.len(), steps.len());
    let (message, nearest) = match steps.get(reached) {
        None => (format!("the {count} steps came in order"), Vec::new()),
        Some(_) if journal.is_empty() => ("no request has come yet".to_owned(), Vec::new()),
        Some(step) => {
            let misses = Misses { step, journal, before: ends.last().map(Vec::as_slice) };
            let nearest = nearest(
                journal.iter(),
                |entry| misses.distance(entry),
                |entry| misses.differences(entry),
                timeline,
            );
            let after = misses.first_before().map(|entry| format!(" after #{}", entry.seq));
            let (number, after) = (reached + 1, after.unwrap_or_default());
            let (pattern, named) = (&step.pattern, name_nearest(&nearest));
            (format!("step {number} of {count} ({pattern}) did not come{after}{named}"), nearest)
        }
    };
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    VerifyResult {
        holds: reached == count,
        matched: number(reached),
        failed_step: (reached < count).then(|| number(reached + 1)),
        message,
        seen,
        nearest,
        through: journal.last().map_or(0, |entry| entry.seq),
    }
}

/// For each step that can be reached, all requests with which it can end: whichever is taken for a
/// step, another one may suit the times of the next better.
fn ends_of_steps(steps: &[SequenceStep], journal: &[JournalEntry]) -> Vec<Vec<StepEnd>> {
    let mut all: Vec<Vec<StepEnd>> = Vec::new();
    for step in steps {
        let previous = all.last();
        // The ends of the previous step that are early enough.
        let mut early = 0;
        let mut ends = Vec::new();
        for (index, entry) in journal.iter().enumerate() {
            let Some(previous) = previous else {
                if step.pattern.matches(entry) {
                    ends.push(StepEnd { index, before: 0 });
                }
                continue;
            };
            let is_early = |end: &StepEnd| {
                let after = step.after.unwrap_or_default();
                end.index < index && journal[end.index].at.plus(after) <= entry.at
            };
            while previous.get(early).is_some_and(is_early) {
                early += 1;
            }
            // The latest of them leaves the least time between.
            let Some(before) = early.checked_sub(1) else { continue };
            let passed = entry.at.since(journal[previous[before].index].at);
            if step.within.is_none_or(|most| passed <= most) && step.pattern.matches(entry) {
                ends.push(StepEnd { index, before });
            }
        }
        if ends.is_empty() {
            break;
        }
        all.push(ends);
    }
    all
}

/// The requests of the steps that were reached: those that got there first.
fn first_way(ends: &[Vec<StepEnd>]) -> impl Iterator<Item = usize> {
    let mut place = 0;
    let mut way = Vec::new();
    for ends in ends.iter().rev() {
        way.push(ends[place].index);
        place = ends[place].before;
    }
    way.into_iter().rev()
}

/// Compares requests with a step that did not come.
struct Misses<'a> {
    step: &'a SequenceStep,
    journal: &'a [JournalEntry],
    /// The ends of the step before, if there is one.
    before: Option<&'a [StepEnd]>,
}

impl<'a> Misses<'a> {
    fn ends_before(&self) -> impl DoubleEndedIterator<Item = &'a JournalEntry> {
        let (journal, before) = (self.journal, self.before.unwrap_or_default());
        before.iter().map(|end| &journal[end.index])
    }

    fn first_before(&self) -> Option<&'a JournalEntry> {
        self.ends_before().next()
    }

    /// By fields that differ, then by how far its time is off: one that differs in nothing else came
    /// at the wrong time, which is nearer than any other.
    fn distance(&self, entry: &JournalEntry) -> (usize, VirtualDuration) {
        let is_too_soon = self.first_before().is_some_and(|first| entry.seq <= first.seq);
        let fields = self.step.pattern.distance(entry);
        let off = match fields {
            0 => self.passed(entry).map_or(VirtualDuration::ZERO, |(passed, _)| self.off(passed)),
            _ => VirtualDuration::ZERO,
        };
        (fields * 2 + usize::from(is_too_soon || fields == 0), off)
    }

    fn differences(&self, entry: &JournalEntry) -> Vec<String> {
        let mut differences = self.step.pattern.differences(entry);
        let Some(first) = self.first_before() else { return differences };
        if entry.seq <= first.seq {
            differences.push(format!("it did not come after #{}", first.seq));
        } else if differences.is_empty() {
            differences.extend(self.lateness(entry));
        }
        differences
    }

    /// The virtual time since the request before it, and that request's `seq`.
    fn passed(&self, entry: &JournalEntry) -> Option<(VirtualDuration, u64)> {
        let latest = self.ends_before().rev().find(|end| end.seq < entry.seq)?;
        Some((entry.at.since(latest.at), latest.seq))
    }

    /// How much too early or too late it is after this time.
    fn off(&self, passed: VirtualDuration) -> VirtualDuration {
        let passed = passed.as_millis();
        let missing = self.step.after.map_or(0, |least| least.as_millis().saturating_sub(passed));
        let over = self.step.within.map_or(0, |most| passed.saturating_sub(most.as_millis()));
        VirtualDuration::millis(missing.max(over))
    }

    /// How a request that differs in nothing else missed its time.
    fn lateness(&self, entry: &JournalEntry) -> Option<String> {
        let (passed, seq) = self.passed(entry)?;
        match (self.step.after, self.step.within) {
            (Some(least), _) if passed < least => {
                Some(format!("it came {passed} after #{seq}, not {least} or more"))
            }
            (_, most) => {
                most.map(|most| format!("it came {passed} after #{seq}, not within {most}"))
            }
        }
    }
}

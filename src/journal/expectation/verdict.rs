//! Whether an expectation holds, and how near the client came.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::rental_id::RentalId;
use crate::journal::JournalEntry;

/// Whether an expectation holds, with the requests that match it and those that nearly do.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct VerifyResult {
    /// Whether it holds.
    pub(crate) holds: bool,
    /// How many requests match; of a sequence, how many of its steps have come.
    pub(crate) matched: u32,
    /// The first step of a sequence that did not come, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failed_step: Option<u32>,
    /// The result in a sentence.
    pub(crate) message: String,
    /// The first thousand requests that match; of a sequence, the request of each step.
    pub(super) seen: Vec<JournalEntry>,
    /// Requests that nearly match, the nearest first; empty if the expectation holds.
    pub(super) nearest: Vec<NearMiss>,
    /// The `seq` of the last request judged; 0 if there was none.
    #[serde(skip)]
    pub(crate) through: u64,
}

pub(super) const MAX_SEEN: usize = 1_000;
const MAX_NEAREST: usize = 5;

/// A request that nearly matches.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NearMiss {
    /// How it differs, a sentence each.
    differs: Vec<String>,
    /// The request.
    request: JournalEntry,
    /// The timeline of its rental, in the first near miss about that rental.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    timeline: Vec<String>,
}

/// The few of `misses` with the least distance. `timeline` returns the timeline of a rental.
pub(super) fn nearest<'a, D: Ord>(
    misses: impl DoubleEndedIterator<Item = &'a JournalEntry>,
    distance: impl Fn(&JournalEntry) -> D,
    differs: impl Fn(&JournalEntry) -> Vec<String>,
    mut timeline: impl FnMut(RentalId) -> Vec<String>,
) -> Vec<NearMiss> {
    // Of two that are equally near, the later one is more likely the one meant.
    let mut misses: Vec<&JournalEntry> = misses.rev().collect();
    misses.sort_by_cached_key(|entry| distance(entry));
    let mut shown = Vec::new();
    let near_miss = |entry: &JournalEntry| {
        let rental_id = entry.rental_id.filter(|id| !shown.contains(id));
        shown.extend(rental_id);
        let timeline = rental_id.map(&mut timeline).unwrap_or_default();
        NearMiss { differs: differs(entry), request: entry.clone(), timeline }
    };
    misses.into_iter().take(MAX_NEAREST).map(near_miss).collect()
}

/// Names the nearest of them, at the end of a message.
pub(super) fn name_nearest(nearest: &[NearMiss]) -> String {
    nearest.first().map_or_else(String::new, |NearMiss { differs, request, .. }| {
        let (seq, path) = (request.seq, &request.path);
        format!("; the nearest is #{seq} {path}: {}", differs.join(", "))
    })
}

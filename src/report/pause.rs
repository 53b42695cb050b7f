//! How much time lies between two requests.

use crate::domain::real_duration::RealDuration;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::JournalEntry;

/// The pause that a client made between two requests, in virtual time. `None` if the clock neither
/// ran nor was moved by the test in between, so that nothing is known of pauses: the step of a
/// per_poll clock is none.
pub(super) fn pause(earlier: &JournalEntry, later: &JournalEntry) -> Option<VirtualDuration> {
    let was_moved = later.unstepped_at > earlier.unstepped_at;
    (was_moved || runs(earlier, later)).then(|| later.at.since(earlier.at))
}

/// Whether two requests follow each other this closely: in virtual time, or in real time if the
/// clock stood still between them.
pub(super) fn is_closer(
    earlier: &JournalEntry,
    later: &JournalEntry,
    gap: VirtualDuration,
) -> bool {
    if stood_still(earlier, later) {
        return micros_between(earlier, later) < gap.as_millis().saturating_mul(1_000);
    }
    later.at.since(earlier.at) < gap
}

/// Whether the clock stood still between two requests.
pub(super) fn stood_still(earlier: &JournalEntry, later: &JournalEntry) -> bool {
    later.at == earlier.at && !runs(earlier, later)
}

/// Whether two requests were on their way at the same time.
pub(super) fn overlap(earlier: &JournalEntry, later: &JournalEntry, grace: RealDuration) -> bool {
    micros_between(earlier, later) < u64::from(grace.as_millis()) * 1_000
}

const fn runs(earlier: &JournalEntry, later: &JournalEntry) -> bool {
    earlier.runs && later.runs
}

/// Real time between two requests.
const fn micros_between(earlier: &JournalEntry, later: &JournalEntry) -> u64 {
    later.real.0.saturating_sub(earlier.real.0)
}

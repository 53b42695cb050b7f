//! Where acceptable client behaviour ends.

use crate::domain::real_duration::RealDuration;
use crate::domain::virtual_duration::VirtualDuration;

/// Thresholds that the report uses to flag client behaviour.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Thresholds {
    /// Polls of one rental that are closer than this are too fast …
    pub poll_gap: VirtualDuration,
    /// … when there are at least this many in a row.
    pub fast_polls: usize,
    /// How many equal refusals are a hot loop …
    pub hot_loop: usize,
    /// … when each is closer than this to the one before.
    pub hot_loop_gap: VirtualDuration,
    /// How many requests in a row to a wrong path, method or encoding are the same mistake again.
    pub wrong_door: usize,
    /// A client may poll this often after the last message has been read.
    pub polls_after_all: usize,
    /// When the partner refused this many cancels of a rental, its client has done what it could.
    pub failed_cancels: usize,
    /// A client that called this shortly before the end of a rental, or later, watched it to its
    /// end.
    pub watched_to_end: VirtualDuration,
    /// A rentNumber this long after one with an unknown outcome is a new rental, not a retry.
    pub retry_within: VirtualDuration,
    /// A call about another rental this shortly after a Retry-After was already on its way.
    pub retry_after_grace: RealDuration,
    /// How many journal entries a finding shows.
    pub evidence: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            poll_gap: VirtualDuration::seconds(1),
            fast_polls: 3,
            hot_loop: 10,
            hot_loop_gap: VirtualDuration::seconds(1),
            wrong_door: 10,
            polls_after_all: 100,
            failed_cancels: 3,
            watched_to_end: VirtualDuration::seconds(60),
            retry_within: VirtualDuration::seconds(600),
            retry_after_grace: RealDuration::millis(250),
            evidence: 10,
        }
    }
}

//! Counts requests by endpoint and outcome since the server started.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::endpoint::Endpoint;
use crate::sandbox::outcome::OutcomeKind;

/// Lock-free, since every request passes here.
#[derive(Debug)]
pub(crate) struct RequestCounters([[AtomicU64; OutcomeKind::COUNT]; 4]);

impl Default for RequestCounters {
    fn default() -> Self {
        Self(std::array::from_fn(|_| std::array::from_fn(|_| AtomicU64::new(0))))
    }
}

impl RequestCounters {
    pub(super) fn count(&self, endpoint: Endpoint, kind: OutcomeKind) {
        self.0[endpoint as usize][kind.place()].fetch_add(1, Ordering::Relaxed);
    }

    /// The counts that are not 0.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (Endpoint, OutcomeKind, u64)> {
        Endpoint::ALL.into_iter().flat_map(move |endpoint| {
            let counts = OutcomeKind::all().zip(&self.0[endpoint as usize]);
            counts.filter_map(move |(kind, count)| {
                let count = count.load(Ordering::Relaxed);
                (count > 0).then_some((endpoint, kind, count))
            })
        })
    }
}

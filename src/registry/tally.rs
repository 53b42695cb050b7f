//! How many requests ended how, since the server started.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::endpoint::Endpoint;
use crate::sandbox::outcome::Ending;

/// Counts requests by endpoint and ending. No lock: every request passes here.
#[derive(Debug)]
pub struct Tally([[AtomicU64; Ending::COUNT]; 4]);

impl Default for Tally {
    fn default() -> Self {
        Self(std::array::from_fn(|_| std::array::from_fn(|_| AtomicU64::new(0))))
    }
}

impl Tally {
    pub(super) fn count(&self, endpoint: Endpoint, ending: Ending) {
        self.0[endpoint as usize][ending.place()].fetch_add(1, Ordering::Relaxed);
    }

    /// What has been counted: endpoint, ending, how often.
    pub fn counts(&self) -> impl Iterator<Item = (Endpoint, Ending, u64)> {
        Endpoint::ALL.into_iter().flat_map(move |endpoint| {
            let counts = Ending::all().zip(&self.0[endpoint as usize]);
            counts.filter_map(move |(ending, count)| {
                let count = count.load(Ordering::Relaxed);
                (count > 0).then_some((endpoint, ending, count))
            })
        })
    }
}

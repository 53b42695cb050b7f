//! How many requests ended how, since the server started.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::sandbox::outcome::Outcome;

/// A success, every error, and what was left without a reply.
const OUTCOMES: usize = ErrorCode::ALL.len() + 2;
const NO_REPLY: usize = OUTCOMES - 1;

/// Counts requests by endpoint and outcome. No lock: every request passes here.
#[derive(Debug)]
pub struct Tally([[AtomicU64; OUTCOMES]; 4]);

impl Default for Tally {
    fn default() -> Self {
        Self(std::array::from_fn(|_| std::array::from_fn(|_| AtomicU64::new(0))))
    }
}

impl Tally {
    pub(super) fn count(&self, endpoint: Endpoint, outcome: &Outcome) {
        let place = match (outcome.code(), outcome.status()) {
            (Some(code), _) => 1 + code as usize,
            (None, Some(_)) => 0,
            (None, None) => NO_REPLY,
        };
        self.0[endpoint as usize][place].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_unanswered(&self, endpoint: Endpoint) {
        self.0[endpoint as usize][NO_REPLY].fetch_add(1, Ordering::Relaxed);
    }

    /// What has been counted: endpoint, outcome, how often.
    pub fn counts(&self) -> impl Iterator<Item = (Endpoint, &'static str, u64)> {
        let name = |place: usize| match place {
            0 => "success",
            NO_REPLY => "no_reply",
            place => ErrorCode::ALL[place - 1].as_str(),
        };
        Endpoint::ALL.into_iter().flat_map(move |endpoint| {
            let counts = self.0[endpoint as usize].iter().enumerate();
            counts.filter_map(move |(place, count)| {
                let count = count.load(Ordering::Relaxed);
                (count > 0).then(|| (endpoint, name(place), count))
            })
        })
    }
}

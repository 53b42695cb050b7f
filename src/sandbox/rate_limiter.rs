//! Rate limits in virtual time.

use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::RateLimit;
use crate::scenario::fault::rate_limit::{Algorithm, Per};

/// What each rental, or the whole sandbox, has left.
#[derive(Debug, Default)]
pub(super) struct Limiter(foldhash::HashMap<Option<u32>, Allowance>);

/// What is left, in units of which a call takes `window` milliseconds' worth: thus a token bucket
/// needs no fractions.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    left: u128,
    at: Timestamp,
}

impl Limiter {
    /// Counts a call. The error is how long to wait.
    pub(super) fn take(
        &mut self,
        limit: &RateLimit,
        rental: Option<u32>,
        now: Timestamp,
    ) -> Result<(), VirtualDuration> {
        let window = u128::from(limit.window.get().as_millis());
        let max = u128::from(limit.max.get());
        let full = max * window;
        self.forget_the_full(limit, now);
        let whose = if limit.per == Per::Rental { rental } else { None };
        let allowance = self.0.entry(whose).or_insert(Allowance { left: full, at: now });
        let passed = u128::from(now.since(allowance.at).as_millis());
        match limit.algorithm {
            Algorithm::FixedWindow if passed >= window => {
                *allowance = Allowance { left: full, at: now }
            }
            Algorithm::FixedWindow => {}
            Algorithm::TokenBucket => {
                *allowance = Allowance { left: (allowance.left + passed * max).min(full), at: now };
            }
        }
        if allowance.left >= window {
            allowance.left -= window;
            return Ok(());
        }
        let wait = match limit.algorithm {
            Algorithm::FixedWindow => window - passed,
            Algorithm::TokenBucket => (window - allowance.left).div_ceil(max),
        };
        // At most a window, which is a `VirtualDuration`.
        Err(VirtualDuration::millis(wait as u64))
    }

    /// A full allowance says nothing: dropping it keeps the map small.
    fn forget_the_full(&mut self, limit: &RateLimit, now: Timestamp) {
        const PRUNE_THRESHOLD: usize = 1_024;
        if self.0.len() >= PRUNE_THRESHOLD && self.0.len().is_power_of_two() {
            self.0.retain(|_, allowance| now.since(allowance.at) < limit.window.get());
        }
    }
}

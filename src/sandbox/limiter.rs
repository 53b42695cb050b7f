//! Counts calls against a rate limit, in virtual time.

use crate::domain::span::Span;
use crate::domain::timestamp::Timestamp;
use crate::scenario::RateLimit;
use crate::scenario::fault::rate_limit::{Algorithm, Per};

/// How many calls each has made of late.
#[derive(Debug, Default)]
pub(super) struct Limiter(foldhash::HashMap<Option<u32>, Level>);

/// What is left to take, in units of which a call takes as many as the window has milliseconds:
/// so a bucket that fills evenly needs no fractions.
#[derive(Clone, Copy, Debug)]
struct Level {
    left: u128,
    at: Timestamp,
}

impl Limiter {
    /// Takes a call of this rental, or of none.
    ///
    /// # Errors
    /// How long to wait, where it is one too many.
    pub(super) fn take(
        &mut self,
        limit: &RateLimit,
        rental: Option<u32>,
        now: Timestamp,
    ) -> Result<(), Span> {
        let window = u128::from(limit.window.get().as_millis());
        let max = u128::from(limit.max.get());
        let full = max * window;
        self.forget_the_full(limit, now);
        let whose = if limit.per == Per::Rental { rental } else { None };
        let level = self.0.entry(whose).or_insert(Level { left: full, at: now });
        let passed = u128::from(now.since(level.at).as_millis());
        match limit.algorithm {
            Algorithm::FixedWindow if passed >= window => *level = Level { left: full, at: now },
            Algorithm::FixedWindow => {}
            Algorithm::TokenBucket => {
                *level = Level { left: (level.left + passed * max).min(full), at: now };
            }
        }
        if level.left >= window {
            level.left -= window;
            return Ok(());
        }
        let wait = match limit.algorithm {
            Algorithm::FixedWindow => window - passed,
            Algorithm::TokenBucket => (window - level.left).div_ceil(max),
        };
        // No longer than a window, which is a span.
        Err(Span::millis(wait as u64))
    }

    /// A level that is full again tells nothing, so that the room does not grow with the rentals.
    fn forget_the_full(&mut self, limit: &RateLimit, now: Timestamp) {
        const TOO_FEW_TO_MATTER: usize = 1_024;
        if self.0.len() >= TOO_FEW_TO_MATTER && self.0.len().is_power_of_two() {
            self.0.retain(|_, level| now.since(level.at) < limit.window.get());
        }
    }
}

//! Reads the system clock for everything but `ringer check`.
#![expect(clippy::disallowed_methods, reason = "the rule sends everybody here")]

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::sandbox::clock::RealTime;

/// Starts at the wall time, and never runs backwards from there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RealClock {
    wall_at_start: RealTime,
    start: Instant,
}

impl RealClock {
    pub(crate) fn start() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let micros = u64::try_from(wall.as_micros()).unwrap_or(u64::MAX);
        Self { wall_at_start: RealTime(micros), start: Instant::now() }
    }

    pub(crate) fn now(&self) -> RealTime {
        RealTime(self.wall_at_start.0 + self.micros_since_start())
    }

    pub(crate) fn micros_since_start(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

//! Virtual time, computed from real time.

use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::Clock;

/// A moment of *real* time, in microseconds since the Unix epoch; it never runs backwards.
///
/// A type of its own, so that it cannot be confused with a [`Timestamp`] of virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RealTime(pub u64);

impl RealTime {
    pub(crate) fn to_timestamp(self) -> Timestamp {
        Timestamp::from_unix_millis(i64::try_from(self.0 / 1_000).unwrap_or(i64::MAX))
    }
}

/// A virtual clock: its mode, and one pair of virtual and real time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VirtualClock {
    mode: Clock,
    /// The virtual time …
    shown: Timestamp,
    /// … at this real time.
    when: RealTime,
}

impl VirtualClock {
    /// A clock without a start of its own starts at the real time if it is realtime or scaled, else
    /// at [`Timestamp::DEFAULT_START`] (our ruling).
    pub(crate) fn start(mode: Clock, real: RealTime) -> Self {
        let shown = match (mode.start(), mode) {
            (Some(start), _) => start.resolve(real.to_timestamp()),
            (None, Clock::Realtime { .. } | Clock::Scaled { .. }) => real.to_timestamp(),
            (None, Clock::Frozen { .. } | Clock::PerPoll { .. }) => Timestamp::DEFAULT_START,
        };
        Self { mode, shown, when: real }
    }

    pub(crate) fn now(&self, real: RealTime) -> Timestamp {
        let passed = real.0.saturating_sub(self.when.0);
        match self.mode {
            Clock::Realtime { .. } => self.shown.plus(VirtualDuration::millis(passed / 1_000)),
            Clock::Scaled { rate, .. } => {
                // Saturates at the end of time. The rounding error is below a millisecond.
                let millis = (passed as f64 / 1_000.0 * rate.factor()) as i64;
                Timestamp::from_unix_millis(self.shown.as_unix_millis().saturating_add(millis))
            }
            Clock::Frozen { .. } | Clock::PerPoll { .. } => self.shown,
        }
    }

    /// The real time at which it shows `moment`, if it gets there by itself.
    pub(crate) fn real_time_of(&self, moment: Timestamp) -> Option<RealTime> {
        let millis = moment.since(self.shown).as_millis();
        let micros = match self.mode {
            Clock::Realtime { .. } => millis.saturating_mul(1_000),
            // Rounded up, so that the event is due by then.
            Clock::Scaled { rate, .. } => (millis as f64 * 1_000.0 / rate.factor()).ceil() as u64,
            Clock::Frozen { .. } | Clock::PerPoll { .. } => return None,
        };
        Some(RealTime(self.when.0.saturating_add(micros)))
    }

    pub(crate) const fn mode(&self) -> Clock {
        self.mode
    }

    /// How far a getSMS moves it.
    pub(crate) const fn step(&self) -> Option<VirtualDuration> {
        match self.mode {
            Clock::PerPoll { step, .. } => Some(step),
            _ => None,
        }
    }

    pub(crate) fn set(&mut self, moment: Timestamp, real: RealTime) {
        self.shown = moment;
        self.when = real;
    }

    /// Replaces the mode; the clock goes on from the time it shows, unless the mode names a start.
    pub(crate) fn set_mode(&mut self, mode: Clock, real: RealTime) {
        let start = mode.start().map(|start| start.resolve(real.to_timestamp()));
        let shown = start.unwrap_or_else(|| self.now(real));
        *self = Self { mode, shown, when: real };
    }
}

//! The arithmetic of virtual time.

use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::Clock;

/// A moment of *real* time, in microseconds since the Unix epoch, that never runs backwards.
///
/// The sandbox receives it and never asks for it. It is not a [`Timestamp`], so the two cannot
/// be mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RealTime(pub u64);

impl RealTime {
    pub(crate) fn to_timestamp(self) -> Timestamp {
        Timestamp::from_unix_millis(i64::try_from(self.0 / 1_000).unwrap_or(i64::MAX))
    }
}

/// A clock of virtual time: a mode, and a pair of moments that fell together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VirtualClock {
    mode: Clock,
    /// What this clock showed …
    shown: Timestamp,
    /// … when the real time was this.
    when: RealTime,
}

impl VirtualClock {
    /// Starts a clock. Where it does not say itself, realtime and scaled clocks start at the real
    /// time, the others at [`Timestamp::DEFAULT_START`] (our ruling).
    pub(crate) fn start(mode: Clock, real: RealTime) -> Self {
        let shown = mode.start().unwrap_or_else(|| match mode {
            Clock::Realtime { .. } | Clock::Scaled { .. } => real.to_timestamp(),
            Clock::Frozen { .. } | Clock::PerPoll { .. } => Timestamp::DEFAULT_START,
        });
        Self { mode, shown, when: real }
    }

    /// What it shows at this real time.
    pub(crate) fn now(&self, real: RealTime) -> Timestamp {
        let passed = real.0.saturating_sub(self.when.0);
        match self.mode {
            Clock::Realtime { .. } => self.shown.plus(VirtualDuration::millis(passed / 1_000)),
            Clock::Scaled { rate, .. } => {
                // Saturates at the end of time; the loss of precision is below a millisecond.
                let millis = (passed as f64 / 1_000.0 * rate.factor()) as i64;
                Timestamp::from_unix_millis(self.shown.as_unix_millis().saturating_add(millis))
            }
            Clock::Frozen { .. } | Clock::PerPoll { .. } => self.shown,
        }
    }

    /// The real time at which it will show `moment`, if it gets there by itself.
    pub(crate) fn real_time_of(&self, moment: Timestamp) -> Option<RealTime> {
        let millis = moment.since(self.shown).as_millis();
        let micros = match self.mode {
            Clock::Realtime { .. } => millis.saturating_mul(1_000),
            // Rounded up: at that time it is due, and not a little before.
            Clock::Scaled { rate, .. } => (millis as f64 * 1_000.0 / rate.factor()).ceil() as u64,
            Clock::Frozen { .. } | Clock::PerPoll { .. } => return None,
        };
        Some(RealTime(self.when.0.saturating_add(micros)))
    }

    /// How it runs.
    pub(crate) const fn mode(&self) -> Clock {
        self.mode
    }

    /// How far a getSMS moves it first.
    pub(crate) const fn step(&self) -> Option<VirtualDuration> {
        match self.mode {
            Clock::PerPoll { step, .. } => Some(step),
            _ => None,
        }
    }

    /// Lets it show `moment` from this real time on.
    pub(crate) fn set(&mut self, moment: Timestamp, real: RealTime) {
        self.shown = moment;
        self.when = real;
    }

    /// Changes its mode; it goes on from where it stands, unless the new mode says where.
    pub(crate) fn set_mode(&mut self, mode: Clock, real: RealTime) {
        let shown = mode.start().unwrap_or_else(|| self.now(real));
        *self = Self { mode, shown, when: real };
    }
}

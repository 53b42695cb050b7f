use super::Sandbox;
use crate::capsule::Change;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::registry::event_bus::Update;
use crate::registry::state::catch_up;
use crate::sandbox::error::SandboxError;
use crate::sandbox::event::SandboxEvent;
use crate::scenario::Clock;

/// The virtual clock of a [`Sandbox`]. Whatever is due happens while it moves, and is returned.
///
/// ```
/// use ringer::{SandboxError, Server};
/// use ringer::scenario::*;
///
/// let server = Server::builder().clock(Clock::frozen()).start()?;
/// let sandbox = server.sandbox("ci-1")?;
/// assert!(sandbox.clock().advance(minutes(20)).is_empty(), "nothing is rented");
///
/// let started = Timestamp::at("2026-01-01T00:00:00Z");
/// let error = sandbox.clock().advance_to(started).expect_err("it never runs backwards");
/// assert!(matches!(error, SandboxError::PastMoment { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SandboxClock<'a>(pub(super) &'a Sandbox);

/// Where a clock went, and what happened on the way.
#[derive(Debug)]
pub(crate) struct ClockMoved {
    pub now: Timestamp,
    /// The first events, in order.
    pub events: Vec<SandboxEvent>,
    /// The number of all events.
    pub count: u64,
}

impl SandboxClock<'_> {
    /// The time it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.with(|state, _| state.machine.now())
    }

    /// Replaces the clock, which goes on from the time it shows unless the new one names a start.
    ///
    /// # Errors
    /// When the new clock starts in the past.
    pub fn set(&self, clock: Clock) -> Result<Vec<SandboxEvent>, SandboxError> {
        self.change_all(Change::Clock(clock))
    }

    /// Moves the clock on by a time span, whatever its mode.
    pub fn advance(&self, by: impl Into<VirtualDuration>) -> Vec<SandboxEvent> {
        self.change_all(Change::Advance { by: by.into() }).unwrap_or_default()
    }

    /// Moves the clock on to a moment.
    ///
    /// # Errors
    /// When the moment has passed.
    pub fn advance_to(&self, moment: Timestamp) -> Result<Vec<SandboxEvent>, SandboxError> {
        self.change_all(Change::AdvanceTo { moment: moment.into() })
    }

    /// Moves the clock on to the next event that is due. Does nothing if none is.
    pub fn advance_to_next(&self) -> Vec<SandboxEvent> {
        self.change_all(Change::AdvanceToNext).unwrap_or_default()
    }

    fn change_all(&self, change: Change) -> Result<Vec<SandboxEvent>, SandboxError> {
        self.change(change, usize::MAX).map(|moved| moved.events)
    }

    /// Makes a change of the clock, and keeps the first `most` events.
    pub(crate) fn change(&self, change: Change, most: usize) -> Result<ClockMoved, SandboxError> {
        let (slot, real_clock) = (self.0.slot(), &self.0.registry.real);
        let (mut state, mut real) = catch_up(&slot, real_clock);
        if matches!(change, Change::AdvanceToNext) {
            // Planned events that have become void go first, a batch at a time.
            while state.machine.next_due().is_err() {
                state.yield_lock();
                real = real_clock.now();
            }
        }
        state.change(change, real)?;
        let collector = state.collect_events(most);
        drop(state);
        let (mut state, _) = catch_up(&slot, real_clock);
        let now = state.machine.now();
        let clock = state.machine.clock().starting_at(now);
        state.publish(now, || Update::Clock(clock));
        let (events, count) = state.collected_events(collector);
        Ok(ClockMoved { now, events, count })
    }
}

//! How a sandbox's clock is moved from outside.

use super::Sandbox;
use super::event_bus::Update;
use super::state::catch_up;
use crate::capsule::Change;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::sandbox::error::SandboxError;
use crate::sandbox::event::SandboxEvent;
use crate::scenario::Clock;

/// Where a clock was moved to, and what happened on the way.
#[derive(Debug)]
pub(crate) struct ClockMoved {
    /// What it shows.
    pub now: Timestamp,
    /// The first of what happened, in order.
    pub happened: Vec<SandboxEvent>,
    /// How much happened.
    pub count: u64,
}

impl Sandbox {
    /// Changes its clock, and passes all that is due on the way. Keeps the first `most` events.
    pub(crate) fn change_clock(
        &self,
        change: Change,
        most: usize,
    ) -> Result<ClockMoved, SandboxError> {
        let slot = self.slot();
        let (mut state, mut real) = catch_up(&slot, self.real());
        if matches!(change, Change::AdvanceToNext) {
            // Planned events that have become void go first, a stretch at a time.
            while state.machine.next_due().is_err() {
                state.let_others_in();
                real = self.real().now();
            }
        }
        state.change(change, real)?;
        let fired = state.keep_fired(most);
        drop(state);
        let (mut state, _) = catch_up(&slot, self.real());
        let now = state.machine.now();
        let clock = state.machine.clock().starting_at(now);
        state.publish(now, || Update::Clock(clock));
        let fired = state.take_fired(fired);
        let (happened, count) = fired.map_or((Vec::new(), 0), |fired| (fired.first, fired.count));
        Ok(ClockMoved { now, happened, count })
    }

    /// Moves its clock on by so much virtual time. Gives what happened on the way, in order.
    pub fn advance(&self, by: impl Into<VirtualDuration>) -> Vec<SandboxEvent> {
        self.passed(Change::Advance { by: by.into() }).unwrap_or_default()
    }

    /// Moves its clock on to this moment.
    ///
    /// # Errors
    /// When the moment has passed.
    pub fn advance_to(&self, moment: Timestamp) -> Result<Vec<SandboxEvent>, SandboxError> {
        self.passed(Change::AdvanceTo { moment: moment.into() })
    }

    /// Moves its clock on to the next event that is due. Empty where nothing is.
    pub fn advance_to_next(&self) -> Vec<SandboxEvent> {
        self.passed(Change::AdvanceToNext).unwrap_or_default()
    }

    /// Changes its clock; it goes on from where it stands, unless the new one says where.
    ///
    /// # Errors
    /// When the new clock starts at a moment that has passed.
    pub fn set_clock(&self, clock: Clock) -> Result<Vec<SandboxEvent>, SandboxError> {
        self.passed(Change::Clock(clock))
    }

    fn passed(&self, change: Change) -> Result<Vec<SandboxEvent>, SandboxError> {
        self.change_clock(change, usize::MAX).map(|moved| moved.happened)
    }
}

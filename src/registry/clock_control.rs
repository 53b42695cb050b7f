//! How a sandbox's clock is moved from outside.

use super::Sandbox;
use super::event_bus::News;
use super::state::catch_up;
use crate::capsule::Change;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::sandbox::event::Event;
use crate::scenario::Clock;

/// How a clock is to be moved.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ClockMove {
    /// On by so much.
    By(VirtualDuration),
    /// On to this moment.
    To(Timestamp),
    /// On to the next event that is due.
    ToNext,
    /// Not at all, or to where this one starts: it runs otherwise from now on.
    Runs(Clock),
}

/// Where a clock was moved to, and what happened on the way.
#[derive(Debug)]
pub(crate) struct Moved {
    /// What it shows.
    pub now: Timestamp,
    /// The first of what happened, in order.
    pub happened: Vec<Event>,
    /// How much happened.
    pub count: u64,
}

impl Sandbox {
    /// Moves its clock, and tells what it shows then and what happened on the way: the first `most`
    /// events of it.
    ///
    /// # Errors
    /// What it shows, where it is to move to a moment that has passed.
    pub(crate) fn move_clock(&self, to: ClockMove, most: usize) -> Result<Moved, Timestamp> {
        let moment = match to {
            ClockMove::To(moment) => Some(moment),
            ClockMove::Runs(clock) => clock.start(),
            ClockMove::By(_) | ClockMove::ToNext => None,
        };
        self.move_unless(to, most, |now| moment.is_some_and(|moment| has_passed(moment, now)))
    }

    /// Moves its clock, unless it must not be moved from what it shows.
    fn move_unless(
        &self,
        to: ClockMove,
        most: usize,
        is_wrong: impl FnOnce(Timestamp) -> bool,
    ) -> Result<Moved, Timestamp> {
        let slot = self.slot();
        let (mut state, mut real) = catch_up(&slot, self.real());
        let now = state.machine.now();
        if is_wrong(now) {
            return Err(now);
        }
        let fired = state.keep_fired(most);
        let change = match to {
            ClockMove::By(by) => {
                state.machine.move_clock_by(by, real);
                Change::Advance { by }
            }
            ClockMove::To(moment) => {
                state.machine.move_clock_to(moment, real);
                Change::AdvanceTo { moment: moment.into() }
            }
            ClockMove::Runs(clock) => {
                state.machine.change_clock(clock, real);
                Change::Clock(clock)
            }
            ClockMove::ToNext => {
                // What will do nothing any more is passed over, a stretch at a time.
                while state.machine.move_clock_to_next(real).is_err() {
                    state.let_others_in();
                    real = self.real().now();
                }
                Change::AdvanceToNext
            }
        };
        state.note(change, real);
        drop(state);
        let (mut state, _) = catch_up(&slot, self.real());
        let now = state.machine.now();
        let clock = state.machine.clock().starting_at(now);
        state.publish(now, || News::Clock(clock));
        let fired = state.take_fired(fired);
        let (happened, count) = fired.map_or((Vec::new(), 0), |fired| (fired.first, fired.count));
        Ok(Moved { now, happened, count })
    }

    /// Moves its clock on by so much virtual time. Gives what happened on the way, in order.
    pub fn advance(&self, by: impl Into<VirtualDuration>) -> Vec<Event> {
        self.moved(ClockMove::By(by.into()))
    }

    /// Moves its clock on to this moment; one that has passed moves nothing.
    pub fn advance_to(&self, moment: Timestamp) -> Vec<Event> {
        self.moved(ClockMove::To(moment))
    }

    /// Moves its clock on to the next event that is due. Empty where nothing is.
    pub fn advance_to_next(&self) -> Vec<Event> {
        self.moved(ClockMove::ToNext)
    }

    /// Changes its clock; it goes on from where it stands, unless the new one says where.
    pub fn set_clock(&self, clock: Clock) -> Vec<Event> {
        self.moved(ClockMove::Runs(clock))
    }

    fn moved(&self, to: ClockMove) -> Vec<Event> {
        let moved = self.move_unless(to, usize::MAX, |_| false);
        moved.map_or_else(|_| Vec::new(), |moved| moved.happened)
    }
}

/// Whether it is over, as far as anybody can see who is shown whole seconds.
const fn has_passed(moment: Timestamp, now: Timestamp) -> bool {
    moment.as_unix_millis().div_euclid(1_000) < now.as_unix_millis().div_euclid(1_000)
}

//! How a sandbox's clock is moved from outside.

use super::feed::News;
use super::{SandboxHandle, World};
use crate::domain::span::Span;
use crate::domain::timestamp::Timestamp;
use crate::insight::capsule::Change;
use crate::sandbox::Sandbox;
use crate::sandbox::clock::RealTime;
use crate::sandbox::event::Event;
use crate::scenario::Clock;

/// How a clock is to be moved.
#[derive(Clone, Copy, Debug)]
pub enum MoveOn {
    /// On by so much.
    By(Span),
    /// On to this moment.
    To(Timestamp),
    /// On to the next event that is due.
    ToNext,
    /// Not at all, or to where this one starts: it runs otherwise from now on.
    Runs(Clock),
}

impl SandboxHandle {
    /// Moves its clock, and tells what it shows then and what happened on the way.
    ///
    /// # Errors
    /// What it shows, where it is to move to a moment that has passed.
    pub fn move_on(&self, to: MoveOn) -> Result<(Timestamp, Vec<Event>), Timestamp> {
        self.with(|world, real| {
            let now = world.sandbox.now();
            let happened = match to {
                MoveOn::By(by) => moved(world, real, Change::Advance { by }, |sandbox, real| {
                    sandbox.advance(by, real)
                }),
                MoveOn::To(moment) if has_passed(moment, now) => return Err(now),
                MoveOn::To(moment) => {
                    let change = Change::AdvanceTo { moment: moment.into() };
                    moved(world, real, change, |sandbox, real| sandbox.advance_to(moment, real))
                }
                MoveOn::ToNext => {
                    moved(world, real, Change::AdvanceToNext, Sandbox::advance_to_next)
                }
                MoveOn::Runs(clock) if clock.start().is_some_and(|at| has_passed(at, now)) => {
                    return Err(now);
                }
                MoveOn::Runs(clock) => moved(world, real, Change::Clock(clock), |sandbox, real| {
                    sandbox.set_clock(clock, real)
                }),
            };
            Ok((world.sandbox.now(), happened))
        })
    }
}

pub(super) fn moved(
    world: &mut World,
    real: RealTime,
    change: Change,
    act: impl FnOnce(&mut Sandbox, RealTime) -> Vec<Event>,
) -> Vec<Event> {
    let happened = act(&mut world.sandbox, real);
    world.note(change, real);
    world.tell(&happened);
    let now = world.sandbox.now();
    world.publish(now, || News::Clock(world.sandbox.clock().starting_at(now)));
    happened
}

/// Whether it is over, as far as anybody can see who is shown whole seconds.
const fn has_passed(moment: Timestamp, now: Timestamp) -> bool {
    moment.as_unix_millis().div_euclid(1_000) < now.as_unix_millis().div_euclid(1_000)
}

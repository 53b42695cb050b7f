//! Moves the sandbox to the time its clock shows.

use std::sync::Arc;

use super::calls::still_applies;
use super::clock::RealTime;
use super::event::{EventKind, SandboxEvent};
use super::rental::{EndedBy, Rental, RentalEnd, RentalSlot};
use super::{Action, Planned, StateMachine, Timestamp, VirtualDuration};
use crate::scenario::Clock;

/// The most events that one batch of catching up handles. A batch takes well below a
/// millisecond, so that nobody notices the wait for the lock.
pub(super) const MAX_BATCH: usize = 1_000;

/// The work exceeds one batch: call again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unfinished;

/// One batch of catching up.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub happened: Vec<SandboxEvent>,
    pub is_caught_up: bool,
}

impl StateMachine {
    /// Catches up with the clock. Each event happens at the time it is due; events due at the same
    /// time happen in the order they were planned.
    pub(crate) fn catch_up(&mut self, real: RealTime) -> Vec<SandboxEvent> {
        let mut happened = Vec::new();
        loop {
            let batch = self.catch_up_batch(real);
            happened.extend(batch.happened);
            if batch.is_caught_up {
                return happened;
            }
        }
    }

    /// The same for at most [`MAX_BATCH`] events. Until it has caught up, nothing else may be asked
    /// of the sandbox.
    pub(crate) fn catch_up_batch(&mut self, real: RealTime) -> Batch {
        let now = self.clock.now(real);
        let mut batch = Batch::default();
        for _ in 0..MAX_BATCH {
            let Some(due) = self.schedule.take_due(now) else {
                self.now = now;
                batch.is_caught_up = self.rentals.drop_old(now, MAX_BATCH);
                break;
            };
            self.now = self.now.max(due.at);
            if let Some(kind) = self.apply_event(due.event) {
                batch.happened.push(SandboxEvent { at: due.at, kind });
            }
        }
        batch
    }

    /// Moves a per_poll clock by its step, which each getSMS does first, and returns the step.
    pub(crate) fn step_clock(&mut self, real: RealTime) -> Option<VirtualDuration> {
        let step = self.clock.step()?;
        self.move_clock_by(step, real);
        self.stepped = self.stepped + step;
        Some(step)
    }

    /// The caller catches up afterwards.
    pub(crate) fn move_clock_by(&mut self, span: VirtualDuration, real: RealTime) {
        self.move_clock_to(self.clock.now(real).plus(span), real);
    }

    /// A moment in the past moves nothing. The caller catches up afterwards.
    pub(crate) fn move_clock_to(&mut self, moment: Timestamp, real: RealTime) {
        self.clock.set(moment.max(self.clock.now(real)), real);
    }

    /// Replaces the clock, which goes on from the time it shows, or from its own start if that is
    /// later. The caller catches up before and afterwards.
    pub(crate) fn change_clock(&mut self, mode: Clock, real: RealTime) {
        self.clock.set_mode(mode, real);
        let moment = self.clock.now(real).max(self.now);
        self.clock.set(moment, real);
    }

    /// Lets the clock go on from the moment up to which the sandbox has lived.
    pub(crate) fn resume_clock(&mut self, real: RealTime) {
        self.clock.set(self.now, real);
    }

    /// When the next event is due that will have an effect.
    pub(crate) fn next_due(&mut self) -> Result<Option<Timestamp>, Unfinished> {
        let grace = self.scenario.rental.late_sms_grace;
        for _ in 0..MAX_BATCH {
            let Some(due) = self.schedule.first().copied() else { return Ok(None) };
            if still_applies(&due, &self.rentals, grace) {
                return Ok(Some(due.at));
            }
            self.schedule.take_due(due.at);
        }
        Err(Unfinished)
    }

    /// Moves the clock to the next event, and returns whether there is one.
    pub(crate) fn move_clock_to_next(&mut self, real: RealTime) -> Result<bool, Unfinished> {
        let due = self.next_due()?;
        if let Some(due) = due {
            self.move_clock_to(due, real);
        }
        Ok(due.is_some())
    }

    #[cfg(test)]
    pub(crate) fn advance(&mut self, span: VirtualDuration, real: RealTime) -> Vec<SandboxEvent> {
        self.move_clock_by(span, real);
        self.catch_up(real)
    }

    /// A time of its clock without the steps that a per_poll clock has made.
    pub(crate) fn without_steps(&self, at: Timestamp) -> Timestamp {
        at.minus(self.stepped)
    }

    /// What the clock shows, whether or not the sandbox has caught up.
    pub(crate) fn clock_shows(&self, real: RealTime) -> Timestamp {
        self.clock.now(real)
    }

    /// The real time at which the next event falls due, if the clock gets there by itself.
    pub(crate) fn next_due_in_real_time(&self) -> Option<RealTime> {
        self.clock.real_time_of(self.schedule.first_at()?)
    }

    /// The real time at which the newest rental expires, if the clock gets there by itself.
    pub(crate) fn last_expiry_in_real_time(&self) -> Option<RealTime> {
        self.clock.real_time_of(self.last_expiry)
    }

    pub(super) fn apply_event(&mut self, planned: Planned) -> Option<EventKind> {
        match planned {
            Planned::Step(slot) => self.play_step(slot),
            Planned::Extra(slot, index) => self.take_extra(slot, index),
            Planned::Expiry(slot) => self.end_live(slot, EndedBy::Expiry),
            Planned::Stock { offer, change } => {
                self.stocks[usize::from(offer)].change(change);
                Some(self.relist(offer))
            }
            Planned::ListingRefresh { offer } => Some(self.relist(offer)),
        }
    }

    fn relist(&mut self, offer: u16) -> EventKind {
        self.listing.expire();
        EventKind::Stock {
            country: self.scenario.countries[usize::from(offer)].country,
            available: self.stocks[usize::from(offer)].available,
        }
    }

    fn end_live(&mut self, slot: RentalSlot, by: EndedBy) -> Option<EventKind> {
        let rental = self.rentals.at(slot).filter(|rental| rental.end.is_none())?;
        let rental_id = self.rentals.id(rental.serial);
        self.end(slot, by);
        Some(match by {
            EndedBy::Expiry => EventKind::Expiry { rental_id },
            EndedBy::Cancel | EndedBy::Revocation => EventKind::Revocation { rental_id },
        })
    }

    fn play_step(&mut self, slot: RentalSlot) -> Option<EventKind> {
        let is_live = self.takes_sms(slot)?;
        let rental = self.rentals.at(slot)?;
        let rental_id = self.rentals.id(rental.serial);
        let action = match &self.steps_of(rental).get(usize::from(rental.played))?.action {
            Action::Sms(_) | Action::Duplicate => None,
            Action::Expire => Some(EndedBy::Expiry),
            Action::Revoke => Some(EndedBy::Revocation),
        };
        if let Some(rental) = self.rentals.at_mut(slot) {
            rental.played += 1;
            rental.has_sms |= is_live && action.is_none();
        }
        self.plan_next_step(slot);
        match action {
            None => Some(EventKind::Sms { rental_id }),
            Some(by) => self.end_live(slot, by),
        }
    }

    /// Whether the rental is live; `None` if it can no longer receive an SMS.
    pub(super) fn takes_sms(&self, slot: RentalSlot) -> Option<bool> {
        let grace = self.scenario.rental.late_sms_grace;
        match self.rentals.at(slot)?.end {
            None => Some(true),
            Some(RentalEnd { at, .. }) if self.now < at.plus(grace) => Some(false),
            Some(_) => None,
        }
    }

    fn take_extra(&mut self, slot: RentalSlot, index: u16) -> Option<EventKind> {
        let is_live = self.takes_sms(slot)?;
        let rental = self.rentals.at_mut(slot)?;
        Arc::make_mut(rental.extra.as_mut()?).get_mut(usize::from(index))?.arrived = true;
        rental.has_sms |= is_live;
        let serial = rental.serial;
        Some(EventKind::Sms { rental_id: self.rentals.id(serial) })
    }

    pub(super) fn plan_next_step(&mut self, slot: RentalSlot) {
        let next = self.rentals.at(slot).and_then(|rental| self.next_step_at(rental));
        if let Some(at) = next {
            self.schedule.add(at, Planned::Step(slot));
        }
    }

    pub(super) fn next_step_at(&self, rental: &Rental) -> Option<Timestamp> {
        let step = self.steps_of(rental).get(usize::from(rental.played))?;
        Some(rental.rented_at.plus(step.after))
    }
}

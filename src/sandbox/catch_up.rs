//! How a sandbox comes up to now.

use std::sync::Arc;

use super::calls::will_happen;
use super::clock::RealTime;
use super::event::{EventKind, SandboxEvent};
use super::rental::{EndedBy, Rental, RentalEnd, RentalSlot};
use super::{Action, Planned, StateMachine, Timestamp, VirtualDuration};
use crate::scenario::Clock;

/// How many due events one stretch of catching up carries out at most: a stretch takes well below
/// a millisecond, so that whoever waits for the sandbox meanwhile hardly notices.
pub(super) const STRETCH: usize = 1_000;

/// There is more to do than one stretch takes: ask again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unfinished;

/// A bounded part of catching up.
#[derive(Debug, Default)]
pub(crate) struct Stretch {
    /// What happened, in order.
    pub happened: Vec<SandboxEvent>,
    /// Whether the sandbox is up to now.
    pub is_caught_up: bool,
}

impl StateMachine {
    /// Brings the sandbox up to what its clock shows at this real time: each due event happens at
    /// its own due time, ties in the order they were planned. Gives what happened.
    pub(crate) fn catch_up(&mut self, real: RealTime) -> Vec<SandboxEvent> {
        let mut happened = Vec::new();
        loop {
            let stretch = self.catch_up_some(real);
            happened.extend(stretch.happened);
            if stretch.is_caught_up {
                return happened;
            }
        }
    }

    /// The same, but at most [`STRETCH`] events of it: until the sandbox is caught up, nothing else
    /// may be asked of it.
    pub(crate) fn catch_up_some(&mut self, real: RealTime) -> Stretch {
        let now = self.clock.now(real);
        let mut stretch = Stretch::default();
        for _ in 0..STRETCH {
            let Some(due) = self.schedule.take_due(now) else {
                self.now = now;
                stretch.is_caught_up = self.rentals.drop_old(now, STRETCH);
                break;
            };
            self.now = self.now.max(due.at);
            if let Some(kind) = self.happen(due.event) {
                stretch.happened.push(SandboxEvent { at: due.at, kind });
            }
        }
        stretch
    }

    /// Moves a per_poll clock by its step, as each getSMS does first. Gives the step.
    pub(crate) fn step_clock(&mut self, real: RealTime) -> Option<VirtualDuration> {
        let step = self.clock.step()?;
        self.move_clock_by(step, real);
        Some(step)
    }

    /// Moves the clock on by `span`, whatever its mode. The sandbox is to be caught up then.
    pub(crate) fn move_clock_by(&mut self, span: VirtualDuration, real: RealTime) {
        self.move_clock_to(self.clock.now(real).plus(span), real);
    }

    /// Moves the clock on to `moment`; a moment that has passed moves nothing. The sandbox is to be
    /// caught up then.
    pub(crate) fn move_clock_to(&mut self, moment: Timestamp, real: RealTime) {
        self.clock.set(moment.max(self.clock.now(real)), real);
    }

    /// Changes the mode of the clock; it goes on from where it stands, unless the mode says where.
    /// A moment that has passed is no place to go on from: time never runs backwards. The sandbox
    /// is to be caught up before, and then.
    pub(crate) fn change_clock(&mut self, mode: Clock, real: RealTime) {
        self.clock.set_mode(mode, real);
        let moment = self.clock.now(real).max(self.now);
        self.clock.set(moment, real);
    }

    /// When the next event is due that will do something, if one is.
    pub(crate) fn next_due(&mut self) -> Result<Option<Timestamp>, Unfinished> {
        let grace = self.scenario.rental.late_sms_grace;
        for _ in 0..STRETCH {
            let Some(due) = self.schedule.first().copied() else { return Ok(None) };
            if will_happen(&due, &self.rentals, grace) {
                return Ok(Some(due.at));
            }
            self.schedule.take_due(due.at);
        }
        Err(Unfinished)
    }

    /// Moves the clock on to the next event that is due. Whether there is one.
    ///
    /// # Errors
    /// After [`STRETCH`] planned events that will do nothing: it is to be asked again.
    pub(crate) fn move_clock_to_next(&mut self, real: RealTime) -> Result<bool, Unfinished> {
        let due = self.next_due()?;
        if let Some(due) = due {
            self.move_clock_to(due, real);
        }
        Ok(due.is_some())
    }

    /// Moves the clock on by `span`, whatever its mode. Gives what happened on the way.
    #[cfg(test)]
    pub(crate) fn advance(&mut self, span: VirtualDuration, real: RealTime) -> Vec<SandboxEvent> {
        self.move_clock_by(span, real);
        self.catch_up(real)
    }

    /// What the clock shows at this real time, caught up or not.
    pub(crate) fn clock_shows(&self, real: RealTime) -> Timestamp {
        self.clock.now(real)
    }

    /// When the real time will be that the next planned event is due, if the clock ever gets there
    /// by itself.
    pub(crate) fn next_due_in_real_time(&self) -> Option<RealTime> {
        self.clock.real_time_of(self.schedule.first_at()?)
    }

    /// When the real time will be that the rental expires which was made last, if the clock ever
    /// gets there by itself.
    pub(crate) fn last_expiry_in_real_time(&self) -> Option<RealTime> {
        self.clock.real_time_of(self.last_expiry)
    }

    pub(super) fn happen(&mut self, planned: Planned) -> Option<EventKind> {
        match planned {
            Planned::Step(slot) => self.play_step(slot),
            Planned::Extra(slot, index) => self.take_extra(slot, index),
            Planned::Expiry(slot) => self.end_live(slot, EndedBy::Expiry),
            Planned::Stock { offer, change } => {
                self.stocks[usize::from(offer)].change(change);
                Some(self.relist(offer))
            }
            Planned::Truth { offer } => Some(self.relist(offer)),
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

    /// Whether a rental that can still receive an SMS lives; `None` where it cannot.
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

//! How a sandbox comes up to now.

use super::calls::will_happen;
use super::clock::RealTime;
use super::event::{Event, Happening};
use super::rental::{EndedBy, Rental, RentalSlot, State};
use super::{Action, Planned, Sandbox, Span, Timestamp};
use crate::scenario::Clock;

impl Sandbox {
    /// Brings the sandbox up to what its clock shows at this real time: each due event happens at
    /// its own due time, ties in the order they were planned. Gives what happened.
    pub fn catch_up(&mut self, real: RealTime) -> Vec<Event> {
        self.catch_up_to(self.clock.now(real))
    }

    /// The same for a getSMS, which moves a per_poll clock by its step first.
    pub fn catch_up_for_poll(&mut self, real: RealTime) -> Vec<Event> {
        match self.clock.step() {
            Some(step) => self.advance(step, real),
            None => self.catch_up(real),
        }
    }

    /// Moves the clock on by `span`, whatever its mode. Gives what happened on the way.
    pub fn advance(&mut self, span: Span, real: RealTime) -> Vec<Event> {
        self.advance_to(self.clock.now(real).plus(span), real)
    }

    /// Moves the clock on to `moment`; a moment that has passed moves nothing.
    pub fn advance_to(&mut self, moment: Timestamp, real: RealTime) -> Vec<Event> {
        let moment = moment.max(self.clock.now(real));
        self.clock.set(moment, real);
        self.catch_up_to(moment)
    }

    /// Moves the clock on to the next event that is due, if there is one.
    pub fn advance_to_next(&mut self, real: RealTime) -> Vec<Event> {
        let mut happened = self.catch_up(real);
        let grace = self.scenario.rental.late_sms_grace;
        // What was planned may do nothing any more; then what comes after it is the next.
        while happened.is_empty()
            && let Some(due) = self.schedule.first().copied()
        {
            if will_happen(&due, &self.rentals, grace) {
                happened = self.advance_to(due.at, real);
            } else {
                self.schedule.take_due(due.at);
            }
        }
        happened
    }

    /// Changes the mode of the clock; it goes on from where it stands, unless the mode says where.
    /// A moment that has passed is no place to go on from: time never runs backwards.
    pub fn set_clock(&mut self, mode: Clock, real: RealTime) -> Vec<Event> {
        let mut happened = self.catch_up(real);
        self.clock.set_mode(mode, real);
        let moment = self.clock.now(real).max(self.now);
        happened.extend(self.advance_to(moment, real));
        happened
    }

    fn catch_up_to(&mut self, now: Timestamp) -> Vec<Event> {
        let mut happened = Vec::new();
        while let Some(due) = self.schedule.take_due(now) {
            self.now = self.now.max(due.at);
            if let Some(what) = self.happen(due.event) {
                happened.push(Event { at: due.at, what });
            }
        }
        self.now = now;
        self.rentals.drop_old(now);
        happened
    }

    pub(super) fn happen(&mut self, planned: Planned) -> Option<Happening> {
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

    fn relist(&mut self, offer: u16) -> Happening {
        self.listing.expire();
        Happening::Stock {
            country: self.scenario.countries[usize::from(offer)].country,
            available: self.stocks[usize::from(offer)].available,
        }
    }

    fn end_live(&mut self, slot: RentalSlot, by: EndedBy) -> Option<Happening> {
        let rental = self.rentals.at(slot).filter(|rental| rental.state == State::Live)?;
        let rental_id = self.rentals.id(rental.serial);
        self.end(slot, by);
        Some(match by {
            EndedBy::Expiry => Happening::Expiry { rental_id },
            EndedBy::Cancel | EndedBy::Revocation => Happening::Revocation { rental_id },
        })
    }

    fn play_step(&mut self, slot: RentalSlot) -> Option<Happening> {
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
            None => Some(Happening::Sms { rental_id }),
            Some(by) => self.end_live(slot, by),
        }
    }

    /// Whether a rental that can still receive an SMS lives; `None` where it cannot.
    pub(super) fn takes_sms(&self, slot: RentalSlot) -> Option<bool> {
        let grace = self.scenario.rental.late_sms_grace;
        match self.rentals.at(slot)?.state {
            State::Live => Some(true),
            State::Ended { at, .. } if self.now < at.plus(grace) => Some(false),
            State::Ended { .. } => None,
        }
    }

    fn take_extra(&mut self, slot: RentalSlot, index: u16) -> Option<Happening> {
        let is_live = self.takes_sms(slot)?;
        let rental = self.rentals.at_mut(slot)?;
        rental.extra.as_mut()?.get_mut(usize::from(index))?.arrived = true;
        rental.has_sms |= is_live;
        let serial = rental.serial;
        Some(Happening::Sms { rental_id: self.rentals.id(serial) })
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

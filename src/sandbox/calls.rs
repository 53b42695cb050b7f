//! The four calls of the partner API.

use std::sync::Arc;

use rand::{Rng, RngExt};

use super::command::{Refusal, Reply};
use super::rental::{EndedBy, ExtraSms, Rental, RentalEnd, RentalSlot, Rentals};
use super::schedule::Due;
use super::{Planned, StateMachine, refusals, sms_content, steps_of};
use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::{AfterEnd, Listing};

impl StateMachine {
    pub(super) fn get_numbers(&mut self, country: Option<Country>) -> Reply {
        let (now, started) = (self.now, self.started);
        let lines = |wanted: Option<Country>| {
            let offers = self.scenario.countries.iter().zip(&self.stocks);
            offers
                .filter(|(offer, _)| match wanted {
                    Some(wanted) => wanted == offer.country,
                    None => !offer.hidden,
                })
                .map(|(offer, stock)| stock.listed(offer, started, now))
                .collect()
        };
        Reply::Numbers(match country {
            None => self.listing.get(|| lines(None)),
            Some(_) => Arc::new(lines(country).into()),
        })
    }

    pub(super) fn rent(
        &mut self,
        country: Country,
        service: Option<Service>,
    ) -> Result<Reply, Refusal> {
        let (most_active, time_to_live) =
            (self.scenario.rental.max_active, self.scenario.rental.time_to_live);
        let offered = self.scenario.countries.iter().position(|offer| offer.country == country);
        let Some(index) = offered else {
            return Err(self.not_offered(country));
        };
        if most_active.is_some_and(|most| self.rentals.live() >= most) {
            return Err(self.too_many_active());
        }
        let stock = &mut self.stocks[index];
        let honest = self.scenario.countries[index].listing == Listing::Live;
        if stock.available == 0 {
            return Err(self.out_of_stock(country, honest));
        }
        let price = stock.price;
        if let Some(balance) = self.totals.balance.filter(|balance| *balance < price) {
            return Err(refusals::insufficient_balance(balance, price));
        }
        stock.available -= 1;
        let (number, slot) = self.pools[stock.pool].take();
        self.listing.expire();

        let script = self.draw_script(country, service.as_ref());
        let seed = self.seeds.next_u64();
        let rented_at = self.now;
        let (rental_id, kept_at) = self.rentals.add(|serial| Rental {
            serial,
            offer: index as u16,
            script,
            played: 0,
            calls: [0; 2],
            has_sms: false,
            extra: None,
            number,
            slot,
            service,
            seed,
            price,
            rented_at,
            end: None,
        });
        self.totals.rented(price);
        let expires_at = rented_at.plus(time_to_live);
        self.last_expiry = expires_at;
        // Planned before the steps, so that nothing else happens at the very moment of expiry.
        self.schedule.add(expires_at, Planned::Expiry(kept_at));
        self.plan_next_step(kept_at);
        Ok(Reply::Rented { number, rental_id, expires_at, country })
    }

    fn draw_script(&mut self, country: Country, service: Option<&Service>) -> Option<(u16, u16)> {
        let script = self.scenario.script_for(country, service)?;
        let variants = &self.scenario.scripts[script].variants;
        let total: u64 = variants.iter().map(|variant| u64::from(variant.weight)).sum();
        let mut drawn = self.variants.random_range(0..total.max(1));
        let variant = variants.iter().position(|variant| {
            let weight = u64::from(variant.weight);
            let here = drawn < weight;
            drawn = drawn.saturating_sub(weight);
            here
        });
        Some((script as u16, variant.unwrap_or(0) as u16))
    }

    pub(super) fn get_sms(&mut self, rental_id: RentalId) -> Result<Reply, Refusal> {
        let (_, rental) = find(&self.rentals, rental_id)?;
        if let Some(RentalEnd { at, by, .. }) = rental.end
            && self.scenario.rental.after_end == AfterEnd::Gone
        {
            return Err(refusals::gone(rental_id, at, by));
        }
        let steps = steps_of(&self.scenario, rental);
        Ok(Reply::Messages(self.inboxes.get(rental, steps)))
    }

    pub(super) fn cancel(&mut self, rental_id: RentalId) -> Result<Reply, Refusal> {
        let (slot, rental) = find(&self.rentals, rental_id)?;
        let policy = &self.scenario.rental;
        match rental.end {
            Some(RentalEnd { at, by: EndedBy::Expiry, .. }) => {
                return Err(refusals::expired(rental_id, at));
            }
            Some(RentalEnd { at, .. }) if policy.second_cancel_refused => {
                return Err(refusals::already_cancelled(rental_id, at));
            }
            Some(RentalEnd { refund, .. }) => return Ok(Reply::Cancelled { rental_id, refund }),
            None => {}
        }
        if let Some(template) = &policy.sms_during_cancel
            && !rental.has_sms
        {
            let sms = sms_content::unplanned(rental, template, self.now);
            // Scenario checks have reserved the space for it.
            let reply_bytes = self.reply_bytes(rental);
            if let Some(rental) = self.rentals.at_mut(slot) {
                rental.has_sms = true;
            }
            self.rentals.add_extra(slot, ExtraSms { sms, arrived: true, reply_bytes });
            return Err(refusals::sms_already_received(rental_id));
        }
        if rental.has_sms && policy.cancel_after_sms_refused {
            return Err(refusals::sms_already_received(rental_id));
        }
        let allowed_at = rental.rented_at.plus(policy.early_cancel_denied);
        if self.now < allowed_at {
            return Err(refusals::early_cancel(rental_id, allowed_at.since(self.now)));
        }
        let refund = self.end(slot, EndedBy::Cancel);
        Ok(Reply::Cancelled { rental_id, refund })
    }

    /// Ends a live rental, refunds and restocks it if it received no SMS, and returns the refund.
    pub(super) fn end(&mut self, slot: RentalSlot, by: EndedBy) -> Money {
        let Some(rental) = self.rentals.at(slot) else { return Money::ZERO };
        let refund = if rental.has_sms { Money::ZERO } else { rental.price };
        let (offer, number_slot, sold) = (rental.offer, rental.slot, rental.has_sms);
        self.totals.ended(rental, by, refund);
        let has_step = self.next_step_at(rental).is_some();
        let stock = &mut self.stocks[usize::from(offer)];
        self.pools[stock.pool].give_back(number_slot);
        if !sold {
            stock.available = stock.available.saturating_add(1);
            self.listing.expire();
        }
        self.rentals.end(slot, self.now, by, refund);
        if by != EndedBy::Expiry {
            self.count_cancelled();
        }
        if has_step {
            self.count_cancelled();
        }
        refund
    }

    fn count_cancelled(&mut self) {
        let (rentals, grace) = (&self.rentals, self.scenario.rental.late_sms_grace);
        self.schedule.count_cancelled(|due| still_applies(due, rentals, grace));
    }
}

/// Whether a planned event will still have an effect when it is due.
pub(super) fn still_applies(due: &Due<Planned>, rentals: &Rentals, grace: VirtualDuration) -> bool {
    let end = |slot| rentals.at(slot).map(|rental| rental.end);
    match due.event {
        Planned::Stock { .. } | Planned::ListingRefresh { .. } => true,
        Planned::Expiry(slot) => end(slot) == Some(None),
        Planned::Step(slot) | Planned::Extra(slot, _) => match end(slot) {
            Some(None) => true,
            Some(Some(RentalEnd { at, .. })) => due.at < at.plus(grace),
            None => false,
        },
    }
}

fn find(rentals: &Rentals, rental_id: RentalId) -> Result<(RentalSlot, &Rental), Refusal> {
    let slot = rentals.find(rental_id);
    slot.and_then(|slot| rentals.at(slot).map(|rental| (slot, rental)))
        .ok_or_else(|| refusals::not_found(rental_id))
}

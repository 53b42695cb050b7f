//! What a test changes in a sandbox from outside. The caller has brought it up to now.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::Refusal;
use super::event::{Event, Happening};
use super::faults::FaultId;
use super::stock::Listed;
use super::{Planned, Sandbox, refusals};
use crate::domain::country::CountryCode;
use crate::domain::error_code::ErrorCode;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::span::Span;
use crate::scenario::{FaultRule, Offer};

/// A message to put into a rental.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Injection {
    /// Who it is from; may be empty.
    pub sender: String,
    /// What it says.
    pub text: String,
    /// The code that a client should find in it, where the caller says so.
    pub expected_code: Option<String>,
    /// How long from now it arrives.
    pub after: Span,
}

impl Sandbox {
    /// What is on offer, and how it stands: all of it, also what is listed only by name.
    pub fn offers(&self) -> impl Iterator<Item = (&Offer, Listed)> {
        let (now, started) = (self.now, self.started);
        let offers = self.scenario.countries.iter().zip(&self.stocks);
        offers.map(move |(offer, stock)| (offer, stock.listed(offer, started, now)))
    }

    /// How many numbers of a country can really be rented, whatever its listing says.
    #[must_use]
    pub fn stock(&self, country: CountryCode) -> Option<u32> {
        self.offer(country).map(|index| self.stocks[index].available)
    }

    fn offer(&self, country: CountryCode) -> Option<usize> {
        self.scenario.countries.iter().position(|offer| offer.country == country)
    }

    /// Sets the stock of a country, or its price, or both. Rentals that were made keep theirs.
    ///
    /// # Errors
    /// When it is not on offer.
    pub fn set_stock(
        &mut self,
        country: CountryCode,
        available: Option<u32>,
        price: Option<Money>,
    ) -> Result<Event, Refusal> {
        let index = self.offer(country).ok_or_else(|| self.not_offered(country))?;
        let stock = &mut self.stocks[index];
        stock.available = available.unwrap_or(stock.available);
        stock.price = price.unwrap_or(stock.price);
        let available = stock.available;
        self.listing.expire();
        Ok(Event { at: self.now, what: Happening::Stock { country, available } })
    }

    /// Puts an SMS into a rental, now or later. One that comes too late is never seen, as any other.
    ///
    /// # Errors
    /// When there is no such rental, or it can receive no more.
    pub fn inject(&mut self, id: RentalId, sms: Injection) -> Result<Option<Event>, Refusal> {
        const MOST: usize = 1_000;
        let slot = self.rentals.find(id).ok_or_else(|| refusals::not_found(id))?;
        let at = self.now.plus(sms.after);
        let Injection { sender, text, expected_code, after } = sms;
        let over = |what: String| Err(Refusal::new(ErrorCode::RentalExpired, what));
        if self.takes_sms(slot).is_none() {
            return over(format!("{id} is over, and takes no more messages"));
        }
        let rental = self.rentals.at_mut(slot).ok_or_else(|| refusals::not_found(id))?;
        if rental.extra.as_ref().is_some_and(|extra| extra.len() >= MOST) {
            return over(format!("{id} has {MOST} such messages, which is the most"));
        }
        let sms = Sms { sender, text, received_at: at, expected_code };
        let index = rental.add_extra(sms, false);
        if after == Span::ZERO {
            let happened = self.happen(Planned::Extra(slot, index));
            return Ok(happened.map(|what| Event { at, what }));
        }
        self.schedule.add(at, Planned::Extra(slot, index));
        Ok(None)
    }

    /// Adds a fault rule; it is tried after all others.
    pub fn add_fault(&mut self, rule: FaultRule) -> FaultId {
        self.faults.add(rule, self.now)
    }

    /// Removes a fault rule. Whether there was one.
    pub fn remove_fault(&mut self, id: FaultId) -> bool {
        self.faults.remove(id)
    }
}

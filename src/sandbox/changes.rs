//! What a test changes in a sandbox from outside. The caller has brought it up to now.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::SandboxError;
use super::event::{EventKind, SandboxEvent};
use super::faults::FaultId;
use super::rental::{ExtraSms, Rental};
use super::stock::ListedCountry;
use super::{Planned, StateMachine, refusals};
use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::limits::{self, TextLength};
use crate::scenario::validation::FieldError;
use crate::scenario::{FaultRule, Offer, Scenario};

/// A message to put into a rental.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSms {
    /// Who it is from; may be empty.
    pub sender: String,
    /// What it says.
    pub text: String,
    /// The code that a client should find in it, where the caller says so.
    pub expected_code: Option<String>,
    /// How long from now it arrives.
    pub after: VirtualDuration,
}

impl NewSms {
    /// An SMS that arrives at once.
    #[must_use]
    pub fn new(sender: impl Into<String>, text: impl Into<String>) -> Self {
        let (sender, text, after) = (sender.into(), text.into(), VirtualDuration::ZERO);
        Self { sender, text, expected_code: None, after }
    }

    /// Looks for what is too long.
    ///
    /// # Errors
    /// The field, how long it is, and how long it may be.
    pub fn check(&self) -> Result<(), FieldError> {
        let code = self.expected_code.as_deref().unwrap_or_default();
        for (field, text, most) in [
            ("sender", &*self.sender, Scenario::MAX_SMS_CHARS),
            ("text", &*self.text, Scenario::MAX_SMS_CHARS),
            ("expected_code", code, Scenario::MAX_EXPECTED_CODE_CHARS),
        ] {
            let count = text.chars().count();
            if count > most {
                let message = format!("has {count} characters; at most {most} are taken");
                return Err(FieldError { path: field.to_owned(), message });
            }
        }
        Ok(())
    }
}

impl StateMachine {
    /// What is on offer, and how it stands: all of it, also what is listed only by name.
    pub(crate) fn offers(&self) -> impl Iterator<Item = (&Offer, ListedCountry)> {
        let (now, started) = (self.now, self.started);
        let offers = self.scenario.countries.iter().zip(&self.stocks);
        offers.map(move |(offer, stock)| (offer, stock.listed(offer, started, now)))
    }

    /// How many numbers of a country can really be rented, whatever its listing says.
    pub(crate) fn stock(&self, country: Country) -> Option<u32> {
        self.offer(country).map(|index| self.stocks[index].available)
    }

    fn offer(&self, country: Country) -> Option<usize> {
        self.scenario.countries.iter().position(|offer| offer.country == country)
    }

    /// Sets the stock of a country, or its price, or both. Rentals that were made keep theirs.
    ///
    /// # Errors
    /// When it is not on offer.
    pub(crate) fn set_stock(
        &mut self,
        country: Country,
        available: Option<u32>,
        price: Option<Money>,
    ) -> Result<SandboxEvent, SandboxError> {
        let unknown = || SandboxError::NotFound(self.not_offered(country).message);
        let index = self.offer(country).ok_or_else(unknown)?;
        let stock = &mut self.stocks[index];
        stock.available = available.unwrap_or(stock.available);
        stock.price = price.unwrap_or(stock.price);
        let available = stock.available;
        self.listing.expire();
        Ok(SandboxEvent { at: self.now, kind: EventKind::Stock { country, available } })
    }

    /// Puts an SMS into a rental, now or later. One that comes too late is never seen, as any other.
    ///
    /// # Errors
    /// When there is no such rental, or it can receive no more.
    pub(crate) fn send_sms(
        &mut self,
        id: RentalId,
        sms: NewSms,
    ) -> Result<Option<SandboxEvent>, SandboxError> {
        const MOST: usize = 1_000;
        let unknown = || SandboxError::NotFound(refusals::not_found(id).message);
        let conflict = |message: String| Err(SandboxError::Conflict(message));
        let slot = self.rentals.find(id).ok_or_else(unknown)?;
        if let Err(error) = sms.check() {
            return conflict(error.to_string());
        }
        let at = self.now.plus(sms.after);
        let NewSms { sender, text, expected_code, after } = sms;
        if self.takes_sms(slot).is_none() {
            return conflict(format!("{id} is over, and takes no more messages"));
        }
        let rental = self.rentals.at(slot).ok_or_else(unknown)?;
        let size = limits::message_bytes(TextLength::of(&sender), TextLength::of(&text));
        let reply_bytes = self.reply_bytes(rental) + size;
        if reply_bytes > Scenario::MAX_REPLY_BYTES {
            return conflict(format!(
                "with this message, all of {id} may come to {reply_bytes} bytes in one getSMS reply; \
                 at most {} are taken, so send fewer or shorter ones",
                Scenario::MAX_REPLY_BYTES
            ));
        }
        if rental.extra.as_ref().is_some_and(|extra| extra.len() >= MOST) {
            return conflict(format!("{id} has {MOST} such messages, which is the most"));
        }
        let sms = Sms { sender, text, received_at: at, expected_code };
        let index = self.rentals.add_extra(slot, ExtraSms { sms, arrived: false, reply_bytes });
        let index = index.ok_or_else(unknown)?;
        if after == VirtualDuration::ZERO {
            let happened = self.happen(Planned::Extra(slot, index));
            return Ok(happened.map(|kind| SandboxEvent { at, kind }));
        }
        self.schedule.add(at, Planned::Extra(slot, index));
        Ok(None)
    }

    /// How many bytes the getSMS reply of a rental has at the most, once all is there that is due.
    pub(super) fn reply_bytes(&self, rental: &Rental) -> usize {
        match rental.extra.as_ref().and_then(|extra| extra.last()) {
            Some(last) => last.reply_bytes,
            None => limits::reply_bytes(self.steps_of(rental), &self.scenario.rental),
        }
    }

    /// Adds a fault rule; it is tried after all others.
    pub(crate) fn add_fault(&mut self, rule: FaultRule) -> Result<FaultId, SandboxError> {
        const MOST: usize = 1_000;
        if self.faults.rules().count() >= MOST {
            let message = format!("this sandbox has {MOST} rules, which is the most; remove some");
            return Err(SandboxError::Conflict(message));
        }
        Ok(self.faults.add(rule, self.now))
    }

    pub(crate) fn remove_fault(&mut self, id: FaultId) -> Result<(), SandboxError> {
        if self.faults.remove(id) {
            return Ok(());
        }
        Err(SandboxError::NotFound(format!("there is no fault rule {id}")))
    }
}

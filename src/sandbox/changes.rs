//! Changes from outside. The caller has caught up.

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

/// An SMS to be sent to a rental.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSms {
    /// The sender; may be empty.
    pub sender: String,
    /// The text.
    pub text: String,
    /// The code that a client should find in the text.
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

    /// Checks the length of each text.
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
    /// All countries on offer, including those that are listed only when asked for by name.
    pub(crate) fn offers(&self) -> impl Iterator<Item = (&Offer, ListedCountry)> {
        let (now, started) = (self.now, self.started);
        let offers = self.scenario.countries.iter().zip(&self.stocks);
        offers.map(move |(offer, stock)| (offer, stock.listed(offer, started, now)))
    }

    /// How many numbers can really be rented, whatever the listing claims.
    pub(crate) fn stock(&self, country: Country) -> Option<u32> {
        self.offer(country).map(|index| self.stocks[index].available)
    }

    fn offer(&self, country: Country) -> Option<usize> {
        self.scenario.countries.iter().position(|offer| offer.country == country)
    }

    /// Existing rentals keep their price.
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

    /// Lets an SMS arrive, now or later. An SMS due after the rental ends is dropped.
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
            let happened = self.apply_event(Planned::Extra(slot, index));
            return Ok(happened.map(|kind| SandboxEvent { at, kind }));
        }
        self.schedule.add(at, Planned::Extra(slot, index));
        Ok(None)
    }

    /// The size in bytes of the largest getSMS reply that the rental may still get.
    pub(super) fn reply_bytes(&self, rental: &Rental) -> usize {
        match rental.extra.as_ref().and_then(|extra| extra.last()) {
            Some(last) => last.reply_bytes,
            None => limits::reply_bytes(self.steps_of(rental), &self.scenario.rental),
        }
    }

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

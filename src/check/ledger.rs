//! The rentals of a run: how many it may make, what they cost, which are still live.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;

use super::case_outcome::NotPassed;
use super::exchange::HttpExchange;
use super::real_time;
use super::request::Account;
use super::timestamps::ParsedTimestamp;
use crate::domain::money::Money;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;

/// A rental that the run has made.
#[derive(Debug)]
pub(super) struct RentedNumber {
    /// As in the reply: a string, unless the server is wrong.
    pub(super) id: Value,
    pub(super) account: Account,
    /// The country that the request named.
    pub(super) country: String,
    pub(super) requested_at: Timestamp,
    /// The rentNumber call.
    pub(super) made: HttpExchange,
    /// `None` if the listing has no price for the country.
    pub(super) price: Option<Money>,
}

impl RentedNumber {
    pub(super) fn number(&self) -> Option<&str> {
        self.made.reply.field("number").as_str()
    }

    /// Whether it may expire during the next case. Never if the server's clock is so wrong that
    /// nobody can tell.
    pub(super) fn is_about_to_expire(&self) -> bool {
        let soon = real_time::now().plus(VirtualDuration::seconds(15));
        let expires_at = self.made.reply.field("expires_at").as_str();
        let expires_at = expires_at.and_then(ParsedTimestamp::parse).filter(|time| time.has_zone);
        let minute = VirtualDuration::seconds(60);
        expires_at.is_some_and(|time| time.at.since(self.requested_at) > minute && time.at < soon)
    }
}

#[derive(Debug)]
pub(super) struct Ledger {
    max_rentals: usize,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    /// How many rentals were made, are being made, or may have been made.
    reserved: usize,
    rentals: Vec<LedgerEntry>,
    lost: Vec<String>,
}

#[derive(Debug)]
struct LedgerEntry {
    rental: Arc<RentedNumber>,
    is_cancelled: bool,
    refund: Money,
}

impl Ledger {
    pub(super) fn new(max_rentals: usize) -> Self {
        Self { max_rentals, entries: Mutex::default() }
    }

    /// Call before each rentNumber. A skip if `--max-rentals` is used up.
    pub(super) fn reserve(&self) -> Result<(), NotPassed> {
        let mut entries = self.entries.lock();
        if entries.reserved >= self.max_rentals {
            let max = self.max_rentals;
            return Err(NotPassed::skipped(format!("--max-rentals {max} is used up")));
        }
        entries.reserved += 1;
        Ok(())
    }

    /// Call after a rentNumber that made no rental.
    pub(super) fn unreserve(&self) {
        self.entries.lock().reserved -= 1;
    }

    /// How many more rentals may be made.
    pub(super) fn remaining(&self) -> usize {
        self.max_rentals - self.entries.lock().reserved
    }

    pub(super) fn record(&self, rental: RentedNumber) -> Arc<RentedNumber> {
        let rental = Arc::new(rental);
        let entry =
            LedgerEntry { rental: Arc::clone(&rental), is_cancelled: false, refund: Money::ZERO };
        self.entries.lock().rentals.push(entry);
        rental
    }

    /// A request may have made a rental whose id never arrived.
    pub(super) fn record_lost(&self, request: String) {
        self.entries.lock().lost.push(request);
    }

    /// Only the first refund of a rental counts; cases judge the others.
    pub(super) fn record_cancel(&self, rental: &RentedNumber, refund: &Value) {
        let mut entries = self.entries.lock();
        let entry = entries
            .rentals
            .iter_mut()
            .find(|entry| entry.rental.id == rental.id && entry.rental.account == rental.account);
        if let Some(entry) = entry.filter(|entry| !entry.is_cancelled) {
            entry.is_cancelled = true;
            entry.refund = amount(refund).and_then(money).unwrap_or_default();
        }
    }

    /// Every rental of the run, oldest first.
    pub(super) fn all(&self) -> Vec<Arc<RentedNumber>> {
        self.entries.lock().rentals.iter().map(|entry| Arc::clone(&entry.rental)).collect()
    }

    /// The rentals that are not cancelled, oldest first.
    pub(super) fn live(&self) -> Vec<Arc<RentedNumber>> {
        let entries = self.entries.lock();
        let live = entries.rentals.iter().filter(|entry| !entry.is_cancelled);
        live.map(|entry| Arc::clone(&entry.rental)).collect()
    }

    /// The requests that may have made a rental whose id never arrived.
    pub(super) fn lost(&self) -> Vec<String> {
        self.entries.lock().lost.clone()
    }

    /// Prices less refunds, in US dollars. `None` if a price is unknown.
    pub(super) fn cost(&self) -> Option<Money> {
        let entries = self.entries.lock();
        entries
            .rentals
            .iter()
            .try_fold(Money::ZERO, |sum, entry| Some(sum + (entry.rental.price? - entry.refund)))
    }
}

/// An amount of money or of numbers, as a JSON number or a string.
pub(super) fn amount(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|amount| amount.is_finite())
}

/// `None` if the amount is negative.
pub(super) fn money(amount: f64) -> Option<Money> {
    format!("{amount:.4}").parse().ok()
}

//! The rentals that a run has made: how many it may make, what they cost, which are left.

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
    /// As the reply wrote it: a text, unless the server is wrong.
    pub(super) id: Value,
    pub(super) who: Account,
    /// The country that was asked for.
    pub(super) country: String,
    /// When it was asked for.
    pub(super) asked_at: Timestamp,
    /// How it was made.
    pub(super) made: HttpExchange,
    price: Option<Money>,
}

impl RentedNumber {
    pub(super) fn number(&self) -> Option<&str> {
        self.made.reply.field("number").as_str()
    }

    pub(super) fn price(&self) -> Option<Money> {
        self.price
    }

    /// Whether a case that begins now might outlive it. Where the server's clock is so wrong that
    /// nobody can tell, it is not.
    pub(super) fn is_about_to_expire(&self) -> bool {
        let soon = real_time::now().plus(VirtualDuration::seconds(15));
        let expires_at =
            self.made.reply.field("expires_at").as_str().and_then(ParsedTimestamp::read);
        expires_at.filter(|moment| moment.has_zone).is_some_and(|moment| {
            moment.at.since(self.asked_at) > VirtualDuration::seconds(60) && moment.at < soon
        })
    }
}

/// What a run may spend, and what it has.
#[derive(Debug)]
pub(super) struct Ledger {
    max_rentals: usize,
    books: Mutex<LedgerState>,
}

#[derive(Debug, Default)]
struct LedgerState {
    /// Rentals that were made or are being made.
    taken: usize,
    entries: Vec<(Arc<RentedNumber>, RentalState)>,
    lost: Vec<String>,
}

#[derive(Debug)]
enum RentalState {
    Live,
    Cancelled { refund: Option<Money> },
}

impl Ledger {
    pub(super) fn new(max_rentals: usize) -> Self {
        Self { max_rentals, books: Mutex::default() }
    }

    /// Takes the place of one more rental.
    pub(super) fn take(&self) -> Result<(), NotPassed> {
        let mut books = self.books.lock();
        if books.taken >= self.max_rentals {
            let max = self.max_rentals;
            return Err(NotPassed::skipped(format!("the --max-rentals {max} are used up")));
        }
        books.taken += 1;
        Ok(())
    }

    /// How many more may be made.
    pub(super) fn left(&self) -> usize {
        self.max_rentals - self.books.lock().taken
    }

    /// None was made in the place that was taken.
    pub(super) fn give_back(&self) {
        self.books.lock().taken -= 1;
    }

    /// One was made.
    pub(super) fn made(
        &self,
        made: HttpExchange,
        who: Account,
        country: &str,
        asked_at: Timestamp,
        price: Option<Money>,
    ) -> Arc<RentedNumber> {
        let id = made.reply.field("rental_id").clone();
        let country = country.to_owned();
        let rental = Arc::new(RentedNumber { id, who, country, asked_at, made, price });
        self.books.lock().entries.push((Arc::clone(&rental), RentalState::Live));
        rental
    }

    /// One may have been made, and nobody knows its id.
    pub(super) fn lost(&self, what: String) {
        self.books.lock().lost.push(what);
    }

    /// One was cancelled. What is paid back once more for the same rental is a case's affair.
    pub(super) fn cancelled(&self, rental: &RentedNumber, refund: &Value) {
        let refund = amount(refund).and_then(money);
        let mut books = self.books.lock();
        let entry = books.entries.iter_mut().find(|(known, _)| {
            known.id == rental.id
                && matches!(known.who, Account::Ours) == matches!(rental.who, Account::Ours)
        });
        if let Some((_, state @ RentalState::Live)) = entry {
            *state = RentalState::Cancelled { refund };
        }
    }

    /// All that were made, in their order.
    pub(super) fn all(&self) -> Vec<Arc<RentedNumber>> {
        self.books.lock().entries.iter().map(|(rental, _)| Arc::clone(rental)).collect()
    }

    /// Those that were made and not cancelled, in their order.
    pub(super) fn live(&self) -> Vec<Arc<RentedNumber>> {
        let books = self.books.lock();
        let live = books.entries.iter().filter(|(_, state)| matches!(state, RentalState::Live));
        live.map(|(rental, _)| Arc::clone(rental)).collect()
    }

    /// What may have been made and cannot be cancelled.
    pub(super) fn lost_ones(&self) -> Vec<String> {
        self.books.lock().lost.clone()
    }

    /// Prices less refunds in US dollars; `None` where some price is not known.
    pub(super) fn cost(&self) -> Option<Money> {
        let books = self.books.lock();
        books.entries.iter().try_fold(Money::ZERO, |sum, (rental, state)| {
            let refund = match state {
                RentalState::Live => Money::ZERO,
                RentalState::Cancelled { refund } => refund.unwrap_or_default(),
            };
            Some(sum + (rental.price? - refund))
        })
    }
}

/// An amount as a JSON number; a text will do for the books.
pub(super) fn amount(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|amount| amount.is_finite())
}

/// Rounded to what money is held in; `None` for what is less than nothing.
pub(super) fn money(amount: f64) -> Option<Money> {
    format!("{amount:.4}").parse().ok()
}

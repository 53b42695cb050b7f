//! The rentals that a run has made: how many it may make, what they cost, which are left.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;

use super::exchange::Exchange;
use super::moment::Moment;
use super::real_time;
use super::request::Who;
use super::verdict::NotPassed;
use crate::domain::money::Money;
use crate::domain::span::Span;
use crate::domain::timestamp::Timestamp;

/// A rental that the run has made.
#[derive(Debug)]
pub(super) struct Rental {
    /// As the reply wrote it: a text, unless the server is wrong.
    pub(super) id: Value,
    pub(super) who: Who,
    /// The country that was asked for.
    pub(super) country: String,
    /// When it was asked for.
    pub(super) asked_at: Timestamp,
    /// How it was made.
    pub(super) made: Exchange,
    price: Option<Money>,
}

impl Rental {
    pub(super) fn number(&self) -> Option<&str> {
        self.made.reply.field("number").as_str()
    }

    pub(super) fn price(&self) -> Option<Money> {
        self.price
    }

    /// Whether a case that begins now might outlive it. Where the server's clock is so wrong that
    /// nobody can tell, it is not.
    pub(super) fn is_about_to_expire(&self) -> bool {
        let soon = real_time::now().plus(Span::seconds(15));
        let expires_at = self.made.reply.field("expires_at").as_str().and_then(Moment::read);
        expires_at.filter(|moment| moment.has_zone).is_some_and(|moment| {
            moment.at.since(self.asked_at) > Span::seconds(60) && moment.at < soon
        })
    }
}

/// What a run may spend, and what it has.
#[derive(Debug)]
pub(super) struct Ledger {
    max_rentals: usize,
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    /// Rentals that were made or are being made.
    taken: usize,
    entries: Vec<(Arc<Rental>, State)>,
    lost: Vec<String>,
}

#[derive(Debug)]
enum State {
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
        made: Exchange,
        who: Who,
        country: &str,
        asked_at: Timestamp,
        price: Option<Money>,
    ) -> Arc<Rental> {
        let id = made.reply.field("rental_id").clone();
        let country = country.to_owned();
        let rental = Arc::new(Rental { id, who, country, asked_at, made, price });
        self.books.lock().entries.push((Arc::clone(&rental), State::Live));
        rental
    }

    /// One may have been made, and nobody knows its id.
    pub(super) fn lost(&self, what: String) {
        self.books.lock().lost.push(what);
    }

    /// One was cancelled. What is paid back once more for the same rental is a case's affair.
    pub(super) fn cancelled(&self, rental: &Rental, refund: &Value) {
        let refund = amount(refund).and_then(money);
        let mut books = self.books.lock();
        let entry = books.entries.iter_mut().find(|(known, _)| {
            known.id == rental.id
                && matches!(known.who, Who::Ours) == matches!(rental.who, Who::Ours)
        });
        if let Some((_, state @ State::Live)) = entry {
            *state = State::Cancelled { refund };
        }
    }

    /// All that were made, in their order.
    pub(super) fn all(&self) -> Vec<Arc<Rental>> {
        self.books.lock().entries.iter().map(|(rental, _)| Arc::clone(rental)).collect()
    }

    /// Those that were made and not cancelled, in their order.
    pub(super) fn live(&self) -> Vec<Arc<Rental>> {
        let books = self.books.lock();
        let live = books.entries.iter().filter(|(_, state)| matches!(state, State::Live));
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
                State::Live => Money::ZERO,
                State::Cancelled { refund } => refund.unwrap_or_default(),
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

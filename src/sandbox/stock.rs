//! What is left to rent, and what the listing says of it.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::timestamp::Timestamp;
use crate::scenario::{Listing, Offer, StockChange};

/// The stock of one country.
#[derive(Debug)]
pub(super) struct Stock {
    /// How many can be rented.
    pub(super) available: u32,
    /// What a rental costs.
    pub(super) price: Money,
    /// Which of the sandbox's pools has its numbers.
    pub(super) pool: usize,
}

impl Stock {
    /// Applies what a scenario does to a stock.
    pub(super) fn change(&mut self, change: StockChange) {
        self.available = match change {
            StockChange::Set(count) => count,
            StockChange::Drain(count) => self.available.saturating_sub(count),
            StockChange::Refill(count) => self.available.saturating_add(count),
        };
    }

    /// What getNumbers says of it.
    pub(super) fn listed(
        &self,
        offer: &Offer,
        started: Timestamp,
        now: Timestamp,
    ) -> ListedCountry {
        let available = match offer.listing {
            Listing::Fixed(count) => count,
            Listing::Stale(span) if now < started.plus(span) => offer.available,
            Listing::Stale(_) | Listing::Live => self.available,
        };
        ListedCountry { country: offer.country, available, price: self.price }
    }
}

/// A line of the listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListedCountry {
    /// The country.
    pub country: Country,
    /// How many it is said to have.
    pub available: u32,
    /// What a rental costs.
    pub price: Money,
}

/// What getNumbers replies with. One is shared by all calls until a stock changes.
#[derive(Debug, Default)]
pub(crate) struct NumberListing {
    /// The lines, in the order of the scenario.
    pub lines: Vec<ListedCountry>,
    /// Its bytes, written by the first who sends it: a listing is read far more often than it
    /// changes.
    pub encoded: OnceLock<Bytes>,
}

impl NumberListing {
    /// About how much memory it takes, its encoded form included.
    #[must_use]
    pub(crate) fn bytes(&self) -> usize {
        128 + self.lines.len() * 128
    }
}

impl From<Vec<ListedCountry>> for NumberListing {
    fn from(lines: Vec<ListedCountry>) -> Self {
        Self { lines, encoded: OnceLock::new() }
    }
}

/// A listing that is shared until a stock changes.
#[derive(Debug, Default)]
pub(super) struct SharedListing(Option<Arc<NumberListing>>);

impl SharedListing {
    /// Says that it is no longer true.
    pub(super) fn expire(&mut self) {
        self.0 = None;
    }

    /// The listing, made anew where it was no longer true.
    pub(super) fn get(&mut self, make: impl FnOnce() -> Vec<ListedCountry>) -> Arc<NumberListing> {
        Arc::clone(self.0.get_or_insert_with(|| Arc::new(make().into())))
    }
}

//! The numbers in stock, and what the listing claims.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::timestamp::Timestamp;
use crate::scenario::{Listing, Offer, StockChange};

#[derive(Debug)]
pub(super) struct Stock {
    pub(super) available: u32,
    pub(super) price: Money,
    /// The index of the pool that has its numbers.
    pub(super) pool: usize,
}

impl Stock {
    pub(super) fn change(&mut self, change: StockChange) {
        self.available = match change {
            StockChange::Set(count) => count,
            StockChange::Drain(count) => self.available.saturating_sub(count),
            StockChange::Refill(count) => self.available.saturating_add(count),
        };
    }

    /// What getNumbers claims.
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

/// A country in the listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListedCountry {
    pub country: Country,
    /// What the listing claims.
    pub available: u32,
    pub price: Money,
}

/// The answer of getNumbers. Calls share it until a stock changes.
#[derive(Debug, Default)]
pub(crate) struct NumberListing {
    /// In the order of the scenario.
    pub lines: Vec<ListedCountry>,
    /// The documented reply as bytes, encoded on first use: a listing is read far more often than
    /// it changes.
    pub encoded: OnceLock<Bytes>,
}

impl NumberListing {
    /// Its approximate size in memory, with `encoded`.
    pub(crate) fn bytes(&self) -> usize {
        128 + self.lines.len() * 128
    }
}

impl From<Vec<ListedCountry>> for NumberListing {
    fn from(lines: Vec<ListedCountry>) -> Self {
        Self { lines, encoded: OnceLock::new() }
    }
}

/// A listing that calls share until a stock changes.
#[derive(Debug, Default)]
pub(super) struct SharedListing(Option<Arc<NumberListing>>);

impl SharedListing {
    pub(super) fn expire(&mut self) {
        self.0 = None;
    }

    pub(super) fn get(&mut self, make: impl FnOnce() -> Vec<ListedCountry>) -> Arc<NumberListing> {
        Arc::clone(self.0.get_or_insert_with(|| Arc::new(make().into())))
    }
}

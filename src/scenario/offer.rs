//! What is on offer in a country.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::virtual_duration::VirtualDuration;

/// A country on offer: its stock, its price, and how honestly the listing tells of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The country.
    pub country: Country,
    /// Numbers in stock at the start.
    #[serde(default)]
    pub available: u32,
    /// The price of a rental.
    #[serde(default)]
    pub price_per_sms: Money,
    /// What happens to the stock over time, counted from the sandbox's start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stock: Vec<StockEvent>,
    /// What getNumbers says of the stock.
    #[serde(default)]
    pub listing: Listing,
    /// Which numbers are handed out.
    #[serde(default)]
    pub numbers: Numbers,
    /// Whether getNumbers lists it only when it is asked for by name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl Offer {
    /// Nothing available, free of charge, told truly.
    #[must_use]
    pub fn new(country: Country) -> Self {
        Self {
            country,
            available: 0,
            price_per_sms: Money::ZERO,
            stock: Vec::new(),
            listing: Listing::default(),
            numbers: Numbers::default(),
            hidden: false,
        }
    }

    /// Has so many in stock at the start.
    #[must_use]
    pub fn available(mut self, count: u32) -> Self {
        self.available = count;
        self
    }

    /// Costs so much a rental.
    #[must_use]
    pub fn price(mut self, price: Money) -> Self {
        self.price_per_sms = price;
        self
    }

    /// Is listed only when it is asked for by name.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Has its stock set to `count`, this long after the sandbox's start.
    #[must_use]
    pub fn set_at(self, at: VirtualDuration, count: u32) -> Self {
        self.stock_event(at, StockChange::Set(count))
    }

    /// Loses up to `count` of its stock, this long after the sandbox's start.
    #[must_use]
    pub fn drain_at(self, at: VirtualDuration, count: u32) -> Self {
        self.stock_event(at, StockChange::Drain(count))
    }

    /// Gains `count`, this long after the sandbox's start.
    #[must_use]
    pub fn refill_at(self, at: VirtualDuration, count: u32) -> Self {
        self.stock_event(at, StockChange::Refill(count))
    }

    fn stock_event(mut self, at: VirtualDuration, change: StockChange) -> Self {
        self.stock.push(StockEvent { at, change });
        self
    }

    /// Tells of its stock in this way.
    #[must_use]
    pub fn listing(mut self, listing: Listing) -> Self {
        self.listing = listing;
        self
    }

    /// Hands out these numbers.
    #[must_use]
    pub fn numbers(mut self, numbers: Numbers) -> Self {
        self.numbers = numbers;
        self
    }
}

/// A change of stock at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StockEvent {
    /// How long after the sandbox's start.
    pub at: VirtualDuration,
    /// What changes.
    pub change: StockChange,
}

/// What can happen to a stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockChange {
    /// It becomes exactly this.
    Set(u32),
    /// It loses this many, or what is left.
    Drain(u32),
    /// It gains this many.
    Refill(u32),
}

/// What getNumbers says of a stock. Renting always goes by the stock itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Listing {
    /// The truth.
    #[default]
    Live,
    /// What was true at the sandbox's start, for this long; then the truth.
    Stale(VirtualDuration),
    /// Always this many.
    Fixed(u32),
}

/// Which numbers are handed out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "NumberChoice")]
pub enum Numbers {
    /// From the ranges that regulators keep for fiction.
    #[default]
    Any,
    /// From the mobile ones among them, where the country has some.
    Mobile,
    /// Exactly these first, in this order, then as [`Numbers::Any`].
    Listed(Vec<PhoneNumber>),
}

impl Numbers {
    /// Exactly these first, written as E.164: `+14155552671`; then as [`Numbers::Any`].
    ///
    /// # Panics
    /// When one of them is not an E.164 number.
    #[must_use]
    #[track_caller]
    pub fn listed(numbers: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut listed = Vec::new();
        for number in numbers {
            let number = number.as_ref();
            match PhoneNumber::parse(number) {
                Ok(number) => listed.push(number),
                Err(reason) => panic!("Numbers::listed({number:?}): {reason}"),
            }
        }
        Self::Listed(listed)
    }
}

//! What a country offers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::serde_helpers;
use crate::domain::virtual_duration::VirtualDuration;

/// A country on offer: its stock, its price, and what the listing says of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Offer {
    /// The country.
    pub country: Country,
    /// How many numbers are in stock at the start.
    #[serde(default)]
    pub available: u32,
    /// The price of a rental.
    #[serde(default)]
    pub price_per_sms: Money,
    /// What happens to the stock over time, counted from the sandbox's start.
    #[serde(
        default,
        deserialize_with = "serde_helpers::objects",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[schemars(with = "Vec<StockEvent>")]
    pub stock: Vec<StockEvent>,
    /// What getNumbers says of the stock.
    #[serde(default)]
    pub listing: Listing,
    /// Which numbers rentals get.
    #[serde(default)]
    pub numbers: Numbers,
    /// Whether getNumbers lists it only when asked for this country.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl Offer {
    pub(crate) fn new(country: Country) -> Self {
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

    /// Sets the stock at the start.
    pub fn available(mut self, count: u32) -> Self {
        self.available = count;
        self
    }

    /// Sets the price of a rental.
    pub fn price(mut self, price: Money) -> Self {
        self.price_per_sms = price;
        self
    }

    /// Lists the country only when asked for it.
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Sets the stock to `count`, this long after the sandbox's start.
    pub fn set_at(self, at: VirtualDuration, count: u32) -> Self {
        self.stock_event(at, StockChange::Set(count))
    }

    /// Takes up to `count` from the stock, this long after the sandbox's start.
    pub fn drain_at(self, at: VirtualDuration, count: u32) -> Self {
        self.stock_event(at, StockChange::Drain(count))
    }

    /// Adds `count` to the stock, this long after the sandbox's start.
    pub fn refill_at(self, at: VirtualDuration, count: u32) -> Self {
        self.stock_event(at, StockChange::Refill(count))
    }

    fn stock_event(mut self, at: VirtualDuration, change: StockChange) -> Self {
        self.stock.push(StockEvent { at, change });
        self
    }

    /// Sets what getNumbers says of the stock.
    pub fn listing(mut self, listing: Listing) -> Self {
        self.listing = listing;
        self
    }

    /// Sets which numbers rentals get.
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
    /// It becomes this.
    Set(u32),
    /// It loses this many, or what is left.
    Drain(u32),
    /// It gains this many.
    Refill(u32),
}

/// What getNumbers says of a stock. Renting always uses the stock itself.
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

/// Which numbers rentals get.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "NumberChoice")]
pub enum Numbers {
    /// From the ranges that regulators reserve for fiction.
    #[default]
    Any,
    /// From the mobile ones among them, if the country has any.
    Mobile,
    /// Exactly these first, in this order, then as [`Numbers::Any`].
    Listed(Vec<PhoneNumber>),
}

impl Numbers {
    /// Exactly these first, written as E.164: `+14155552671`; then as [`Numbers::Any`].
    ///
    /// # Panics
    /// When one of them is not an E.164 number.
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

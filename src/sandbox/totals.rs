//! The totals of a sandbox: counted as rentals begin and end, since ended ones are forgotten.

use std::ops::Add;

use schemars::JsonSchema;
use serde::Serialize;

use super::rental::{EndedBy, Rental};
use crate::domain::money::Money;

/// What became of all rentals ever made: `rentals` is the sum of the four numbers after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Totals {
    /// All rentals.
    pub rentals: u64,
    /// Those that ended after an SMS had arrived.
    pub sold: u64,
    /// Those that the client or the partner ended before an SMS arrived.
    pub cancelled: u64,
    /// Those whose time ran out before an SMS arrived.
    pub expired: u64,
    /// Those that have not ended.
    pub live: u64,
    /// The sum of all prices.
    pub charged: Money,
    /// The sum of all refunds.
    pub refunded: Money,
    /// The money left, if the scenario sets a balance.
    pub balance: Option<Money>,
}

impl Totals {
    pub(super) fn rented(&mut self, price: Money) {
        self.rentals += 1;
        self.live += 1;
        self.charged = self.charged + price;
        self.balance = self.balance.map(|balance| balance - price);
    }

    pub(super) fn ended(&mut self, rental: &Rental, by: EndedBy, refund: Money) {
        let count = match by {
            _ if rental.has_sms => &mut self.sold,
            EndedBy::Expiry => &mut self.expired,
            EndedBy::Cancel | EndedBy::Revocation => &mut self.cancelled,
        };
        *count += 1;
        self.live -= 1;
        self.refunded = self.refunded + refund;
        self.balance = self.balance.map(|balance| balance + refund);
    }
}

impl Add for Totals {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let balance = match (self.balance, other.balance) {
            (Some(one), Some(another)) => Some(one + another),
            (one, another) => one.or(another),
        };
        Self {
            rentals: self.rentals + other.rentals,
            sold: self.sold + other.sold,
            cancelled: self.cancelled + other.cancelled,
            expired: self.expired + other.expired,
            live: self.live + other.live,
            charged: self.charged + other.charged,
            refunded: self.refunded + other.refunded,
            balance,
        }
    }
}

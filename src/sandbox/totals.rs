//! What became of all rentals ever made: counted, since those that ended are forgotten some day.

use super::rental::{EndedBy, Rental};
use crate::domain::money::Money;

/// What became of all rentals ever made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many were made.
    pub rentals: u64,
    /// How many are over, and had an SMS.
    pub sold: u64,
    /// How many were ended by the client or the partner before an SMS.
    pub cancelled: u64,
    /// How many had no SMS before their time was over.
    pub expired: u64,
    /// What all of them cost.
    pub charged: Money,
    /// What was paid back.
    pub refunded: Money,
}

impl Totals {
    pub(super) fn rented(&mut self, price: Money) {
        self.rentals += 1;
        self.charged = self.charged + price;
    }

    pub(super) fn ended(&mut self, rental: &Rental, by: EndedBy, refund: Money) {
        let count = match by {
            _ if rental.has_sms => &mut self.sold,
            EndedBy::Expiry => &mut self.expired,
            EndedBy::Cancel | EndedBy::Revocation => &mut self.cancelled,
        };
        *count += 1;
        self.refunded = self.refunded + refund;
    }

    /// How many live.
    pub const fn live(&self) -> u64 {
        self.rentals - self.sold - self.cancelled - self.expired
    }
}

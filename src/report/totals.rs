//! What the rentals of a sandbox came to.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::money::Money;
use crate::sandbox::snapshot::Snapshot;

/// What all rentals ever made came to: `rentals` is the sum of the four after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// How many were made.
    pub rentals: u64,
    /// How many are over, and had an SMS.
    pub sold: u64,
    /// How many were cancelled, by the client or the partner, before an SMS.
    pub cancelled: u64,
    /// How many had no SMS before their time was over.
    pub expired: u64,
    /// How many live.
    pub live: u64,
    /// What all of them cost.
    pub charged: Money,
    /// What was paid back.
    pub refunded: Money,
    /// The money left, where the scenario gave some.
    pub balance: Option<Money>,
}

impl Totals {
    pub(super) fn of(sandbox: &Snapshot) -> Self {
        let books = sandbox.totals();
        Self {
            rentals: books.rentals,
            sold: books.sold,
            cancelled: books.cancelled,
            expired: books.expired,
            live: books.live(),
            charged: books.charged,
            refunded: books.refunded,
            balance: sandbox.balance(),
        }
    }
}

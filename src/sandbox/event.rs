//! What happens in a sandbox by itself.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::country::Country;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;

/// Something that was due, and happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Event {
    /// When it was due.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub what: Happening,
}

/// What can happen in a sandbox by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happening {
    /// An SMS arrived.
    Sms {
        /// At this rental.
        rental_id: RentalId,
    },
    /// A rental expired.
    Expiry {
        /// This one.
        rental_id: RentalId,
    },
    /// The partner took a number back.
    Revocation {
        /// That of this rental.
        rental_id: RentalId,
    },
    /// A stock changed, or the listing of it became true again.
    Stock {
        /// In this country.
        country: Country,
        /// To so many.
        available: u32,
    },
}

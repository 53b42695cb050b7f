//! Events that happen in a sandbox when they fall due.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::country::Country;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;

/// Something that happened in a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub struct SandboxEvent {
    /// When it was due.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// An SMS arrived.
    Sms {
        /// The rental that received it.
        rental_id: RentalId,
    },
    /// A rental's time ran out.
    Expiry {
        /// The rental that ended.
        rental_id: RentalId,
    },
    /// The partner took a number back.
    Revocation {
        /// The rental that ended.
        rental_id: RentalId,
    },
    /// The stock of a country changed, or its stale listing was corrected.
    Stock {
        /// The country.
        country: Country,
        /// How many numbers it has now.
        available: u32,
    },
}

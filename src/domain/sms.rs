//! Messages.

use schemars::JsonSchema;
use serde::Serialize;

use super::timestamp::Timestamp;

/// A message as a rental shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RentalMessage")]
pub struct Sms {
    /// A name, a short code, a number, or nothing.
    pub sender: String,
    /// What it says.
    pub text: String,
    /// When it says it was received: a scenario may date a message differently from its arrival.
    pub received_at: Timestamp,
    /// The code that a client should find, as the text shows it; null for a decoy. The partner API
    /// never sends it.
    pub expected_code: Option<String>,
}

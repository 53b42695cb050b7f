//! Messages.

use super::timestamp::Timestamp;

/// A message as a rental shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    /// Who it says it is from: a name, a short code, a number, or nothing.
    pub sender: String,
    /// What it says.
    pub text: String,
    /// When it says it was received. A scenario may date it otherwise than it arrives.
    pub received_at: Timestamp,
    /// The code that a client should find in it, as the text shows it; `None` for a decoy.
    /// Never part of a partner reply.
    pub expected_code: Option<String>,
}

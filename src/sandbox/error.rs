//! Why a sandbox cannot be opened or changed.

use std::fmt;

use crate::domain::timestamp::Timestamp;

/// Why a sandbox cannot be opened or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SandboxError {
    /// The api_key opens no sandbox on this server.
    InvalidKey(String),
    /// The clock is at `now`, and cannot go back to `moment`.
    PastMoment {
        /// Where the clock should have gone.
        moment: Timestamp,
        /// What it shows.
        now: Timestamp,
    },
    /// The sandbox has no such country, rental or fault rule.
    NotFound(String),
    /// The sandbox cannot take the change now: a rental has ended, or a limit is reached.
    Conflict(String),
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidKey(message) | Self::NotFound(message) | Self::Conflict(message) => {
                f.write_str(message)
            }
            Self::PastMoment { moment, now } => {
                write!(f, "{moment} has passed: the clock shows {now}, and it never runs backwards")
            }
        }
    }
}

impl std::error::Error for SandboxError {}

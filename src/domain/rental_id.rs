//! Rental ids.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

use super::schema::json_schema;
use super::serde_helpers::json_to_string;

/// Names a rental: `rent_` and digits (our ruling, after the documented `rent_12345`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RentalId(u64);

impl RentalId {
    /// The id with these digits.
    pub const fn new(digits: u64) -> Self {
        Self(digits)
    }

    /// The digits.
    pub const fn digits(self) -> u64 {
        self.0
    }

    /// Reads `rent_12345`, and nothing that is written differently: no leading zero, no sign.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("rent_")?;
        let is_canonical = digits == "0" || !digits.starts_with(['0', '+']);
        is_canonical.then(|| digits.parse().ok().map(Self))?
    }
}

impl fmt::Display for RentalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rent_{}", self.0)
    }
}

json_to_string!(RentalId);

impl<'de> Deserialize<'de> for RentalId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!("{text:?} is not a rental id; it looks like \"rent_12345\""))
        })
    }
}

json_schema!(RentalId, "RentalId": {
    "type": "string", "pattern": "^rent_(0|[1-9][0-9]*)$",
    "description": "`rent_` and digits; unknown outside its sandbox.",
}, read as {
    "type": "string", "pattern": "^rent_(0|[1-9][0-9]{0,18})$",
    "description": "`rent_` and digits, as rentNumber gave it.",
});

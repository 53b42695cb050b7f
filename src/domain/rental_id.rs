//! Rental ids.

use std::fmt;

use super::schema::json_schema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The name of a rental: `rent_` and digits (our ruling, after the documented `rent_12345`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RentalId(u64);

impl RentalId {
    /// The id with these digits.
    #[must_use]
    pub const fn new(digits: u64) -> Self {
        Self(digits)
    }

    /// The digits.
    #[must_use]
    pub const fn digits(self) -> u64 {
        self.0
    }

    /// Reads `rent_12345`; `None` for any text that is not exactly how an id is written.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("rent_")?.as_bytes();
        if digits.is_empty() || (digits[0] == b'0' && digits.len() > 1) {
            return None;
        }
        let number = digits.iter().try_fold(0_u64, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
            number.checked_mul(10)?.checked_add(digit)
        });
        number.map(Self)
    }
}

impl fmt::Display for RentalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rent_{}", self.0)
    }
}

impl Serialize for RentalId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

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

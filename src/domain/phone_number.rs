//! Phone numbers as ITU-T E.164 writes them.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use serde_untagged::UntaggedEnumVisitor;

use super::schema::json_schema;
use super::serde_helpers::json_to_string;

/// How many digits a number may have. E.164 sets the upper bound; no country has a subscriber's
/// number shorter than the lower one.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// An international number: the partner API says "E.164 with `+`", for example `+14155552671`.
///
/// Stored as the digits after the `+` in eight bytes, since a sandbox may hold a million of them.
/// No calling code begins with 0, so no digit is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(u64);

impl PhoneNumber {
    /// Reads `+` and 7 to 15 digits, the first of them not 0.
    ///
    /// # Errors
    /// When the text is anything else, also with spaces or without its `+`.
    pub fn parse(text: &str) -> Result<Self, NotAPhoneNumber> {
        let digits = text.strip_prefix('+').ok_or(NotAPhoneNumber)?;
        let well_formed = DIGITS.contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if !well_formed {
            return Err(NotAPhoneNumber);
        }
        digits.parse().map(Self).map_err(|_| NotAPhoneNumber)
    }

    /// The caller vouches for the number of digits.
    pub(super) const fn from_digits(digits: u64) -> Self {
        Self(digits)
    }

    /// The digits without the `+`.
    pub const fn digits(self) -> u64 {
        self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

json_to_string!(PhoneNumber);

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UntaggedEnumVisitor::new()
            .expecting(RIGHT)
            .string(|text| {
                let wrong = |_| de::Error::invalid_value(de::Unexpected::Str(text), &RIGHT);
                Self::parse(text).map_err(wrong)
            })
            .deserialize(deserializer)
    }
}

const RIGHT: &str = "an E.164 number: + and 7 to 15 digits, such as +12025550123";

/// The text is not an E.164 number with its `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPhoneNumber;

impl fmt::Display for NotAPhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {RIGHT}")
    }
}

impl std::error::Error for NotAPhoneNumber {}

json_schema!(PhoneNumber, "PhoneNumber": {
    "type": "string", "pattern": "^\\+[1-9][0-9]{6,14}$", "description": "E.164, with its `+`.",
});

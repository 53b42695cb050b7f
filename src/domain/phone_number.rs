//! A telephone number as ITU-T E.164 writes it.

use std::fmt;

use super::schema::json_schema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The fewest and the most digits that a number has. E.164 sets the upper bound; nothing shorter
/// than the lower one is a subscriber's number in any country.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// An international number: the partner API says "E.164 with `+`", for example `+14155552671`.
///
/// It is kept as the digits after the `+`, eight bytes with nothing on the heap, because a sandbox
/// may hold a million of them. No calling code begins with 0, so no digit is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(u64);

impl PhoneNumber {
    /// Reads `+` and 7 to 15 digits, the first of them not 0. Nothing else is accepted: a number
    /// with spaces, or without its `+`, is not what the partner API hands out.
    ///
    /// # Errors
    /// When it is anything else.
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

    /// The number whose digits, without the `+`, are those of `digits`. The caller vouches for
    /// their count.
    pub(super) const fn from_digits(digits: u64) -> Self {
        Self(digits)
    }

    /// The digits without the `+`, for a reply that leaves it out.
    pub const fn digits(self) -> u64 {
        self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct E164;

        impl de::Visitor<'_> for E164 {
            type Value = PhoneNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                NotAPhoneNumber::expected(f)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<PhoneNumber, E> {
                PhoneNumber::parse(text)
                    .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(E164)
    }
}

/// The text is not an E.164 number with its `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPhoneNumber;

impl NotAPhoneNumber {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an E.164 number: + and 7 to 15 digits, such as +12025550123")
    }
}

impl fmt::Display for NotAPhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected ")?;
        Self::expected(f)
    }
}

impl std::error::Error for NotAPhoneNumber {}

json_schema!(PhoneNumber, "PhoneNumber": {
    "type": "string", "pattern": "^\\+[1-9][0-9]{6,14}$", "description": "E.164, with its `+`.",
});

//! Money.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

use super::schema::json_schema;

/// US dollars in whole ten-thousandths, never a binary float (our ruling).
///
/// Written as a JSON number with at least two decimals: `0.05`, `0.00`, `0.0125`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    const UNIT: i64 = 10_000;
    /// A billion dollars, so that sums of many rentals cannot overflow.
    const LIMIT: i64 = 1_000_000_000 * Self::UNIT;

    /// An amount in US cents.
    pub const fn cents(cents: u32) -> Self {
        Self(cents as i64 * 100)
    }

    /// In ten-thousandths of a dollar; 0 if it is negative.
    pub(crate) const fn as_ten_thousandths(self) -> u64 {
        if self.0 < 0 { 0 } else { self.0 as u64 }
    }

    /// An amount in ten-thousandths of a dollar.
    pub const fn ten_thousandths(amount: u32) -> Self {
        Self(amount as i64)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let amount = self.0.unsigned_abs();
        let (whole, fraction) = (amount / Self::UNIT as u64, amount % Self::UNIT as u64);
        if fraction % 100 == 0 {
            write!(f, "{sign}{whole}.{:02}", fraction / 100)
        } else if fraction % 10 == 0 {
            write!(f, "{sign}{whole}.{:03}", fraction / 10)
        } else {
            write!(f, "{sign}{whole}.{fraction:04}")
        }
    }
}

impl FromStr for Money {
    type Err = String;

    /// Reads a plain decimal of US dollars, not negative, with at most four decimals.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "{text:?} is not an amount; write US dollars with at most four decimals, such as 0.05"
            )
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > 4 {
            return Err(wrong());
        }
        let whole: i64 = whole.parse().map_err(|_| wrong())?;
        let fraction: i64 = format!("{fraction:0<4}").parse().map_err(|_| wrong())?;
        whole
            .checked_mul(Self::UNIT)
            .map(|amount| amount + fraction)
            .filter(|amount| *amount <= Self::LIMIT)
            .map(Self)
            .ok_or_else(wrong)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A raw value keeps the decimals; a float would print 0.1 for 0.10.
        RawValue::from_string(self.to_string()).map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The shortest text that reads back as this float is the text that was sent.
        let number = serde_json::Number::deserialize(deserializer)?;
        number.to_string().parse().map_err(de::Error::custom)
    }
}

json_schema!(Money, "Money": {
    "type": "number", "minimum": 0, "maximum": 1_000_000_000,
    "description": "US dollars, with two to four decimals.",
});

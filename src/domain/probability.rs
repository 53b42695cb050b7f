//! Numbers between 0 and 1.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::schema::json_schema;
use super::serde_helpers;

/// How likely something is: from 0 (never) to 1 (always).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
pub(crate) struct Probability(f64);

impl Probability {
    pub(crate) fn new(value: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&value) {
            return Ok(Self(value));
        }
        let nearest = if value > 1.0 { "; 1 is always" } else { "; 0 is never" };
        Err(format!("{value} is not a probability; 0 to 1 is right, such as 0.3{nearest}"))
    }

    pub(crate) const fn value(self) -> f64 {
        self.0
    }

    /// `4 %`.
    pub(crate) fn in_percent(self) -> String {
        in_percent(self.0)
    }
}

/// Rounds to four decimals, which hides the error of a binary fraction.
fn in_percent(value: f64) -> String {
    format!("{} %", (value * 1e6).round() / 1e4)
}

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a probability from 0 to 1, such as 0.3";
        Self::new(serde_helpers::number(deserializer, right)?).map_err(de::Error::custom)
    }
}

/// A part of a whole: above 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
pub struct Fraction(f64);

impl Fraction {
    pub(crate) const HALF: Self = Self(0.5);

    pub(crate) fn new(value: f64) -> Result<Self, String> {
        if value > 0.0 && value < 1.0 {
            Ok(Self(value))
        } else {
            let right = "above 0 and below 1 is right, such as 0.5";
            Err(format!("{value} is not a part of the whole; {right}"))
        }
    }

    pub(crate) const fn value(self) -> f64 {
        self.0
    }

    /// `50 %`.
    pub(crate) fn in_percent(self) -> String {
        in_percent(self.0)
    }

    /// This fraction of `whole`, but at least one and never all.
    pub(crate) fn of(self, whole: usize) -> usize {
        // A body of a few hundred bytes: the product is small and exact enough.
        ((whole as f64 * self.0) as usize).clamp(1, whole.saturating_sub(1).max(1))
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a part above 0 and below 1, such as 0.5";
        Self::new(serde_helpers::number(deserializer, right)?).map_err(de::Error::custom)
    }
}

json_schema!(Probability, "Probability": {
    "type": "number", "minimum": 0, "maximum": 1,
    "description": "How likely something is: from 0 (never) to 1 (always).",
});

json_schema!(Fraction, "Fraction": {
    "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1,
    "description": "A true part of a whole.",
});

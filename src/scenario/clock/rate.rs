//! How fast a scaled clock runs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::domain::schema::json_schema;
use crate::domain::serde_helpers;

/// Virtual seconds per real second: above 0, at most 1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate(f64);

impl Rate {
    /// # Errors
    /// When it is not above 0 and at most 1,000,000.
    pub fn new(rate: f64) -> Result<Self, String> {
        if rate > 0.0 && rate <= 1_000_000.0 {
            Ok(Self(rate))
        } else {
            Err(format!(
                "rate {rate} makes no sense; above 0 and at most 1000000 is right, such as 60"
            ))
        }
    }

    pub(crate) const fn factor(self) -> f64 {
        self.0
    }
}

impl Default for Rate {
    /// A virtual minute per second.
    fn default() -> Self {
        Self(60.0)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rate = text
            .parse()
            .map_err(|_| format!("{text:?} is not a rate; write a number, such as 60"))?;
        Self::new(rate)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a rate above 0, such as 60";
        Self::new(serde_helpers::number(deserializer, right)?).map_err(de::Error::custom)
    }
}

json_schema!(Rate, "Rate": {
    "type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000,
    "description": "Virtual seconds per real second.",
});

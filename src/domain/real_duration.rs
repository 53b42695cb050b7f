//! Lengths of real time.

use std::fmt;
use std::ops::Add;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

use super::schema::json_schema;
use super::serde_helpers::{self, json_to_string};
use super::virtual_duration::VirtualDuration;

/// A length of *real* time in whole milliseconds, for delays that a client's socket timeout
/// measures, whatever the sandbox's clock does (our ruling).
///
/// A type of its own, so that it cannot be mixed up with [`VirtualDuration`]. Written the same way,
/// `"2s"`, `"200ms"` or a number of seconds, but a number above 60 needs its unit: other tools count
/// delays in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RealDuration(u32);

impl RealDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// An hour. No client waits longer; a reply that never comes is HANG.
    pub const MAX: Self = Self(3_600_000);

    /// A length in milliseconds, at most [`RealDuration::MAX`].
    pub const fn millis(millis: u64) -> Self {
        if millis > Self::MAX.0 as u64 { Self::MAX } else { Self(millis as u32) }
    }

    /// The length in milliseconds.
    pub const fn as_millis(self) -> u32 {
        self.0
    }

    /// Reads how long a caller waits: a number is in seconds, however large.
    pub(crate) fn wait<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(VirtualDuration::deserialize(deserializer)?).map_err(de::Error::custom)
    }

    pub(crate) const fn to_std(self) -> Duration {
        Duration::from_millis(self.0 as u64)
    }
}

impl Add for RealDuration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::millis(u64::from(self.0) + u64::from(other.0))
    }
}

impl fmt::Display for RealDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        VirtualDuration::millis(u64::from(self.0)).fmt(f)
    }
}

impl TryFrom<VirtualDuration> for RealDuration {
    type Error = String;

    /// Both kinds are written alike; a real one must not exceed an hour.
    fn try_from(duration: VirtualDuration) -> Result<Self, String> {
        if duration.as_millis() > u64::from(Self::MAX.0) {
            let message = "is too long; at most 1h is right, and a reply that never comes is HANG";
            return Err(format!("{duration} {message}"));
        }
        Ok(Self::millis(duration.as_millis()))
    }
}

impl FromStr for RealDuration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.parse::<f64>()
            && number > 60.0
            && number <= f64::from(Self::MAX.0)
        {
            let seconds =
                if number <= 3_600.0 { format!(" or \"{text}s\"") } else { String::new() };
            return Err(format!(
                "{text} could be milliseconds or seconds; write \"{text}ms\"{seconds}"
            ));
        }
        Self::try_from(text.parse::<VirtualDuration>()?)
    }
}

json_to_string!(RealDuration);

impl<'de> Deserialize<'de> for RealDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a duration such as \"2s\", \"200ms\" or a number of seconds up to 60";
        serde_helpers::text_or_number(deserializer, right)
    }
}

json_schema!(RealDuration, "RealDuration": {
    "type": "string", "pattern": "^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2,
    "description": "A length of real time: `2s`, `200ms`.",
}, read as {
    "oneOf": [
        {
            "type": "string", "minLength": 1,
            "pattern": "^(1h|([0-5]?[0-9]m)?([0-5]?[0-9]s)?([0-9]{1,3}ms)?|[0-9]{1,3}s|[0-9]{1,6}ms|\
                        [0-5]?[0-9]|60)$",
        },
        {"type": "number", "minimum": 0, "maximum": 60},
    ],
    "description": "A length of real time: `\"2s\"`, `\"200ms\"`, or a number of seconds up to 60; more \
                    needs its unit. At most an hour.",
});

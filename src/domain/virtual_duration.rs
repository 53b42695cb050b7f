//! Lengths of virtual time.

use std::fmt;
use std::ops::Add;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::schema::{DURATION_PATTERN, json_schema};
use super::serde_helpers::{self, json_to_string};

/// A length of *virtual* time in whole milliseconds.
///
/// A type of its own, so that it cannot be mixed up with real time, which is
/// [`RealDuration`](super::real_duration::RealDuration) or [`Duration`]. Written `"45s"`,
/// `"1m30s"`, `"200ms"` or as a number of seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VirtualDuration(u64);

impl VirtualDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// A hundred years; anything longer is refused as a mistake.
    pub const MAX: Self = Self(100 * 365 * 86_400_000);

    /// A length in milliseconds, at most [`VirtualDuration::MAX`].
    pub const fn millis(millis: u64) -> Self {
        if millis > Self::MAX.0 { Self::MAX } else { Self(millis) }
    }

    /// A length in seconds, at most [`VirtualDuration::MAX`].
    pub const fn seconds(seconds: u64) -> Self {
        Self::millis(seconds.saturating_mul(1_000))
    }

    /// The length in milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The length in seconds, rounded up as `Retry-After` needs it.
    pub(crate) const fn as_seconds_rounded_up(self) -> u64 {
        self.0.div_ceil(1_000)
    }
}

impl Add for VirtualDuration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::millis(self.0 + other.0)
    }
}

impl From<Duration> for VirtualDuration {
    fn from(duration: Duration) -> Self {
        Self::millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for VirtualDuration {
    /// The shortest exact form: `24h`, `1m30s`, `200ms`. Never days, which `FromStr` does not read:
    /// their length changes with daylight saving time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
        let mut rest = self.0;
        for (unit, millis) in units {
            if rest >= millis {
                write!(f, "{}{unit}", rest / millis)?;
                rest %= millis;
            }
        }
        if self.0 == 0 { f.write_str("0s") } else { Ok(()) }
    }
}

impl FromStr for VirtualDuration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "{text:?} is not a duration; write \"45s\", \"1m30s\", \"200ms\" or a number of seconds"
            )
        };
        if let Ok(seconds) = text.parse::<f64>() {
            let millis = seconds * 1_000.0;
            // The range is checked, so the conversion is exact.
            let is_valid = millis >= 0.0 && millis <= Self::MAX.0 as f64;
            return is_valid.then_some(Self(millis.round() as u64)).ok_or_else(wrong);
        }
        let parsed: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
        let millis = u64::try_from(parsed.as_millis()).map_err(|_| wrong())?;
        if millis > Self::MAX.0 { Err(wrong()) } else { Ok(Self(millis)) }
    }
}

json_to_string!(VirtualDuration);

impl<'de> Deserialize<'de> for VirtualDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a duration such as \"45s\", \"1m30s\", \"200ms\" or a number of seconds";
        serde_helpers::text_or_number(deserializer, right)
    }
}

json_schema!(VirtualDuration, "VirtualDuration": {
    "type": "string", "pattern": "^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2,
    "description": "A length of virtual time: `45s`, `1m30s`, `200ms`.",
}, read as {
    "oneOf": [
        {"type": "string", "pattern": DURATION_PATTERN},
        {"type": "number", "minimum": 0, "maximum": 3_153_600_000_u64},
    ],
    "description": "A length of virtual time: `\"45s\"`, `\"1m30s\"`, `\"200ms\"`, or a number of \
                    seconds. At most a hundred years.",
});

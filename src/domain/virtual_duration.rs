//! Lengths of virtual time.

use std::fmt;
use std::ops::Add;
use std::str::FromStr;
use std::time::Duration;

use super::schema::json_schema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A length of *virtual* time in whole milliseconds.
///
/// A type of its own, so that it cannot be mixed with the real time on which bytes travel
/// (`std::time::Duration`). Written `"45s"`, `"1m30s"`, `"200ms"` or as a number of seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VirtualDuration(u64);

impl VirtualDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// A hundred years: beyond it a duration says nothing useful, so it is refused.
    pub const MAX: Self = Self(100 * 365 * 86_400_000);

    /// So many whole milliseconds, at most [`VirtualDuration::MAX`].
    #[must_use]
    pub const fn millis(millis: u64) -> Self {
        if millis > Self::MAX.0 { Self::MAX } else { Self(millis) }
    }

    /// So many whole seconds, at most [`VirtualDuration::MAX`].
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self::millis(seconds.saturating_mul(1_000))
    }

    /// The length in milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The length in seconds, a started one counted whole, as `Retry-After` wants it.
    #[must_use]
    pub const fn as_seconds_rounded_up(self) -> u64 {
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
    /// The shortest exact form: `24h`, `1m30s`, `200ms`. No days, which [`VirtualDuration::from_str`] would
    /// not read: they are no fixed time where clocks are put forward and back.
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
            return Self::from_seconds(seconds).ok_or_else(wrong);
        }
        let parsed: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
        let millis = u64::try_from(parsed.as_millis()).map_err(|_| wrong())?;
        if millis > Self::MAX.0 { Err(wrong()) } else { Ok(Self(millis)) }
    }
}

impl VirtualDuration {
    fn from_seconds(seconds: f64) -> Option<Self> {
        let millis = seconds * 1_000.0;
        // The range is checked first, so the conversion is exact.
        (millis >= 0.0 && millis <= Self::MAX.0 as f64).then_some(Self(millis.round() as u64))
    }
}

impl Serialize for VirtualDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for VirtualDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = VirtualDuration;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a duration such as \"45s\", \"1m30s\", \"200ms\" or a number of seconds",
                )
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<VirtualDuration, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<VirtualDuration, E> {
                self.visit_f64(seconds as f64)
            }
            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<VirtualDuration, E> {
                self.visit_f64(seconds as f64)
            }
            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<VirtualDuration, E> {
                VirtualDuration::from_seconds(seconds)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Float(seconds), &self))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

json_schema!(VirtualDuration, "VirtualDuration": {
    "type": "string", "pattern": "^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2,
    "description": "A length of virtual time: `45s`, `1m30s`, `200ms`.",
}, read as {
    "oneOf": [
        {"type": "string", "pattern": "^[0-9]{1,9}(h|m|s|ms)$|^[0-9]{1,5}m[0-9]{1,5}s$"},
        {"type": "number", "minimum": 0, "maximum": 3_153_600_000_u64},
    ],
    "description": "A length of virtual time: `\"45s\"`, `\"1m30s\"`, `\"200ms\"`, or a number of \
                    seconds. At most a hundred years.",
});

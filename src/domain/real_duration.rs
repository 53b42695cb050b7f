//! Lengths of real time.

use std::fmt;
use std::ops::Add;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::schema::json_schema;
use super::virtual_duration::VirtualDuration;

/// A length of *real* time in whole milliseconds, on which bytes travel: a client's socket timeout
/// runs on it, whatever the sandbox's clock does (our ruling).
///
/// A type of its own, so that it cannot be mixed with the virtual [`VirtualDuration`]. It is written the same
/// way: `"2s"`, `"200ms"` or a number of seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RealDuration(u32);

impl RealDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// An hour: no client waits longer, and a reply that never comes is called HANG.
    pub const MAX: Self = Self(3_600_000);

    /// So many whole milliseconds, at most [`RealDuration::MAX`].
    #[must_use]
    pub const fn millis(millis: u64) -> Self {
        if millis > Self::MAX.0 as u64 { Self::MAX } else { Self(millis as u32) }
    }

    /// The length in milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u32 {
        self.0
    }

    /// As the timers want it.
    #[must_use]
    pub const fn to_std(self) -> Duration {
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

    /// A length that was read as it is written.
    fn try_from(read: VirtualDuration) -> Result<Self, String> {
        let most = u64::from(Self::MAX.0);
        if read.as_millis() > most {
            let message = "is too long; at most 1h is right, and a reply that never comes is HANG";
            return Err(format!("{read} {message}"));
        }
        Ok(Self::millis(read.as_millis()))
    }
}

impl FromStr for RealDuration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::try_from(text.parse::<VirtualDuration>()?)
    }
}

impl Serialize for RealDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RealDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(VirtualDuration::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

json_schema!(RealDuration, "RealDuration": {
    "type": "string", "pattern": "^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2,
    "description": "A length of real time: `2s`, `200ms`.",
}, read as {
    "oneOf": [
        {"type": "string", "pattern": "^[0-9]{1,3}s$|^[0-9]{1,6}ms$|^[0-9]{1,2}m$"},
        {"type": "number", "minimum": 0, "maximum": 3_600},
    ],
    "description": "A length of real time: `\"2s\"`, `\"200ms\"`, or a number of seconds. At most an hour.",
});

//! Points in virtual time.

use std::fmt;
use std::str::FromStr;

use super::schema::json_schema;
use super::serde_helpers::{json_from_str, json_to_string};
use super::virtual_duration::VirtualDuration;

/// A point in time on a sandbox's *virtual* clock, in milliseconds since the Unix epoch.
///
/// Written as RFC 3339 in UTC with whole seconds and `Z` (our ruling), fractions cut off.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Where frozen and per_poll clocks start by default: 2026-01-01T00:00:00Z (our ruling).
    pub const DEFAULT_START: Self = Self(1_767_225_600_000);
    /// The last second of the year 9999, the last that RFC 3339 can write.
    pub const MAX: Self = Self(253_402_300_799_000);

    /// Clamps to the years 1970 to 9999.
    pub fn from_unix_millis(millis: i64) -> Self {
        Self(millis.clamp(0, Self::MAX.0))
    }

    /// The time that RFC 3339 writes like this: `2026-01-01T00:00:00Z`.
    ///
    /// # Panics
    /// When the text is not such a time.
    #[track_caller]
    pub fn at(text: &str) -> Self {
        text.parse().unwrap_or_else(|reason| panic!("Timestamp::at: {reason}"))
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_unix_millis(self) -> i64 {
        self.0
    }

    /// This much later; stops at [`Timestamp::MAX`].
    pub fn plus(self, duration: VirtualDuration) -> Self {
        // A duration is at most a hundred years, so neither the cast nor the sum can overflow.
        Self((self.0 + duration.as_millis() as i64).min(Self::MAX.0))
    }

    pub(crate) const fn whole_seconds(self) -> Self {
        Self(self.0 - self.0 % 1_000)
    }

    /// This much earlier; stops at 1970.
    pub(crate) fn minus(self, duration: VirtualDuration) -> Self {
        Self::from_unix_millis(self.0 - duration.as_millis() as i64)
    }

    /// How long after `earlier` this is; zero if it is not later.
    pub fn since(self, earlier: Self) -> VirtualDuration {
        VirtualDuration::millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = jiff::Timestamp::from_second(self.0.div_euclid(1_000));
        // `Timestamp` never leaves the years that jiff can write.
        moment.unwrap_or_default().fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    /// With milliseconds, which the message of a failed test needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}+{}ms", self.0.rem_euclid(1_000))
    }
}

impl FromStr for Timestamp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| {
            format!("{text:?} is not a time; write RFC 3339, such as \"2026-01-01T00:00:00Z\"")
        })?;
        let millis = parsed.as_millisecond();
        if (0..=Self::MAX.0).contains(&millis) {
            Ok(Self(millis))
        } else {
            Err(format!("{text:?} is outside the years 1970 to 9999"))
        }
    }
}

json_from_str!(Timestamp);
json_to_string!(Timestamp);

json_schema!(Timestamp, "Timestamp": {
    "type": "string", "format": "date-time",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    "description": "RFC 3339, in UTC, whole seconds.",
}, read as {
    "type": "string", "format": "date-time", "pattern": "^(19[7-9]|[2-9][0-9]{2})[0-9]-",
    "description": "RFC 3339, such as `2026-01-01T00:00:00Z`, in the years 1970 to 9999.",
});

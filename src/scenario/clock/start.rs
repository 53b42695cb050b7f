//! Where a clock starts.

use std::fmt;
use std::str::FromStr;

use crate::domain::schema::json_schema;
use crate::domain::serde_helpers::{json_from_str, json_to_string};
use crate::domain::timestamp::Timestamp;

/// Where a clock starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClockStart {
    /// At this time.
    At(Timestamp),
    /// At the real time at which its sandbox is made, in whole seconds.
    Now,
}

impl ClockStart {
    /// `real`: the real time.
    pub(crate) fn resolve(self, real: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Now => real.whole_seconds(),
        }
    }
}

impl fmt::Display for ClockStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => at.fmt(f),
            Self::Now => f.write_str("now"),
        }
    }
}

impl FromStr for ClockStart {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "now" {
            return Ok(Self::Now);
        }
        let hint =
            if text.eq_ignore_ascii_case("now") { "; did you mean now?" } else { ", or now" };
        text.parse().map(Self::At).map_err(|reason: String| format!("{reason}{hint}"))
    }
}

json_from_str!(ClockStart);
json_to_string!(ClockStart);

json_schema!(ClockStart, "ClockStart": {
    "anyOf": [
        {
            "type": "string", "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        },
        {"const": "now"},
    ],
    "description": "RFC 3339, in UTC, whole seconds; or `now`, the real time at which the sandbox is made.",
}, read as {
    "anyOf": [
        {"type": "string", "format": "date-time", "pattern": "^(19[7-9]|[2-9][0-9]{2})[0-9]-"},
        {"const": "now"},
    ],
    "description": "RFC 3339, such as `2026-01-01T00:00:00Z`; or `now`, the real time at which the \
                    sandbox is made.",
});

//! How many requests are expected.

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_untagged::UntaggedEnumVisitor;

/// How many requests are expected, exactly or within bounds.
#[derive(Clone, Copy, Debug, Default, JsonSchema)]
#[schemars(untagged, rename = "HowMany")]
pub(super) enum ExpectedCount {
    /// At least one.
    #[default]
    #[schemars(skip)]
    Some,
    /// Exactly this many.
    Exactly(u32),
    /// Within these bounds; with neither, at least one.
    Between(CountBounds),
}

/// Bounds on a number of requests.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CountBounds {
    /// At least this many.
    min: Option<u32>,
    /// At most this many.
    max: Option<u32>,
}

impl<'de> Deserialize<'de> for ExpectedCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UntaggedEnumVisitor::new()
            .expecting("how many, such as 2 or {\"min\": 1, \"max\": 2}")
            .u32(|count| Ok(Self::Exactly(count)))
            .map(|bounds| bounds.deserialize().map(Self::Between))
            .deserialize(deserializer)
    }
}

impl ExpectedCount {
    /// # Errors
    /// Why no number is right.
    pub(super) fn range(self) -> Result<RangeInclusive<u32>, String> {
        match self {
            Self::Exactly(count) => Ok(count..=count),
            Self::Between(CountBounds { min: Some(min), max: Some(max) }) if min > max => {
                Err(format!("min {min} is more than max {max}, so it can never hold"))
            }
            // A maximum alone allows none at all.
            Self::Between(CountBounds { min, max: Some(max) }) => Ok(min.unwrap_or(0)..=max),
            Self::Between(CountBounds { min, max: None }) => Ok(min.unwrap_or(1)..=u32::MAX),
            Self::Some => Ok(1..=u32::MAX),
        }
    }
}

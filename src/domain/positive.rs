//! Counts and lengths that cannot be zero.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::schema::json_schema;
use super::serde_helpers;
use super::virtual_duration::VirtualDuration;

/// A count of 1 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct PositiveCount(u32);

impl PositiveCount {
    pub(crate) const ONE: Self = Self(1);

    pub(crate) fn new(count: u32) -> Result<Self, String> {
        if count == 0 { Err("0 is too few; 1 or more is right".into()) } else { Ok(Self(count)) }
    }

    pub(crate) const fn get(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for PositiveCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let count = serde_helpers::unsigned(deserializer, "a count of 1 or more")?;
        Self::new(count).map_err(de::Error::custom)
    }
}

/// A length of virtual time above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct PositiveDuration(VirtualDuration);

impl PositiveDuration {
    pub(crate) fn new(duration: VirtualDuration) -> Result<Self, String> {
        if duration == VirtualDuration::ZERO {
            Err("0s is no time at all; above 0 is right, such as \"2s\"".into())
        } else {
            Ok(Self(duration))
        }
    }

    pub(crate) const fn get(self) -> VirtualDuration {
        self.0
    }
}

impl<'de> Deserialize<'de> for PositiveDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(VirtualDuration::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Positions in a sequence, counted from 1: `[1, 3]` is the first and the third.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Ordinals(Vec<u32>);

impl Ordinals {
    pub(crate) fn new(ordinals: impl Into<Vec<u32>>) -> Result<Self, String> {
        const MAX_ENTRIES: usize = 1_000;
        let ordinals = ordinals.into();
        if ordinals.is_empty() {
            return Err("is empty, so it never holds; name at least one, such as [1]".into());
        }
        if ordinals.len() > MAX_ENTRIES {
            return Err(format!("has {} entries; at most {MAX_ENTRIES} are right", ordinals.len()));
        }
        if ordinals.contains(&0) {
            return Err("holds 0; the first is 1".into());
        }
        Ok(Self(ordinals))
    }

    pub(crate) fn contains(&self, ordinal: u32) -> bool {
        self.0.contains(&ordinal)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = u32> {
        self.0.iter().copied()
    }
}

impl<'de> Deserialize<'de> for Ordinals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a list of counts from 1 on, such as [1, 3]";
        let ordinals: Vec<PositiveCount> = serde_helpers::list(deserializer, right)?;
        let ordinals: Vec<u32> = ordinals.into_iter().map(PositiveCount::get).collect();
        Self::new(ordinals).map_err(de::Error::custom)
    }
}

json_schema!(PositiveCount, "PositiveCount": {
    "type": "integer", "minimum": 1, "maximum": 4_294_967_295_u32, "description": "1 or more.",
});

json_schema!(PositiveDuration, "PositiveDuration": {
    "type": "string", "pattern": "^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2,
    "description": "A length of virtual time above zero.",
}, read as {
    "oneOf": [
        {
            "type": "string",
            "pattern": "^([1-9][0-9]{0,4}h([0-9]{1,4}m)?([0-9]{1,5}s)?([0-9]{1,6}ms)?|\
                        [1-9][0-9]{0,6}m([0-9]{1,5}s)?([0-9]{1,6}ms)?|\
                        [1-9][0-9]{0,8}s([0-9]{1,6}ms)?|[1-9][0-9]{0,8}ms|[1-9][0-9]{0,8})$",
        },
        {"type": "number", "exclusiveMinimum": 0, "maximum": 3_153_600_000_u64},
    ],
    "description": "A length of virtual time above zero: `\"2s\"`, or a number of seconds.",
});

json_schema!(Ordinals, "Ordinals": {
    "type": "array", "minItems": 1, "maxItems": 1_000,
    "items": {"type": "integer", "minimum": 1, "maximum": 4_294_967_295_u32},
    "description": "Which of a row of things are meant, counted from 1.",
});

//! Timestamps with all the digits that a replay needs; the documented replies have fewer.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::schema::json_schema;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::clock::RealTime;

/// A time of the sandbox, to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VirtualMillis(pub(crate) Timestamp);

impl From<Timestamp> for VirtualMillis {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl Serialize for VirtualMillis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // jiff can write every `Timestamp`.
        let at = jiff::Timestamp::from_millisecond(self.0.as_unix_millis()).unwrap_or_default();
        serializer.collect_str(&format_args!("{at:.3}"))
    }
}

impl<'de> Deserialize<'de> for VirtualMillis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Timestamp::deserialize(deserializer).map(Self)
    }
}

/// A real time, to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RealMicros(pub(crate) RealTime);

impl Serialize for RealMicros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let micros = i64::try_from(self.0.0).unwrap_or(i64::MAX);
        let at = jiff::Timestamp::from_microsecond(micros).unwrap_or_default();
        serializer.collect_str(&format_args!("{at:.6}"))
    }
}

impl<'de> Deserialize<'de> for RealMicros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at: Option<jiff::Timestamp> = text.parse().ok();
        let micros = at.and_then(|at| u64::try_from(at.as_microsecond()).ok());
        micros.map(|micros| Self(RealTime(micros))).ok_or_else(|| {
            de::Error::custom(format!(
                "{text:?} is not a time; write RFC 3339, such as \"2026-01-01T00:00:00.000000Z\""
            ))
        })
    }
}

json_schema!(VirtualMillis, "VirtualMillis": {
    "type": "string", "format": "date-time", "description": "A time of the sandbox, to the millisecond.",
});

json_schema!(RealMicros, "RealMicros": {
    "type": "string", "format": "date-time", "description": "A real time, to the microsecond.",
});

//! How long a reply is held up.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, MapAccess};
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::real_duration::RealDuration;
use crate::domain::schema::json_schema;
use crate::domain::serde_helpers;

/// A delay in *real* time, since a client's socket timeout runs on it (our ruling). What is drawn
/// comes from the sandbox's own stream: the same seed delays the same calls by the same time.
///
/// In JSON: `"2s"`, `{"uniform": ["100ms", "2s"]}` or
/// `{"lognormal": {"median": "200ms", "sigma": 0.5}}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    /// Always this long.
    Fixed(RealDuration),
    /// Anything between two lengths, all alike likely.
    Uniform(DelayRange),
    /// As networks are slow: mostly about the median, at times much longer.
    Lognormal(Lognormal),
}

/// From a shorter to a longer length, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "[RealDuration; 2]")]
pub struct DelayRange {
    shortest: RealDuration,
    longest: RealDuration,
}

/// A median, and how far the rest spreads about it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "an object such as {\"median\": \"200ms\", \"sigma\": 0.5}"
)]
pub struct Lognormal {
    /// Half of the delays are shorter.
    pub median: RealDuration,
    /// The standard deviation of the delay's logarithm.
    pub sigma: Sigma,
}

/// The standard deviation of a logarithm: 0 to 3. At 3, one delay in a hundred is over a thousand
/// times the median.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sigma(f64);

impl Delay {
    /// Anything between these two lengths.
    ///
    /// # Panics
    /// When the second is shorter.
    #[must_use]
    #[track_caller]
    pub fn uniform(shortest: RealDuration, longest: RealDuration) -> Self {
        match DelayRange::new(shortest, longest) {
            Ok(range) => Self::Uniform(range),
            Err(reason) => panic!("Delay::uniform: {reason}"),
        }
    }

    /// Mostly about this median; `sigma` says how far the rest spreads, 0.5 is usual.
    ///
    /// # Panics
    /// When `sigma` is not from 0 to 3.
    #[must_use]
    #[track_caller]
    pub fn lognormal(median: RealDuration, sigma: f64) -> Self {
        match Sigma::new(sigma) {
            Ok(sigma) => Self::Lognormal(Lognormal { median, sigma }),
            Err(reason) => panic!("Delay::lognormal: {reason}"),
        }
    }
}

impl Delay {
    /// Whether it holds nothing up.
    #[must_use]
    pub fn is_none(&self) -> bool {
        match self {
            Self::Fixed(duration) => *duration == RealDuration::ZERO,
            Self::Uniform(range) => range.longest == RealDuration::ZERO,
            Self::Lognormal(lognormal) => lognormal.median == RealDuration::ZERO,
        }
    }
}

impl From<RealDuration> for Delay {
    fn from(duration: RealDuration) -> Self {
        Self::Fixed(duration)
    }
}

impl DelayRange {
    fn new(shortest: RealDuration, longest: RealDuration) -> Result<Self, String> {
        if shortest <= longest {
            Ok(Self { shortest, longest })
        } else {
            Err(format!("{longest} is shorter than {shortest}; write the shorter one first"))
        }
    }

    /// The shortest and the longest, in milliseconds.
    #[must_use]
    pub fn as_millis(self) -> std::ops::RangeInclusive<u32> {
        self.shortest.as_millis()..=self.longest.as_millis()
    }
}

impl From<DelayRange> for [RealDuration; 2] {
    fn from(range: DelayRange) -> Self {
        [range.shortest, range.longest]
    }
}

impl<'de> Deserialize<'de> for DelayRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "the shortest and the longest delay, such as [\"100ms\", \"2s\"]";
        let durations: Vec<RealDuration> = serde_helpers::list(deserializer, right)?;
        match durations[..] {
            [shortest, longest] => Self::new(shortest, longest).map_err(de::Error::custom),
            _ => Err(de::Error::invalid_length(durations.len(), &right)),
        }
    }
}

impl Sigma {
    fn new(sigma: f64) -> Result<Self, String> {
        if (0.0..=3.0).contains(&sigma) {
            Ok(Self(sigma))
        } else {
            Err(format!("a sigma of {sigma} makes no sense; 0 to 3 is right, such as 0.5"))
        }
    }

    /// The number.
    #[must_use]
    pub const fn value(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Sigma {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a sigma from 0 to 3, such as 0.5";
        Self::new(serde_helpers::number(deserializer, right)?).map_err(de::Error::custom)
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(duration) => duration.fmt(f),
            Self::Uniform(range) => write!(f, "{} to {}", range.shortest, range.longest),
            Self::Lognormal(Lognormal { median, .. }) => write!(f, "about {median}"),
        }
    }
}

impl Serialize for Delay {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(duration) => duration.serialize(serializer),
            Self::Uniform(range) => {
                serializer.serialize_newtype_variant("Delay", 1, "uniform", range)
            }
            Self::Lognormal(lognormal) => {
                serializer.serialize_newtype_variant("Delay", 2, "lognormal", lognormal)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        // By hand, since an untagged enum could not say which field of it is wrong.
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Delay;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a delay such as \"2s\", {\"uniform\": [\"100ms\", \"2s\"]} or \
                     {\"lognormal\": {\"median\": \"200ms\", \"sigma\": 0.5}}",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Delay, E> {
                text.parse().map(Delay::Fixed).map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Delay, E> {
                self.visit_str(&seconds.to_string())
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Delay, E> {
                self.visit_str(&seconds.to_string())
            }

            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Delay, E> {
                self.visit_str(&seconds.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Delay, A::Error> {
                let delay = match map.next_key::<String>()?.as_deref() {
                    Some("uniform") => Delay::Uniform(map.next_value()?),
                    Some("lognormal") => Delay::Lognormal(map.next_value()?),
                    Some(other) => {
                        return Err(de::Error::unknown_field(other, &["uniform", "lognormal"]));
                    }
                    None => return Err(de::Error::invalid_length(0, &self)),
                };
                match map.next_key::<String>()? {
                    None => Ok(delay),
                    Some(_) => Err(de::Error::invalid_length(2, &self)),
                }
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

json_schema!(Sigma, "Sigma": {"type": "number", "minimum": 0, "maximum": 3});

impl schemars::JsonSchema for Delay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Delay".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let duration = generator.subschema_for::<RealDuration>();
        let lognormal = generator.subschema_for::<Lognormal>();
        let one = |name: &str, schema: serde_json::Value| {
            serde_json::json!({
                "type": "object", "properties": {name: schema}, "required": [name],
                "additionalProperties": false,
            })
        };
        let range = serde_json::json!({
            "type": "array", "items": duration, "minItems": 2, "maxItems": 2,
            "description": "The shortest and the longest.",
        });
        schemars::json_schema!({
            "anyOf": [duration, one("uniform", range), one("lognormal", lognormal.to_value())],
            "description": "How long a reply is held up, in real time.",
        })
    }
}

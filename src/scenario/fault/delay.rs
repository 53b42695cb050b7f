//! How long a fault delays a reply.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Error, MapAccess};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use serde_untagged::UntaggedEnumVisitor;

use crate::domain::real_duration::RealDuration;
use crate::domain::schema::json_schema;
use crate::domain::serde_helpers;

/// A delay in *real* time, since a client's socket timeout runs on it (our ruling). Random delays
/// are drawn from the sandbox's own stream: the same seed delays the same calls by the same time.
///
/// In JSON: `"2s"`, `{"uniform": ["100ms", "2s"]}` or
/// `{"lognormal": {"median": "200ms", "sigma": 0.5}}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    /// Always this long.
    Fixed(RealDuration),
    /// Any length between two, all equally likely.
    Uniform(DelayRange),
    /// Like a slow network: mostly near the median, at times much longer.
    Lognormal(Lognormal),
}

/// From a shorter to a longer length, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelayRange {
    shortest: RealDuration,
    longest: RealDuration,
}

/// A median and a spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "an object such as {\"median\": \"200ms\", \"sigma\": 0.5}"
)]
pub struct Lognormal {
    /// Half of the delays are shorter.
    pub(crate) median: RealDuration,
    /// The standard deviation of the delay's logarithm.
    pub(crate) sigma: Sigma,
}

/// The standard deviation of a logarithm: 0 to 3. At 3, one delay in a hundred is over a thousand
/// times the median.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Sigma(f64);

impl Delay {
    /// Any length between these two.
    ///
    /// # Panics
    /// When the second is shorter.
    #[track_caller]
    pub fn uniform(shortest: RealDuration, longest: RealDuration) -> Self {
        match DelayRange::new(shortest, longest) {
            Ok(range) => Self::Uniform(range),
            Err(reason) => panic!("Delay::uniform: {reason}"),
        }
    }

    /// Mostly near this median; `sigma` sets the spread, 0.5 is usual.
    ///
    /// # Panics
    /// When `sigma` is not from 0 to 3.
    #[track_caller]
    pub fn lognormal(median: RealDuration, sigma: f64) -> Self {
        match Sigma::new(sigma) {
            Ok(sigma) => Self::Lognormal(Lognormal { median, sigma }),
            Err(reason) => panic!("Delay::lognormal: {reason}"),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        let longest = match self {
            Self::Fixed(duration) => duration,
            Self::Uniform(range) => &range.longest,
            Self::Lognormal(lognormal) => &lognormal.median,
        };
        *longest == RealDuration::ZERO
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

    pub(crate) const fn ends(self) -> [RealDuration; 2] {
        [self.shortest, self.longest]
    }

    pub(crate) fn as_millis(self) -> std::ops::RangeInclusive<u32> {
        self.shortest.as_millis()..=self.longest.as_millis()
    }
}

impl<'de> Deserialize<'de> for DelayRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "the shortest and the longest delay, such as [\"100ms\", \"2s\"]";
        let durations: Vec<RealDuration> = serde_helpers::list(deserializer, right)?;
        match durations[..] {
            [shortest, longest] => Self::new(shortest, longest).map_err(Error::custom),
            _ => Err(Error::invalid_length(durations.len(), &right)),
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

    pub(crate) const fn value(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Sigma {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a sigma from 0 to 3, such as 0.5";
        Self::new(serde_helpers::number(deserializer, right)?).map_err(Error::custom)
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(duration) => duration.fmt(f),
            Self::Uniform(range) => write!(f, "{} to {}", range.shortest, range.longest),
            Self::Lognormal(lognormal) => write!(f, "about {}", lognormal.median),
        }
    }
}

impl Serialize for Delay {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(duration) => duration.serialize(serializer),
            Self::Uniform(DelayRange { shortest, longest }) => {
                serializer.serialize_newtype_variant("Delay", 1, "uniform", &[shortest, longest])
            }
            Self::Lognormal(lognormal) => {
                serializer.serialize_newtype_variant("Delay", 2, "lognormal", lognormal)
            }
        }
    }
}

// By hand, since an untagged enum could not say which of its fields is wrong.
impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const RIGHT: &str = "a delay such as \"2s\", {\"uniform\": [\"100ms\", \"2s\"]} or \
                             {\"lognormal\": {\"median\": \"200ms\", \"sigma\": 0.5}}";
        fn fixed<E: Error>(text: &str) -> Result<Delay, E> {
            text.parse().map(Delay::Fixed).map_err(E::custom)
        }
        UntaggedEnumVisitor::new()
            .expecting(RIGHT)
            .string(fixed)
            .u64(|seconds| fixed(&seconds.to_string()))
            .i64(|seconds| fixed(&seconds.to_string()))
            .f64(|seconds| fixed(&seconds.to_string()))
            .map(|mut map| {
                let delay = match map.next_key::<String>()?.as_deref() {
                    Some("uniform") => Self::Uniform(map.next_value()?),
                    Some("lognormal") => Self::Lognormal(map.next_value()?),
                    Some(other) => {
                        return Err(Error::unknown_field(other, &["uniform", "lognormal"]));
                    }
                    None => return Err(Error::invalid_length(0, &RIGHT)),
                };
                match map.next_key::<String>()? {
                    None => Ok(delay),
                    Some(_) => Err(Error::invalid_length(2, &RIGHT)),
                }
            })
            .deserialize(deserializer)
    }
}

json_schema!(Sigma, "Sigma": {"type": "number", "minimum": 0, "maximum": 3});

impl JsonSchema for Delay {
    fn schema_name() -> Cow<'static, str> {
        "Delay".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        const UNIFORM: &str = "Any length between two, all equally likely.";
        const LOGNORMAL: &str =
            "Like a slow network: mostly near the median, at times much longer.";
        let duration = generator.subschema_for::<RealDuration>();
        let lognormal = generator.subschema_for::<Lognormal>();
        let one = |name: &str, description: &str, schema: serde_json::Value| {
            json!({
                "type": "object", "properties": {name: schema}, "required": [name],
                "additionalProperties": false, "description": description,
            })
        };
        let range = json!({
            "type": "array", "items": duration, "minItems": 2, "maxItems": 2,
            "description": "The shortest and the longest.",
        });
        schemars::json_schema!({
            "anyOf": [duration, one("uniform", UNIFORM, range), one("lognormal", LOGNORMAL, lognormal.to_value())],
            "description": "How long a reply is held up, in real time.",
        })
    }
}

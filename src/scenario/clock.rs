//! The clock of a sandbox.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};
use strum::{IntoStaticStr, VariantNames};

use crate::domain::nearest::nearest;
use crate::domain::positive::PositiveDuration;
use crate::domain::schema::json_schema;
use crate::domain::serde_helpers;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;

/// How virtual time passes, and where it starts.
///
/// Without `now`, realtime and scaled clocks start at the real time, frozen and per_poll clocks at
/// 2026-01-01T00:00:00Z (our ruling).
#[derive(
    Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema, IntoStaticStr, VariantNames,
)]
#[strum(serialize_all = "snake_case")]
#[serde(tag = "mode", rename_all = "snake_case", try_from = "ClockFields")]
pub enum Clock {
    /// At the speed of real time.
    Realtime {
        /// Where it starts.
        #[serde(skip_serializing_if = "Option::is_none")]
        now: Option<Timestamp>,
    },
    /// Faster or slower than real time.
    Scaled {
        /// Virtual seconds per real second.
        rate: Rate,
        /// Where it starts.
        #[serde(skip_serializing_if = "Option::is_none")]
        now: Option<Timestamp>,
    },
    /// Stands still until a test moves it.
    Frozen {
        /// Where it stands.
        #[serde(skip_serializing_if = "Option::is_none")]
        now: Option<Timestamp>,
    },
    /// Stands still, except that each getSMS first moves it by a step.
    PerPoll {
        /// How far each getSMS moves it.
        step: VirtualDuration,
        /// Where it starts.
        #[serde(skip_serializing_if = "Option::is_none")]
        now: Option<Timestamp>,
    },
}

/// The fields of a clock, not yet checked against each other. Read one by one, so that an error has
/// the path of its field.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a clock such as {\"mode\": \"frozen\"}")]
struct ClockFields {
    /// How time passes.
    mode: ClockMode,
    /// Virtual seconds per real second, of a scaled clock: 60 by default.
    rate: Option<Rate>,
    /// How far each getSMS moves a per_poll clock: 5 s by default.
    step: Option<PositiveDuration>,
    /// Where it starts.
    now: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ClockMode {
    Realtime,
    Scaled,
    Frozen,
    PerPoll,
}

impl TryFrom<ClockFields> for Clock {
    type Error = String;

    fn try_from(fields: ClockFields) -> Result<Self, String> {
        let ClockFields { mode, rate, step, now } = fields;
        if rate.is_some() && mode != ClockMode::Scaled {
            return Err("only a scaled clock has a rate".into());
        }
        if step.is_some() && mode != ClockMode::PerPoll {
            return Err("only a per_poll clock has a step".into());
        }
        Ok(match mode {
            ClockMode::Realtime => Self::Realtime { now },
            ClockMode::Scaled => Self::Scaled { rate: rate.unwrap_or_default(), now },
            ClockMode::Frozen => Self::Frozen { now },
            ClockMode::PerPoll => {
                Self::PerPoll { step: step.map_or_else(default_step, PositiveDuration::get), now }
            }
        })
    }
}

const fn default_step() -> VirtualDuration {
    VirtualDuration::seconds(5)
}

impl Default for Clock {
    fn default() -> Self {
        Self::realtime()
    }
}

impl Clock {
    /// Runs at the speed of real time, from the real time on.
    pub const fn realtime() -> Self {
        Self::Realtime { now: None }
    }

    /// Runs at this rate, from the real time on.
    pub const fn scaled(rate: Rate) -> Self {
        Self::Scaled { rate, now: None }
    }

    /// Stands still until a test moves it.
    pub const fn frozen() -> Self {
        Self::Frozen { now: None }
    }

    /// Stands still, except that each getSMS first moves it by `step`.
    pub const fn per_poll(step: VirtualDuration) -> Self {
        Self::PerPoll { step, now: None }
    }

    /// The same clock, starting at this time.
    pub const fn starting_at(mut self, start: Timestamp) -> Self {
        let (Self::Realtime { now }
        | Self::Scaled { now, .. }
        | Self::Frozen { now }
        | Self::PerPoll { now, .. }) = &mut self;
        *now = Some(start);
        self
    }

    /// Where it starts, if that is set.
    pub const fn start(&self) -> Option<Timestamp> {
        let (Self::Realtime { now }
        | Self::Scaled { now, .. }
        | Self::Frozen { now }
        | Self::PerPoll { now, .. }) = self;
        *now
    }

    /// Whether it runs by itself.
    pub const fn runs(&self) -> bool {
        matches!(self, Self::Realtime { .. } | Self::Scaled { .. })
    }

    /// The mode, as JSON and flags write it.
    pub fn mode(&self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for Clock {
    /// As the `--clock` flag reads it: `scaled:60`, `per_poll:5s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.mode())?;
        match self {
            Self::Scaled { rate, .. } => write!(f, ":{rate}"),
            Self::PerPoll { step, .. } => write!(f, ":{step}"),
            Self::Realtime { .. } | Self::Frozen { .. } => Ok(()),
        }
    }
}

impl FromStr for Clock {
    type Err = String;

    /// Reads `realtime`, `scaled[:RATE]`, `frozen[:TIME]` or `per_poll[:STEP]`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (mode, value) = match text.split_once(':') {
            Some((mode, value)) => (mode, Some(value)),
            None => (text, None),
        };
        match (mode, value) {
            ("realtime", None) => Ok(Self::realtime()),
            ("realtime", Some(_)) => {
                Err("realtime takes no value; a faster clock is scaled:60".into())
            }
            ("scaled", value) => {
                Ok(Self::scaled(value.map(str::parse).transpose()?.unwrap_or_default()))
            }
            ("frozen", None) => Ok(Self::frozen()),
            ("frozen", Some(time)) => Ok(Self::frozen().starting_at(time.parse()?)),
            ("per_poll", None) => Ok(Self::per_poll(default_step())),
            ("per_poll", Some(step)) => match step.parse()? {
                VirtualDuration::ZERO => {
                    Err("per_poll:0s never moves; use frozen for a clock that stands still".into())
                }
                step => Ok(Self::per_poll(step)),
            },
            (other, _) => {
                let hint = nearest(other, Self::VARIANTS.iter().copied())
                    .map(|mode| format!("; did you mean {mode}?"))
                    .unwrap_or_default();
                Err(format!(
                    "{other:?} is not a clock mode{hint} (realtime, scaled:60, frozen, per_poll:5s)"
                ))
            }
        }
    }
}

/// Virtual seconds per real second: above 0, at most 1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate(f64);

impl Rate {
    /// # Errors
    /// When it is not above 0 and at most 1,000,000.
    pub fn new(rate: f64) -> Result<Self, String> {
        if rate > 0.0 && rate <= 1_000_000.0 {
            Ok(Self(rate))
        } else {
            Err(format!(
                "rate {rate} makes no sense; above 0 and at most 1000000 is right, such as 60"
            ))
        }
    }

    pub(crate) const fn factor(self) -> f64 {
        self.0
    }
}

impl Default for Rate {
    /// A virtual minute per second.
    fn default() -> Self {
        Self(60.0)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rate = text
            .parse()
            .map_err(|_| format!("{text:?} is not a rate; write a number, such as 60"))?;
        Self::new(rate)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a rate above 0, such as 60";
        Self::new(serde_helpers::number(deserializer, right)?).map_err(de::Error::custom)
    }
}

json_schema!(Rate, "Rate": {
    "type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000,
    "description": "Virtual seconds per real second.",
});

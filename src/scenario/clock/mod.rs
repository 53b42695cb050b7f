//! The clock of a sandbox.

mod rate;
mod start;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray, VariantNames};

use crate::domain::positive::PositiveDuration;
use crate::domain::serde_helpers::json_names;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
pub use rate::Rate;
pub use start::ClockStart;
use words::ClockJson;

/// How virtual time passes, and where it starts.
///
/// Without `now`, realtime and scaled clocks start at the real time, frozen and per_poll clocks at
/// 2026-01-01T00:00:00Z (our ruling).
#[derive(
    Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema, IntoStaticStr, VariantNames,
)]
#[strum(serialize_all = "snake_case")]
#[serde(tag = "mode", rename_all = "snake_case", try_from = "ClockJson")]
pub enum Clock {
    /// At the speed of real time.
    Realtime {
        /// Where it starts.
        #[serde(skip_serializing_if = "Option::is_none")]
        now: Option<ClockStart>,
    },
    /// Faster or slower than real time.
    Scaled {
        /// Virtual seconds per real second.
        rate: Rate,
        /// Where it starts.
        #[serde(skip_serializing_if = "Option::is_none")]
        now: Option<ClockStart>,
    },
    /// Stands still until a test moves it.
    Frozen {
        /// Where it stands.
        #[serde(skip_serializing_if = "Option::is_none")]
        now: Option<ClockStart>,
    },
    /// Stands still, except that each getSMS first moves it by a step.
    PerPoll {
        /// How far each getSMS moves it.
        step: VirtualDuration,
        /// Where it starts.
        #[serde(skip_serializing_if = "Option::is_none")]
        now: Option<ClockStart>,
    },
}

/// A clock, field by field.
//
// The fields are not yet checked against each other. They are read one by one, so that an error has
// the path of its field.
#[derive(Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a clock such as \"per_poll:4s\" or {\"mode\": \"frozen\"}"
)]
struct ClockFields {
    /// How time passes.
    mode: ClockMode,
    /// Virtual seconds per real second, of a scaled clock: 60 by default.
    rate: Option<Rate>,
    /// How far each getSMS moves a per_poll clock: 5 s by default.
    step: Option<PositiveDuration>,
    /// Where it starts.
    now: Option<ClockStart>,
}

/// How virtual time passes, whatever the rate, the step and the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ClockMode {
    /// At the speed of real time.
    Realtime,
    /// Faster or slower than real time.
    Scaled,
    /// It stands still until a test moves it.
    Frozen,
    /// Each getSMS moves it by a step.
    PerPoll,
}

json_names!(ClockMode, "a mode of a clock");

impl TryFrom<ClockJson> for Clock {
    type Error = String;

    fn try_from(json: ClockJson) -> Result<Self, String> {
        let ClockFields { mode, rate, step, now } = match json {
            ClockJson::Words(clock) => return Ok(clock),
            ClockJson::Fields(fields) => fields,
        };
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
    pub const fn starting_at(self, start: Timestamp) -> Self {
        self.with_start(ClockStart::At(start))
    }

    /// The same clock, starting at the real time at which its sandbox is made, in whole seconds.
    pub const fn starting_now(self) -> Self {
        self.with_start(ClockStart::Now)
    }

    pub(crate) const fn with_start(mut self, start: ClockStart) -> Self {
        let (Self::Realtime { now }
        | Self::Scaled { now, .. }
        | Self::Frozen { now }
        | Self::PerPoll { now, .. }) = &mut self;
        *now = Some(start);
        self
    }

    /// Where it starts, if that is set.
    pub const fn start(&self) -> Option<ClockStart> {
        let (Self::Realtime { now }
        | Self::Scaled { now, .. }
        | Self::Frozen { now }
        | Self::PerPoll { now, .. }) = self;
        *now
    }

    /// The same clock with a time in place of [`ClockStart::Now`].
    pub(crate) fn resolved(self, real: Timestamp) -> Self {
        self.start().map_or(self, |start| self.starting_at(start.resolve(real)))
    }

    /// Whether it runs by itself.
    pub const fn runs(&self) -> bool {
        matches!(self, Self::Realtime { .. } | Self::Scaled { .. })
    }

    /// How it passes, whatever the rate, the step and the start.
    pub(crate) const fn kind(&self) -> ClockMode {
        match self {
            Self::Realtime { .. } => ClockMode::Realtime,
            Self::Scaled { .. } => ClockMode::Scaled,
            Self::Frozen { .. } => ClockMode::Frozen,
            Self::PerPoll { .. } => ClockMode::PerPoll,
        }
    }

    /// The mode, as JSON and flags write it.
    pub fn mode(&self) -> &'static str {
        self.into()
    }
}

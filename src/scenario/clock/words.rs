//! A clock in words: as the command line and JSON write it in one text.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use serde_untagged::UntaggedEnumVisitor;
use strum::VariantNames;

use super::{Clock, ClockFields, ClockStart, default_step};
use crate::domain::nearest::nearest;
use crate::domain::schema::json_schema;
use crate::domain::virtual_duration::VirtualDuration;

const EXAMPLES: &str =
    "realtime, scaled:60, frozen, per_poll:5s; with a start frozen:now, per_poll:5s@now";

impl fmt::Display for Clock {
    /// As the `--clock` flag reads it: `scaled:60`, `per_poll:5s@now`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.mode())?;
        match self {
            Self::Scaled { rate, .. } => write!(f, ":{rate}")?,
            Self::PerPoll { step, .. } => write!(f, ":{step}")?,
            Self::Realtime { .. } | Self::Frozen { .. } => {}
        }
        let mark = if matches!(self, Self::Frozen { .. }) { ':' } else { '@' };
        self.start().map_or(Ok(()), |start| write!(f, "{mark}{start}"))
    }
}

impl FromStr for Clock {
    type Err = String;

    /// Reads `realtime`, `scaled[:RATE]`, `frozen[:START]` or `per_poll[:STEP]`, each also with
    /// `@START`. A start is a time or `now`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (words, start) = match text.split_once('@') {
            Some((words, start)) => (words, Some(start)),
            None => (text, None),
        };
        let (mode, value) = match words.split_once(':') {
            Some((mode, value)) => (mode, Some(value)),
            None => (words, None),
        };
        let (clock, start) = match (mode, value) {
            ("frozen", Some(_)) if let Some(start) = start => {
                return Err(format!("{text:?} has two starts; write frozen:{start}"));
            }
            ("frozen", value) => (Self::frozen(), start.or(value)),
            ("realtime", None) => (Self::realtime(), start),
            ("realtime", Some(_)) => {
                let reason = "realtime takes no value; a faster clock is scaled:60".to_owned();
                return Err(misplaced(words, reason));
            }
            ("scaled", value) => {
                let rate =
                    value.map(str::parse).transpose().map_err(|reason| misplaced(words, reason))?;
                (Self::scaled(rate.unwrap_or_default()), start)
            }
            ("per_poll", None) => (Self::per_poll(default_step()), start),
            ("per_poll", Some(step)) => {
                match step.parse().map_err(|reason| misplaced(words, reason))? {
                    VirtualDuration::ZERO => {
                        let message =
                            "per_poll:0s never moves; use frozen for a clock that stands still";
                        return Err(message.into());
                    }
                    step => (Self::per_poll(step), start),
                }
            }
            (other, _) => {
                let hint = nearest(other, Self::VARIANTS.iter().copied())
                    .map(|mode| format!("; did you mean {mode}?"))
                    .unwrap_or_default();
                return Err(format!("{other:?} is not a clock mode{hint} ({EXAMPLES})"));
            }
        };
        let start: Option<ClockStart> = start.map(str::parse).transpose()?;
        Ok(start.map_or(clock, |start| clock.with_start(start)))
    }
}

/// Says what is wrong with a rate or a step, which is often a start after the wrong mark.
fn misplaced(words: &str, reason: String) -> String {
    match words.split_once(':') {
        Some((mode, start)) if start.parse::<ClockStart>().is_ok() => {
            format!("{reason}; a start follows an @: {mode}@{start}")
        }
        _ => reason,
    }
}

/// A clock in JSON: in words, or field by field.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub(super) enum ClockJson {
    /// In words, as `--clock` takes them.
    Words(#[schemars(with = "ClockWords")] Clock),
    /// Field by field.
    Fields(ClockFields),
}

impl<'de> Deserialize<'de> for ClockJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UntaggedEnumVisitor::new()
            .expecting("a clock such as \"per_poll:4s\" or {\"mode\": \"frozen\"}")
            .string(|words| words.parse().map(Self::Words).map_err(de::Error::custom))
            .map(|fields| fields.deserialize().map(Self::Fields))
            .deserialize(deserializer)
    }
}

/// The schema of a clock in words.
struct ClockWords;

json_schema!(ClockWords, "ClockWords": {
    "type": "string", "pattern": "^(realtime|scaled|frozen|per_poll)([:@].+)?$",
    "description": "`realtime`, `scaled:60`, `frozen` or `per_poll:4s`, with a start `frozen:now`, \
                    `frozen:2026-01-01T00:00:00Z`, `per_poll:4s@now`, `per_poll:4s@2026-01-01T00:00:00Z`.",
});

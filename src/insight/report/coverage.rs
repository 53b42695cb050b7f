//! Which outcomes a client has met. Counted, since the journal forgets.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::sandbox::faults::Strike;
use crate::sandbox::outcome::Outcome;

/// How often an endpoint ended how, in the order in which they were first met. Few ever are, so
/// that to look through them costs less than a table would.
#[derive(Clone, Debug, Default)]
pub struct Coverage(Vec<(Endpoint, End, u64)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Success,
    Refused(ErrorCode),
    Redirect,
    Spoilt,
    NoReply,
}

/// An outcome that was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Outcome")]
pub struct Met {
    /// Where.
    pub endpoint: Endpoint,
    /// `success`, the code of an error, `redirect`, `spoilt_reply` or `no_reply`.
    pub outcome: &'static str,
    /// How often.
    pub count: u64,
}

impl Coverage {
    /// Counts a request; none is one that never took effect.
    pub fn count(&mut self, endpoint: Endpoint, outcome: Option<&Outcome>) {
        let end = outcome.map_or(End::NoReply, End::of);
        match self.0.iter_mut().find(|(at, as_, _)| (*at, *as_) == (endpoint, end)) {
            Some((_, _, count)) => *count += 1,
            None => self.0.push((endpoint, end, 1)),
        }
    }

    /// What was met, in the order of the endpoints.
    #[must_use]
    pub fn met(&self) -> Vec<Met> {
        let mut met = self.0.clone();
        met.sort_unstable_by_key(|(endpoint, end, _)| (*endpoint, *end));
        let line = |(endpoint, end, count)| Met { endpoint, outcome: End::name(end), count };
        met.into_iter().map(line).collect()
    }
}

impl End {
    fn of(outcome: &Outcome) -> Self {
        match (&outcome.instead, outcome.code(), outcome.status()) {
            (Some(Strike::Redirect(_)), ..) => Self::Redirect,
            (_, _, None) => Self::NoReply,
            (Some(Strike::Wire(fault, _)), ..) if !fault.leaves_reply_whole() => Self::Spoilt,
            (_, Some(code), _) => Self::Refused(code),
            (_, None, Some(_)) => Self::Success,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Refused(code) => code.as_str(),
            Self::Redirect => "redirect",
            Self::Spoilt => "spoilt_reply",
            Self::NoReply => "no_reply",
        }
    }
}

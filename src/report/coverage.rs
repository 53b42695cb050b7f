//! Which outcomes a client has met. Counted, since the journal forgets.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::endpoint::Endpoint;
use crate::sandbox::outcome::{CallOutcome, OutcomeKind};

/// How often an endpoint ended how, in the order in which they were first met. Few ever are, so
/// that to look through them costs less than a table would.
#[derive(Clone, Debug, Default)]
pub struct Coverage(Vec<(Endpoint, OutcomeKind, u64)>);

/// An outcome that was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Outcome")]
pub struct CoverageEntry {
    /// Where.
    pub endpoint: Endpoint,
    /// `success`, the code of an error, `redirect`, `spoilt_reply` or `no_reply`.
    pub outcome: &'static str,
    /// How often.
    pub count: u64,
}

impl Coverage {
    /// Counts a request; none is one that never took effect.
    pub fn count(&mut self, endpoint: Endpoint, outcome: Option<&CallOutcome>) {
        let kind = outcome.map_or(OutcomeKind::NoReply, CallOutcome::kind);
        match self.0.iter_mut().find(|(at, as_, _)| (*at, *as_) == (endpoint, kind)) {
            Some((_, _, count)) => *count += 1,
            None => self.0.push((endpoint, kind, 1)),
        }
    }

    /// What was met, in the order of the endpoints.
    pub fn met(&self) -> Vec<CoverageEntry> {
        let mut met = self.0.clone();
        met.sort_unstable_by_key(|(endpoint, kind, _)| (*endpoint, *kind));
        let line = |(endpoint, kind, count): (_, OutcomeKind, _)| CoverageEntry {
            endpoint,
            outcome: kind.name(),
            count,
        };
        met.into_iter().map(line).collect()
    }
}

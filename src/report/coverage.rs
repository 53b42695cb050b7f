//! The outcomes that a client has met. Counted, since the journal forgets its oldest entries.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::endpoint::Endpoint;
use crate::sandbox::outcome::{CallOutcome, OutcomeKind};

/// Counts by endpoint and outcome, in the order in which they first occurred. There are few, so a
/// scan costs less than a hash table would.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage(Vec<(Endpoint, OutcomeKind, u64)>);

/// An outcome that a client has met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct CoverageEntry {
    /// The endpoint that the client called.
    pub endpoint: Endpoint,
    /// `success`, an error code, `redirect`, `spoilt_reply` or `no_reply`.
    pub outcome: &'static str,
    /// How often.
    pub count: u64,
}

impl Coverage {
    /// Counts a request; `None` is one that never took effect.
    pub(crate) fn count(&mut self, endpoint: Endpoint, outcome: Option<&CallOutcome>) {
        let kind = outcome.map_or(OutcomeKind::NoReply, CallOutcome::kind);
        match self.0.iter_mut().find(|entry| (entry.0, entry.1) == (endpoint, kind)) {
            Some((_, _, count)) => *count += 1,
            None => self.0.push((endpoint, kind, 1)),
        }
    }

    /// The outcomes in the order of the endpoints.
    pub(crate) fn entries(&self) -> Vec<CoverageEntry> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by_key(|(endpoint, kind, _)| (*endpoint, *kind));
        let entry = |(endpoint, kind, count): (_, OutcomeKind, _)| CoverageEntry {
            endpoint,
            outcome: kind.name(),
            count,
        };
        sorted.into_iter().map(entry).collect()
    }
}

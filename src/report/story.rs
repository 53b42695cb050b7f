//! Whether what a scenario is about has happened to the client at all.

use schemars::JsonSchema;
use serde::Serialize;

use super::coverage::Coverage;
use crate::scenario::milestone::MilestoneKind;
use crate::scenario::{Clock, Milestone};

/// Whether the story of the scenario has been told: without it, a test that passes proves little.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Story {
    /// Whether everything that the scenario `expects` has happened.
    pub met: bool,
    /// What has not happened, and how a test gets there.
    pub missing: Option<String>,
}

impl Story {
    pub(super) const MET: Self = Self { met: true, missing: None };

    pub(super) fn unmet(missing: String) -> Self {
        Self { met: false, missing: Some(missing) }
    }

    pub(super) fn of(expects: &[Milestone], coverage: &Coverage, clock: Clock) -> Self {
        let is_missing = |milestone: &&Milestone| {
            coverage.seen(milestone.what) < u64::from(milestone.count.get())
        };
        let Some(first) = expects.iter().find(is_missing) else { return Self::MET };
        let mut missing = first.missing(coverage.seen(first.what));
        if matches!(first.what, MilestoneKind::Event(event) if event.needs_time()) {
            missing += match clock {
                Clock::Frozen { .. } => " The clock is frozen: it moves only when a test moves it.",
                Clock::PerPoll { .. } => " Only getSMS moves the per_poll clock.",
                Clock::Realtime { .. } | Clock::Scaled { .. } => "",
            };
        }
        Self::unmet(missing)
    }
}

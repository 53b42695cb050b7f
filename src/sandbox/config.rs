//! What a sandbox is made of.

use std::borrow::Cow;
use std::sync::Arc;

use rand::RngExt;

use super::streams::stream;
use crate::domain::error_code::ErrorCode;
use crate::domain::label::Label;
use crate::domain::rental_id::RentalId;
use crate::scenario::{Clock, Milestone, Scenario};

/// What a sandbox is made of: the same config, calls and times give the same replies.
#[derive(Clone, Debug)]
pub(crate) struct SandboxConfig {
    /// As its author wrote it, without the pseudo-countries of on-demand errors.
    pub(crate) scenario: Arc<Scenario>,
    /// About how much memory the scenario takes; 0 if it belongs to the server's catalogue.
    pub(crate) scenario_bytes: usize,
    pub(crate) clock: Clock,
    pub(crate) seed: u64,
    /// What its test calls it.
    pub(crate) label: Option<Label>,
    pub(crate) first_rental_id: RentalId,
    pub(crate) max_ended_rentals: usize,
    /// Whether pseudo-countries trigger errors.
    pub(crate) on_demand_errors: bool,
    /// The error that the api_key asks for, as `test_banned` does.
    pub(crate) key_error: Option<ErrorCode>,
}

/// The parts of a [`SandboxConfig`] that a caller may choose; the server's settings give the rest.
#[derive(Clone, Debug, Default)]
pub(crate) struct SandboxOptions {
    pub(crate) scenario: Option<Arc<Scenario>>,
    /// See [`SandboxConfig::scenario_bytes`].
    pub(crate) scenario_bytes: usize,
    pub(crate) seed: Option<u64>,
    pub(crate) clock: Option<Clock>,
    pub(crate) label: Option<Label>,
}

impl SandboxConfig {
    /// The id of the first rental: the scenario's, or one that differs from key to key.
    pub(crate) fn first_rental_id(scenario: &Scenario, seed: u64, api_key: &str) -> RentalId {
        scenario.rental.first_rental_id.unwrap_or_else(|| {
            let mut rng = stream(seed, &format!("rental ids of {api_key}"));
            RentalId::new(rng.random_range(1_000_000_000..9_000_000_000))
        })
    }

    /// What must have happened for its story to have been told: that of the scenario, or the error
    /// that the api_key asks for.
    pub(crate) fn expects(&self) -> Cow<'_, [Milestone]> {
        match self.key_error {
            Some(code) => Cow::Owned(vec![Milestone::refusal(None, code)]),
            None => Cow::Borrowed(&self.scenario.expects),
        }
    }

    #[cfg(test)]
    pub(crate) fn for_test(scenario: Scenario, clock: Clock, seed: u64) -> Self {
        Self {
            first_rental_id: Self::first_rental_id(&scenario, seed, "test"),
            scenario: Arc::new(scenario),
            scenario_bytes: 0,
            clock,
            seed,
            label: None,
            max_ended_rentals: 100_000,
            on_demand_errors: false,
            key_error: None,
        }
    }
}

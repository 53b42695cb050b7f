//! The scenarios of a running server: those it was started with, which never change, and those
//! that callers of the control API added since.

use std::sync::{Arc, Weak};

use super::{Registry, on_demand_errors};
use crate::sandbox::error::SandboxError;
use crate::scenario::Scenario;
use crate::scenario::catalogue;

impl Registry {
    /// The most scenarios that can be added.
    pub(crate) const MAX_ADDED_SCENARIOS: usize = 1_000;

    /// The scenario of this name.
    ///
    /// # Errors
    /// A sentence with the nearest name.
    pub(crate) fn scenario(&self, name: &str) -> Result<Arc<Scenario>, String> {
        if let Some(scenario) = self.settings.catalogue.find(name) {
            return Ok(Arc::clone(scenario));
        }
        let added = self.added_scenarios.read();
        match added.current.iter().find(|added| added.scenario.name == name) {
            Some(added) => Ok(Arc::clone(&added.scenario)),
            None => {
                let of_start = self.settings.catalogue.iter();
                let all = of_start.chain(added.current.iter().map(|added| &added.scenario));
                Err(catalogue::unknown(name, all.map(|scenario| scenario.name.as_str())))
            }
        }
    }

    /// All scenarios; those that were added come last.
    pub(crate) fn scenarios(&self) -> Vec<Arc<Scenario>> {
        let added = self.added_scenarios.read();
        let added = added.current.iter().map(|added| &added.scenario);
        self.settings.catalogue.iter().chain(added).map(Arc::clone).collect()
    }

    /// Adds a valid scenario, or replaces an added one of the same name. Sandboxes that run keep the
    /// one that they have. `bytes` is about how much memory it takes.
    pub(crate) fn add_scenario(
        &self,
        scenario: Scenario,
        bytes: usize,
    ) -> Result<Arc<Scenario>, SandboxError> {
        self.check_is_added(&scenario.name)?;
        let (scenario, limit) = (Arc::new(scenario), self.settings.max_memory.bytes() / 16);
        let played = match self.settings.on_demand_errors {
            true => Arc::new(on_demand_errors::extend(&scenario)),
            false => Arc::clone(&scenario),
        };
        let mut added = self.added_scenarios.write();
        added.former.retain(FormerScenario::is_used);
        let used = added.current.iter().map(|added| added.bytes);
        let used: usize = used.chain(added.former.iter().map(|former| former.bytes)).sum();
        if used + bytes > limit {
            return Err(SandboxError::Conflict(format!(
                "added scenarios take all of the memory that they may take, a sixteenth of \
                 --max-memory {}; DELETE unused ones, and the sandboxes that play those replaced \
                 or deleted",
                self.settings.max_memory
            )));
        }
        let name = scenario.name.as_str();
        let place = added.current.iter().position(|added| added.scenario.name == name);
        let count = added.current.len() + added.former.len() + 1;
        if place.is_none() && count > Self::MAX_ADDED_SCENARIOS {
            return Err(SandboxError::Conflict(format!(
                "{} scenarios were added, which is the most; DELETE unused ones",
                Self::MAX_ADDED_SCENARIOS
            )));
        }
        let new = AddedScenario { scenario: Arc::clone(&scenario), played, bytes };
        match place {
            Some(place) => {
                let former = std::mem::replace(&mut added.current[place], new);
                added.former.push(former.into());
            }
            None => added.current.push(new),
        }
        Ok(scenario)
    }

    /// Removes a scenario that was added. Sandboxes that play it keep it.
    pub(crate) fn remove_scenario(&self, name: &str) -> Result<(), SandboxError> {
        self.check_is_added(name)?;
        let mut added = self.added_scenarios.write();
        match added.current.iter().position(|added| added.scenario.name == name) {
            Some(place) => {
                let former = added.current.remove(place);
                added.former.push(former.into());
                Ok(())
            }
            None => {
                drop(added);
                Err(SandboxError::NotFound(self.scenario(name).err().unwrap_or_default()))
            }
        }
    }

    /// Refuses to change what the server was started with.
    fn check_is_added(&self, name: &str) -> Result<(), SandboxError> {
        match self.settings.catalogue.find(name) {
            None => Ok(()),
            Some(_) => Err(SandboxError::Conflict(format!(
                "{name:?} is a scenario that this server was started with, so it cannot change; \
                 give yours another name"
            ))),
        }
    }

    /// An added scenario with the pseudo-countries, if on-demand errors are on.
    pub(super) fn added_as_played(&self, scenario: &Arc<Scenario>) -> Option<Arc<Scenario>> {
        let added = self.added_scenarios.read();
        let mut current = added.current.iter();
        if let Some(current) = current.find(|added| Arc::ptr_eq(&added.scenario, scenario)) {
            return Some(Arc::clone(&current.played));
        }
        let is_it = |former: &&FormerScenario| former.scenario.as_ptr() == Arc::as_ptr(scenario);
        added.former.iter().find(is_it)?.played.upgrade()
    }
}

/// What was added since the start.
#[derive(Debug, Default)]
pub(super) struct AddedScenarios {
    current: Vec<AddedScenario>,
    /// Replaced or removed ones. They count as long as a sandbox plays them.
    former: Vec<FormerScenario>,
}

#[derive(Debug)]
struct AddedScenario {
    scenario: Arc<Scenario>,
    played: Arc<Scenario>,
    bytes: usize,
}

#[derive(Debug)]
struct FormerScenario {
    scenario: Weak<Scenario>,
    played: Weak<Scenario>,
    bytes: usize,
}

impl FormerScenario {
    fn is_used(&self) -> bool {
        self.scenario.strong_count() + self.played.strong_count() > 0
    }
}

impl From<AddedScenario> for FormerScenario {
    fn from(added: AddedScenario) -> Self {
        let AddedScenario { scenario, played, bytes } = added;
        Self { scenario: Arc::downgrade(&scenario), played: Arc::downgrade(&played), bytes }
    }
}

//! What a test job does to the sandboxes from outside: look, make anew, reset, delete.
//!
//! A world is never emptied in place: another takes its place in the map. So whoever is in it, a
//! call that is held up for one, sees the old world to its end and never a mixture.

use std::sync::Arc;

use log::info;

use super::feed::{Feed, News};
use super::world::Made;
use super::{Registry, SandboxHandle};
use crate::domain::api_key::ApiKey;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::command::Refusal;
use crate::scenario::{Clock, Scenario};

/// What a sandbox is to be made of; what is left out is as for a new key.
#[derive(Clone, Debug, Default)]
pub struct Making {
    /// Its scenario.
    pub scenario: Option<Arc<Scenario>>,
    /// What all its randomness grows from.
    pub seed: Option<u64>,
    /// Its clock.
    pub clock: Option<Clock>,
}

/// How a sandbox stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its key.
    pub api_key: ApiKey,
    /// Its scenario, as it was told.
    pub scenario: Arc<Scenario>,
    /// What its randomness grows from.
    pub seed: u64,
    /// What its clock shows.
    pub now: Timestamp,
    /// How its clock runs.
    pub clock: Clock,
    /// How many of its rentals live.
    pub active_rentals: u32,
    /// How many requests it was sent.
    pub requests: u64,
}

impl Registry {
    /// How each sandbox stands, in the order of their keys.
    #[must_use]
    pub fn standings(self: &Arc<Self>) -> Vec<Standing> {
        let mut keys: Vec<ApiKey> = self.sandboxes.read().keys().cloned().collect();
        keys.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        keys.iter().filter_map(|key| Some(self.known(key.as_str())?.standing())).collect()
    }

    /// The sandbox of this key, if there is one.
    #[must_use]
    pub fn known(self: &Arc<Self>, api_key: &str) -> Option<SandboxHandle> {
        let key = self.sandboxes.read().get_key_value(api_key).map(|(key, _)| key.clone())?;
        Some(SandboxHandle::of(Arc::clone(self), key))
    }

    /// Makes the sandbox of this key, anew where there is one.
    ///
    /// # Errors
    /// The refusal of a key that opens none.
    pub fn make(self: &Arc<Self>, api_key: &str, making: Making) -> Result<SandboxHandle, Refusal> {
        let key = self.admit(api_key)?;
        let scenario = match making.scenario {
            Some(scenario) => scenario,
            None => self.scenario_for(&key).map_err(Refusal::invalid_key)?,
        };
        let made = Made {
            clock: making.clock.unwrap_or_else(|| self.settings.clock_of(&scenario)),
            seed: making.seed.unwrap_or(self.settings.seed),
            magic: self.settings.magic,
            scenario,
        };
        let world = self.put(&mut self.sandboxes.write(), key.clone(), made);
        world.lock().announce();
        Ok(SandboxHandle::of(Arc::clone(self), key))
    }

    /// Puts the sandbox of this key back to its start. Whether there is one.
    pub fn reset(&self, api_key: &str) -> bool {
        let mut sandboxes = self.sandboxes.write();
        let Some((key, world)) = sandboxes.get_key_value(api_key) else { return false };
        let (key, made) = (key.clone(), world.lock().made.clone());
        let world = self.put(&mut sandboxes, key, made);
        world.lock().announce();
        true
    }

    /// Puts all sandboxes back to their start.
    pub fn reset_all(&self) {
        let keys: Vec<ApiKey> = self.sandboxes.read().keys().cloned().collect();
        for key in keys {
            self.reset(key.as_str());
        }
    }

    /// Deletes the sandbox of this key. Whether there was one. The next request makes it anew.
    pub fn delete(&self, api_key: &str) -> bool {
        let removed = self.sandboxes.write().remove(api_key);
        if let Some(world) = &removed {
            let world = world.lock();
            info!("{} is deleted", world.key);
            world.announce();
        }
        removed.is_some()
    }

    /// What happens in the sandboxes, as it happens.
    #[must_use]
    pub const fn feed(&self) -> &Feed {
        &self.feed
    }
}

impl super::world::World {
    /// Tells those who listen that what they knew is over.
    pub(super) fn announce(&self) {
        self.feed.publish(&self.key, self.sandbox.now(), || News::Sandbox);
    }
}

//! What a test job does to the sandboxes from outside: look, make anew, reset, delete.
//!
//! A world is never emptied in place: another takes its place in the map. So whoever is in it, a
//! call that is held up for one, sees the old world to its end and never a mixture.

use std::sync::Arc;

use log::info;
use parking_lot::Mutex;

use super::feed::{Feed, News};
use super::world::{Made, World};
use super::{Registry, SandboxHandle, Sandboxes};
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
        self.all().iter().map(SandboxHandle::standing).collect()
    }

    /// All sandboxes as they are now, in the order of their keys.
    #[must_use]
    pub fn all(self: &Arc<Self>) -> Vec<SandboxHandle> {
        let sandboxes = self.sandboxes.read();
        let handle = |(key, world): (&ApiKey, _)| {
            SandboxHandle::of(Arc::clone(self), key.clone(), Arc::clone(world))
        };
        let mut all: Vec<SandboxHandle> = sandboxes.iter().map(handle).collect();
        drop(sandboxes);
        all.sort_unstable_by(|a, b| a.api_key().as_str().cmp(b.api_key().as_str()));
        all
    }

    /// The sandbox of this key as it is now, if there is one.
    #[must_use]
    pub fn known(self: &Arc<Self>, api_key: &str) -> Option<SandboxHandle> {
        let sandboxes = self.sandboxes.read();
        let (key, world) = sandboxes.get_key_value(api_key)?;
        Some(SandboxHandle::of(Arc::clone(self), key.clone(), Arc::clone(world)))
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
        let mut sandboxes = self.sandboxes.write();
        let world = self.put(&mut sandboxes, key.clone(), made);
        world.lock().announce();
        Ok(SandboxHandle::of(Arc::clone(self), key, world))
    }

    /// Puts the sandbox of this key back to its start. Gives it, if there is one.
    #[must_use]
    pub fn reset(self: &Arc<Self>, api_key: &str) -> Option<SandboxHandle> {
        let mut sandboxes = self.sandboxes.write();
        let key = sandboxes.get_key_value(api_key).map(|(key, _)| key.clone())?;
        let world = self.put_back(&mut sandboxes, &key)?;
        Some(SandboxHandle::of(Arc::clone(self), key, world))
    }

    /// Puts all sandboxes back to their start, at once: nobody sees some of them reset only.
    pub fn reset_all(&self) {
        let mut sandboxes = self.sandboxes.write();
        let keys: Vec<ApiKey> = sandboxes.keys().cloned().collect();
        for key in keys {
            self.put_back(&mut sandboxes, &key);
        }
    }

    fn put_back(&self, sandboxes: &mut Sandboxes, key: &ApiKey) -> Option<Arc<Mutex<World>>> {
        let made = sandboxes.get(key)?.lock().made.clone();
        let world = self.put(sandboxes, key.clone(), made);
        world.lock().announce();
        Some(world)
    }

    /// Deletes the sandbox of this key. Whether there was one. The next request makes it anew.
    pub fn delete(&self, api_key: &str) -> bool {
        let mut sandboxes = self.sandboxes.write();
        let Some(world) = sandboxes.remove(api_key) else { return false };
        let key = {
            let world = world.lock();
            world.announce();
            world.key.clone()
        };
        info!("{key} is deleted");
        self.retire(&world);
        true
    }

    /// What happens in the sandboxes, as it happens.
    #[must_use]
    pub const fn feed(&self) -> &Feed {
        &self.feed
    }
}

impl World {
    /// Tells those who listen that what they knew is over.
    pub(super) fn announce(&self) {
        self.publish(self.sandbox.now(), || News::Sandbox);
    }
}

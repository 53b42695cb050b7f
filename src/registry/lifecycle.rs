//! Creates, finds, resets and deletes sandboxes.
//!
//! A sandbox is never emptied in place: a new one replaces it in the map. Whoever still uses the
//! old one, such as a delayed call, sees it to its end. No sandbox's lock is taken while the map is
//! locked.

use std::sync::Arc;

use log::info;

use super::event_bus::{EventBus, KeyChannel, Subscription, Update};
use super::slot::SandboxSlot;
use super::state::SandboxState;
use super::{Registry, Sandbox, Sandboxes};
use crate::domain::api_key::ApiKey;
use crate::domain::label::Label;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::config::SandboxOptions;
use crate::sandbox::error::SandboxError;
use crate::scenario::{Clock, Scenario};

#[derive(Clone, Debug)]
pub(crate) struct SandboxSummary {
    pub api_key: ApiKey,
    /// As its author wrote it.
    pub scenario: Arc<Scenario>,
    pub label: Option<Label>,
    pub seed: u64,
    pub now: Timestamp,
    pub clock: Clock,
    pub active_rentals: u32,
    pub requests: u64,
}

impl Registry {
    /// All sandboxes in the order of their keys.
    pub(crate) fn all(self: &Arc<Self>) -> Vec<Sandbox> {
        let handle = |slot| Sandbox::of(Arc::clone(self), slot);
        self.slots().into_iter().map(handle).collect()
    }

    fn slots(&self) -> Vec<Arc<SandboxSlot>> {
        let mut slots = self.unordered_slots();
        slots.sort_unstable_by(|a, b| a.key.as_str().cmp(b.key.as_str()));
        slots
    }

    pub(crate) fn count_sandboxes(&self) -> usize {
        self.sandboxes.read().by_key.len()
    }

    /// The live rentals of all sandboxes.
    pub(crate) fn live_rentals(&self) -> u64 {
        self.catch_up_due();
        self.unordered_slots().iter().map(|slot| u64::from(slot.live_rentals())).sum()
    }

    pub(crate) fn known(self: &Arc<Self>, api_key: &str) -> Option<Sandbox> {
        let slot = self.find(api_key)?;
        Some(Sandbox::of(Arc::clone(self), slot))
    }

    /// Creates the sandbox of this key, and replaces an existing one.
    pub(crate) fn make(
        self: &Arc<Self>,
        api_key: &str,
        options: SandboxOptions,
    ) -> Result<Sandbox, SandboxError> {
        let key = self.admit(api_key)?;
        let config = self.config(&key, options)?;
        Ok(Sandbox::of(Arc::clone(self), self.replace(self.slot(key, config))))
    }

    /// Puts a sandbox back to its start, if it exists.
    pub(crate) fn reset(self: &Arc<Self>, api_key: &str) -> Option<Sandbox> {
        let old = self.find(api_key)?;
        let slot = self.replace(self.slot(old.key.clone(), Arc::clone(&old.config)));
        Some(Sandbox::of(Arc::clone(self), slot))
    }

    /// Puts a sandbox into the map.
    pub(super) fn replace(self: &Arc<Self>, slot: Arc<SandboxSlot>) -> Arc<SandboxSlot> {
        let (old, evicted) = {
            let mut sandboxes = self.sandboxes.write();
            let evicted = self.make_room(&mut sandboxes, &slot.key);
            self.connect_subscribers(&slot);
            (sandboxes.insert(Arc::clone(&slot)), evicted)
        };
        info!(
            "{} is new: scenario {}, clock {}",
            slot.key, slot.config.scenario.name, slot.config.clock
        );
        self.have_replaced(old, &slot);
        self.evict(evicted);
        slot
    }

    fn have_replaced(&self, old: Option<Arc<SandboxSlot>>, new: &SandboxSlot) {
        new.lock().announce();
        if let Some(old) = old {
            self.retire(&old);
        }
    }

    /// Puts all sandboxes back to their start at once. The new ones are built first; what joins or
    /// leaves the map meanwhile stays that way.
    pub(crate) fn reset_all(&self) {
        let _one_at_a_time = self.resetting.lock();
        self.sandboxes.write().changed = Some(Vec::new());
        let old = self.unordered_slots();
        let fresh = old.iter().map(|old| self.slot(old.key.clone(), Arc::clone(&old.config)));
        let mut fresh: super::SlotsByKey = fresh.map(|slot| (slot.key.clone(), slot)).collect();
        let mut replaced = {
            let mut sandboxes = self.sandboxes.write();
            let listened_to = self.shared.event_bus.keys();
            listened_to
                .iter()
                .filter_map(|key| fresh.get(&**key))
                .for_each(|slot| self.connect_subscribers(slot));
            for key in sandboxes.changed.take().into_iter().flatten() {
                match sandboxes.by_key.remove(&key) {
                    Some(slot) => drop(fresh.insert(key, slot)),
                    None => drop(fresh.remove(&key)),
                }
            }
            std::mem::replace(&mut sandboxes.by_key, fresh)
        };
        for old in old {
            // One that changed meanwhile was neither replaced nor kept.
            if replaced.remove(&old.key).is_some_and(|replaced| Arc::ptr_eq(&replaced, &old)) {
                if let Some(new) = self.find(old.key.as_str()) {
                    new.lock().announce();
                }
                self.retire(&old);
            }
        }
    }

    /// Deletes a sandbox, and returns whether it existed. The next request creates it again.
    pub(crate) fn delete(&self, api_key: &str) -> bool {
        let Some(slot) = self.sandboxes.write().remove(api_key) else { return false };
        slot.lock().announce();
        info!("{} is deleted", slot.key);
        self.retire(&slot);
        true
    }

    pub(crate) const fn event_bus(&self) -> &EventBus {
        &self.shared.event_bus
    }

    /// Subscribes to a key, whether or not it has a sandbox yet.
    pub(crate) fn subscribe_to(&self, api_key: &str) -> Subscription {
        let held = self.hold_channel(api_key);
        Subscription::to(Arc::clone(&held.channel), Some(held))
    }

    /// Holds the channel of a key and connects its sandbox.
    pub(super) fn hold_channel(&self, api_key: &str) -> KeyChannel {
        let held = self.shared.event_bus.hold(api_key);
        if let Some(slot) = self.find(api_key) {
            slot.lock().channel = Arc::downgrade(&held.channel);
        }
        held
    }

    /// Connects a new sandbox to the subscribers of its key. Called before it joins the map, so
    /// that they miss nothing; nobody else can hold its lock yet.
    pub(super) fn connect_subscribers(&self, slot: &SandboxSlot) {
        if let Some(channel) = self.shared.event_bus.channel(slot.key.as_str()) {
            slot.lock().channel = Arc::downgrade(&channel);
        }
    }

    /// Whether the key opens a sandbox.
    pub(crate) fn check_key(&self, api_key: &str) -> Result<(), SandboxError> {
        if self.find(api_key).is_some() {
            return Ok(());
        }
        let key = self.admit(api_key)?;
        self.scenario_for(&key).map(drop).map_err(SandboxError::InvalidKey)
    }
}

impl SandboxState {
    /// Tells subscribers to load the sandbox again.
    pub(super) fn announce(&self) {
        self.publish(self.machine.now(), || Update::Reset);
        if let Some(channel) = self.channel.upgrade() {
            channel.verify_waits.look_again();
        }
    }
}

impl Sandboxes {
    /// Returns the sandbox that it replaces.
    pub(super) fn insert(&mut self, slot: Arc<SandboxSlot>) -> Option<Arc<SandboxSlot>> {
        self.have_changed(&slot.key);
        self.by_key.insert(slot.key.clone(), slot)
    }

    pub(super) fn remove(&mut self, api_key: &str) -> Option<Arc<SandboxSlot>> {
        let slot = self.by_key.remove(api_key)?;
        self.have_changed(&slot.key);
        Some(slot)
    }

    fn have_changed(&mut self, key: &ApiKey) {
        if let Some(changed) = &mut self.changed {
            changed.push(key.clone());
        }
    }
}

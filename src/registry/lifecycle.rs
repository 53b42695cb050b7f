//! What a test job does to the sandboxes from outside: look, make anew, reset, delete.
//!
//! A sandbox is never emptied in place: another takes its place in the map. So whoever is in it, a
//! call that is held up for one, sees the old one to its end and never a mixture. No sandbox's lock
//! is taken while the map is locked.

use std::sync::Arc;

use log::info;

use super::event_bus::{EventBus, KeyChannel, Subscription, Update};
use super::slot::SandboxSlot;
use super::state::SandboxState;
use super::{Registry, Sandbox, Sandboxes};
use crate::domain::api_key::ApiKey;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::config::SandboxOptions;
use crate::sandbox::error::SandboxError;
use crate::scenario::{Clock, Scenario};

/// How a sandbox stands.
#[derive(Clone, Debug)]
pub(crate) struct SandboxSummary {
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
    /// All sandboxes as they are now, in the order of their keys.
    pub(crate) fn all(self: &Arc<Self>) -> Vec<Sandbox> {
        let handle = |slot| Sandbox::of(Arc::clone(self), slot);
        self.slots().into_iter().map(handle).collect()
    }

    fn slots(&self) -> Vec<Arc<SandboxSlot>> {
        let mut slots = self.unordered_slots();
        slots.sort_unstable_by(|a, b| a.key.as_str().cmp(b.key.as_str()));
        slots
    }

    /// How many sandboxes there are.
    pub(crate) fn count_sandboxes(&self) -> usize {
        self.sandboxes.read().by_key.len()
    }

    /// How many rentals live, in all sandboxes together.
    pub(crate) fn live_rentals(&self) -> u64 {
        self.bring_up_due();
        self.unordered_slots().iter().map(|slot| u64::from(slot.live_rentals())).sum()
    }

    /// The sandbox of this key as it is now, if there is one.
    pub(crate) fn known(self: &Arc<Self>, api_key: &str) -> Option<Sandbox> {
        let slot = self.find(api_key)?;
        Some(Sandbox::of(Arc::clone(self), slot))
    }

    /// Makes the sandbox of this key, anew where there is one.
    ///
    /// # Errors
    /// When the key opens no sandbox.
    pub(crate) fn make(
        self: &Arc<Self>,
        api_key: &str,
        options: SandboxOptions,
    ) -> Result<Sandbox, SandboxError> {
        let key = self.admit(api_key)?;
        let config = self.config(&key, options)?;
        Ok(Sandbox::of(Arc::clone(self), self.replace(self.slot(key, config))))
    }

    /// Puts the sandbox of this key back to its start. Gives it, if there is one.
    pub(crate) fn reset(self: &Arc<Self>, api_key: &str) -> Option<Sandbox> {
        let old = self.find(api_key)?;
        let slot = self.replace(self.slot(old.key.clone(), Arc::clone(&old.config)));
        Some(Sandbox::of(Arc::clone(self), slot))
    }

    /// Puts a sandbox into the map, in the place of one of the same key.
    fn replace(self: &Arc<Self>, slot: Arc<SandboxSlot>) -> Arc<SandboxSlot> {
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
        self.let_go(evicted);
        slot
    }

    fn have_replaced(&self, old: Option<Arc<SandboxSlot>>, new: &SandboxSlot) {
        new.lock().announce();
        if let Some(old) = old {
            self.retire(&old);
        }
    }

    /// Puts all sandboxes back to their start, at once: nobody sees some of them reset only. The new
    /// ones are made beforehand; what the map gains or loses meanwhile stays as it is.
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

    /// Deletes the sandbox of this key. Whether there was one. The next request makes it anew.
    pub(crate) fn delete(&self, api_key: &str) -> bool {
        let Some(slot) = self.sandboxes.write().remove(api_key) else { return false };
        slot.lock().announce();
        info!("{} is deleted", slot.key);
        self.retire(&slot);
        true
    }

    /// What happens in the sandboxes, as it happens.
    pub(crate) const fn event_bus(&self) -> &EventBus {
        &self.shared.event_bus
    }

    /// Listens to a key, whether it has a sandbox or not; one that it gets later is heard too.
    pub(crate) fn subscribe_to(&self, api_key: &str) -> Subscription {
        let held = self.hold_channel(api_key);
        Subscription::to(Arc::clone(&held.channel), Some(held))
    }

    /// Holds the channel of a key, which its sandbox is told of.
    pub(super) fn hold_channel(&self, api_key: &str) -> KeyChannel {
        let held = self.shared.event_bus.hold(api_key);
        if let Some(slot) = self.find(api_key) {
            slot.lock().channel = Arc::downgrade(&held.channel);
        }
        held
    }

    /// Lets those hear a new sandbox who listen to its key. Before it comes into the map, so that they
    /// hear all of it; nobody else can hold its lock yet.
    pub(super) fn connect_subscribers(&self, slot: &SandboxSlot) {
        if let Some(channel) = self.shared.event_bus.channel(slot.key.as_str()) {
            slot.lock().channel = Arc::downgrade(&channel);
        }
    }

    /// Whether a key can have a sandbox.
    ///
    /// # Errors
    /// When it cannot.
    pub(crate) fn check_key(&self, api_key: &str) -> Result<(), SandboxError> {
        if self.find(api_key).is_some() {
            return Ok(());
        }
        let key = self.admit(api_key)?;
        self.scenario_for(&key).map(drop).map_err(SandboxError::InvalidKey)
    }
}

impl SandboxState {
    /// Tells those who listen that what they knew is over.
    pub(super) fn announce(&self) {
        self.publish(self.machine.now(), || Update::Reset);
        if let Some(channel) = self.channel.upgrade() {
            channel.verify_waits.look_again();
        }
    }
}

impl Sandboxes {
    /// Puts a sandbox into the map. Gives the one whose place it takes.
    pub(super) fn insert(&mut self, slot: Arc<SandboxSlot>) -> Option<Arc<SandboxSlot>> {
        self.have_changed(&slot.key);
        self.by_key.insert(slot.key.clone(), slot)
    }

    /// Takes a sandbox out of the map.
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

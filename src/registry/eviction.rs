//! Removes sandboxes when there are too many, or when they take too much memory.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use log::{info, warn};

use super::jobs::JobLength;
use super::slot::SandboxSlot;
use super::{Registry, Sandboxes};
use crate::domain::api_key::ApiKey;
use crate::sandbox::clock::RealTime;

impl Registry {
    /// Makes room for a sandbox of this key, if the limit is reached. Sandboxes without live
    /// rentals go first, least recently used first. One sixteenth goes at a time, so that a flood
    /// of keys does not rank all of them for each new one.
    ///
    /// Reads figures only, since the map is locked.
    pub(super) fn make_room(
        &self,
        sandboxes: &mut Sandboxes,
        key: &ApiKey,
    ) -> Vec<Arc<SandboxSlot>> {
        let most = self.settings.max_sandboxes;
        let count = sandboxes.by_key.len();
        if count < most || sandboxes.by_key.contains_key(key.as_str()) {
            return Vec::new();
        }
        let now = self.real.now();
        let rank = |slot: &Arc<SandboxSlot>| (slot.is_busy(now), slot.entered_at());
        let slots = sandboxes.by_key.values();
        let mut ranked: Vec<_> = slots.map(|slot| (rank(slot), slot)).collect();
        let dropped = (most / 16).max(count + 1 - most);
        if dropped < count {
            ranked.select_nth_unstable_by_key(dropped, |(rank, _)| *rank);
        }
        let keys: Vec<ApiKey> =
            ranked.into_iter().take(dropped).map(|(_, slot)| slot.key.clone()).collect();
        let dropped: Vec<_> =
            keys.iter().filter_map(|key| sandboxes.remove(key.as_str())).collect();
        info!("{} sandboxes are forgotten: the limit is {most}", dropped.len());
        dropped
    }

    /// Retires sandboxes that have left the map. They may be many, so this runs off the threads
    /// that answer.
    pub(super) fn evict(self: &Arc<Self>, slots: Vec<Arc<SandboxSlot>>) {
        if slots.is_empty() {
            return;
        }
        let registry = Arc::clone(self);
        let end = move || slots.iter().for_each(|slot| registry.end(slot));
        // Past reports must be complete when they are asked for.
        if self.settings.max_past_reports > 0 {
            end()
        } else {
            self.jobs.add("", JobLength::Long, end)
        }
    }

    fn end(&self, slot: &SandboxSlot) {
        slot.lock().announce();
        self.retire(slot);
    }

    /// Starts to free memory, if the sandboxes take too much.
    pub(super) fn watch_memory(self: &Arc<Self>) {
        if self.shared.memory.excess() == 0 || self.is_making_room.swap(true, Ordering::AcqRel) {
            return;
        }
        let registry = Arc::clone(self);
        self.jobs.add("", JobLength::Long, move || {
            registry.free_memory();
            registry.is_making_room.store(false, Ordering::Release);
        });
    }

    /// Whether there is room for a sandbox of this size, once idle ones have gone.
    pub(crate) fn make_room_for(&self, bytes: usize) -> bool {
        if !self.shared.memory.has_room_for(bytes) {
            self.free_memory();
        }
        self.shared.memory.has_room_for(bytes)
    }

    /// Removes the sandboxes that were idle longest, until the rest fits.
    fn free_memory(&self) {
        let (excess, now) = (self.shared.memory.excess(), self.real.now());
        let idle = u64::try_from(self.settings.evict_idle_after.as_micros()).unwrap_or(u64::MAX);
        let latest = RealTime(now.0.saturating_sub(idle));
        let is_idle = |slot: &Arc<SandboxSlot>| slot.entered_at() <= latest;
        // Read once, since it changes meanwhile.
        let slots = self.unordered_slots().into_iter();
        let mut idle: Vec<_> = slots.map(|slot| (slot.entered_at(), slot)).collect();
        idle.retain(|(used_at, _)| *used_at <= latest);
        idle.sort_unstable_by_key(|(used_at, _)| *used_at);
        let (mut freed, mut count) = (0, 0);
        for (_, slot) in idle {
            if freed >= excess {
                break;
            }
            let bytes = slot.bytes();
            // It may have been used or replaced meanwhile.
            let gone = {
                let mut sandboxes = self.sandboxes.write();
                let is_same =
                    |found: &Arc<SandboxSlot>| Arc::ptr_eq(found, &slot) && is_idle(found);
                let is_there = sandboxes.by_key.get(&slot.key).is_some_and(is_same);
                if is_there { sandboxes.remove(slot.key.as_str()) } else { None }
            };
            if let Some(gone) = gone {
                (freed, count) = (freed + bytes, count + 1);
                self.end(&gone);
            }
        }
        if count > 0 {
            let budget = self.shared.memory.budget();
            warn!(
                "{count} idle sandboxes are forgotten: their memory limit of {budget} is used up"
            );
        }
    }
}

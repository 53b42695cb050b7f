//! Which sandboxes go, where there are too many or they take too much memory.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use log::{info, warn};

use super::jobs::JobLength;
use super::slot::SandboxSlot;
use super::{Registry, Sandboxes};
use crate::domain::api_key::ApiKey;
use crate::sandbox::clock::RealTime;

impl Registry {
    /// Makes room for a sandbox of this key, where there are as many as are allowed. Those without
    /// live rentals go first, and of these the ones that were used longest ago. A sixteenth goes at
    /// once, so that a flood of keys does not look through all of them each time.
    ///
    /// Gives those that went; only their figures are looked at here, since the map is locked.
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
        info!("{} sandboxes are forgotten: more than --max-sandboxes {most}", dropped.len());
        dropped
    }

    /// Ends sandboxes that have left the map, on no thread that answers: they may be many.
    pub(super) fn let_go(self: &Arc<Self>, slots: Vec<Arc<SandboxSlot>>) {
        if slots.is_empty() {
            return;
        }
        let registry = Arc::clone(self);
        let end = move || slots.iter().for_each(|slot| registry.end(slot));
        // Where past reports are kept, none of them is to come late.
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

    /// Starts to make room where the sandboxes take too much memory.
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

    /// Whether a sandbox may be made that takes so many bytes, once what is idle has gone for it.
    pub(crate) fn make_room_for(&self, bytes: usize) -> bool {
        if !self.shared.memory.has_room_for(bytes) {
            self.free_memory();
        }
        self.shared.memory.has_room_for(bytes)
    }

    /// Lets the sandboxes go that were idle longest, until the others take less than their share.
    fn free_memory(&self) {
        let (excess, now) = (self.shared.memory.excess(), self.real.now());
        let idle = u64::try_from(self.settings.evict_idle_after.as_micros()).unwrap_or(u64::MAX);
        let latest = RealTime(now.0.saturating_sub(idle));
        let is_idle = |slot: &Arc<SandboxSlot>| slot.entered_at() <= latest;
        // When each was used is read once: it changes meanwhile.
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
            // It may have been used meanwhile, or another may have its key.
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
            warn!("{count} idle sandboxes are forgotten: --max-memory {budget} is used up");
        }
    }
}

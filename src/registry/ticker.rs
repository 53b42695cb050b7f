//! Lets sandboxes with subscribers catch up at once, not only with the next request.

use std::sync::Arc;

use super::Registry;
use super::slot::SandboxSlot;
use super::state::catch_up;

impl Registry {
    /// Cheap if nothing is due: it only reads figures.
    pub(crate) fn bring_up_watched(&self) {
        if self.shared.event_bus.has_global_subscribers() {
            self.catch_up_due();
        } else {
            let keys = self.shared.event_bus.keys();
            let slots = keys.iter().filter_map(|key| self.find(key));
            self.bring_up(slots);
        }
    }

    /// Lets all sandboxes catch up that have an event due.
    pub(super) fn catch_up_due(&self) {
        let now = self.real.now();
        let is_due = |slot: &&Arc<SandboxSlot>| slot.is_due(now);
        let due: Vec<_> =
            self.sandboxes.read().by_key.values().filter(is_due).map(Arc::clone).collect();
        self.bring_up(due);
    }

    fn bring_up(&self, slots: impl IntoIterator<Item = Arc<SandboxSlot>>) {
        let now = self.real.now();
        for slot in slots {
            if slot.is_due(now) && slot.lock().readers == 0 {
                drop(catch_up(&slot, &self.real));
            }
        }
    }
}

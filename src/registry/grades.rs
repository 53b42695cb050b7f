//! How the clients did, also those of worlds that others have taken the place of.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;

use super::Registry;
use super::control::Standing;
use super::reading::Reading;
use super::slot::Slot;
use super::world::{World, catch_up};
use crate::domain::error_code::ErrorCode;
use crate::insight::report::Report;

/// How the clients of the worlds did that are over.
#[derive(Debug, Default)]
pub(super) struct Past(Mutex<VecDeque<(Standing, Report)>>);

/// The requests that reached no sandbox: how many ended with which error.
pub(crate) type Strays = Vec<(ErrorCode, u64)>;

impl Standing {
    pub(super) fn of(slot: &Slot, world: &World) -> Self {
        Self {
            api_key: slot.key.clone(),
            scenario: Arc::clone(&slot.made.scenario),
            seed: slot.made.seed,
            now: world.sandbox.now(),
            clock: world.sandbox.clock(),
            active_rentals: world.sandbox.rentals().live(),
            requests: world.journal.written(),
        }
    }
}

impl Registry {
    /// Another sandbox, or none, has taken the place of this one.
    pub(super) fn retire(&self, slot: &Slot) {
        let (standing, has_journal) = {
            let mut world = slot.lock();
            world.retired = true;
            let has_journal = world.journal.written() > 0;
            (Standing::of(slot, &world), has_journal)
        };
        let most = self.settings.max_past_reports;
        if most > 0 && has_journal {
            let thresholds = &self.settings.thresholds;
            let standing = Standing { now: catch_up(slot, &self.real).0.sandbox.now(), ..standing };
            let report = Reading::begin(slot, &self.real).report(true, thresholds);
            let mut past = self.past.0.lock();
            if past.len() >= most {
                past.pop_front();
            }
            past.push_back((standing, report));
        }
    }

    /// How the client of each sandbox did, in the order of their keys, and before it those of the
    /// worlds that had its key earlier, where they are kept.
    #[must_use]
    pub fn reports(self: &Arc<Self>) -> Vec<(Standing, Report)> {
        let mut all: Vec<(Standing, Report)> = self.past.0.lock().iter().cloned().collect();
        for sandbox in self.all() {
            let standing = sandbox.standing();
            let has_past = all.iter().any(|(past, _)| past.api_key == standing.api_key);
            // One that was put back and never used again has nothing to add.
            if standing.requests > 0 || !has_past {
                all.push((standing, sandbox.final_report()));
            }
        }
        all.sort_by(|(a, _), (b, _)| a.api_key.as_str().cmp(b.api_key.as_str()));
        all
    }

    /// The requests that reached no sandbox, by their error.
    #[must_use]
    pub fn strays(&self) -> Strays {
        let counts = self.strays.iter().zip(ErrorCode::ALL);
        let counts = counts.map(|(count, code)| (code, count.load(Ordering::Relaxed)));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// Counts a request that reaches no sandbox.
    pub(super) fn count_stray(&self, code: ErrorCode) {
        self.strays[code as usize].fetch_add(1, Ordering::Relaxed);
    }
}

//! Reports of retired sandboxes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;

use super::Registry;
use super::lifecycle::SandboxSummary;
use super::reader::SandboxReader;
use super::slot::SandboxSlot;
use super::state::{SandboxState, catch_up};
use crate::domain::error_code::ErrorCode;
use crate::report::{Grade, Report};

/// The newest reports of retired sandboxes.
#[derive(Debug, Default)]
pub(super) struct PastReports(Mutex<VecDeque<(SandboxSummary, Report)>>);

/// The number of requests that reached no sandbox, by error code.
#[cfg(feature = "cli")]
pub(crate) type UnroutedCounts = Vec<(ErrorCode, u64)>;

impl SandboxSummary {
    pub(super) fn of(slot: &SandboxSlot, state: &SandboxState) -> Self {
        Self {
            api_key: slot.key.clone(),
            scenario: Arc::clone(&slot.config.scenario),
            label: slot.config.label.clone(),
            seed: slot.config.seed,
            now: state.machine.now(),
            clock: state.machine.clock(),
            active_rentals: state.machine.rentals().live(),
            requests: state.journal.written(),
        }
    }
}

impl Registry {
    /// Called when a sandbox was replaced or deleted.
    pub(super) fn retire(&self, slot: &SandboxSlot) {
        let (summary, has_journal) = {
            let mut state = slot.lock();
            state.retired = true;
            let has_journal = state.journal.written() > 0;
            (SandboxSummary::of(slot, &state), has_journal)
        };
        let most = self.settings.max_past_reports;
        if most > 0 && has_journal {
            let thresholds = &self.settings.thresholds;
            let summary =
                SandboxSummary { now: catch_up(slot, &self.real).0.machine.now(), ..summary };
            let report = SandboxReader::begin(slot, &self.real).report(true, thresholds);
            let mut past = self.past.0.lock();
            if past.len() >= most {
                // What is wrong is worth more than what is fine.
                let is_fine = |(_, report): &(_, Report)| report.grade == Grade::Pass;
                let dropped = past.iter().position(is_fine).unwrap_or(0);
                past.remove(dropped);
            }
            past.push_back((summary, report));
        }
    }

    pub(super) fn count_unrouted(&self, code: ErrorCode) {
        self.unrouted[code as usize].fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(feature = "cli")]
impl Registry {
    /// The reports of all sandboxes in the order of their keys, each preceded by those of the
    /// retired sandboxes with the same key.
    pub(crate) fn reports(self: &Arc<Self>) -> Vec<(SandboxSummary, Report)> {
        let mut all: Vec<(SandboxSummary, Report)> = self.past.0.lock().iter().cloned().collect();
        for sandbox in self.all() {
            let summary = sandbox.summary();
            let has_past = all.iter().any(|(past, _)| past.api_key == summary.api_key);
            // A sandbox that was reset and not used since has nothing to add.
            if summary.requests > 0 || !has_past {
                all.push((summary, sandbox.final_report()));
            }
        }
        all.sort_by(|(a, _), (b, _)| a.api_key.as_str().cmp(b.api_key.as_str()));
        all
    }

    pub(crate) fn unrouted_requests(&self) -> UnroutedCounts {
        let counts = self.unrouted.iter().zip(ErrorCode::ALL);
        let counts = counts.map(|(count, code)| (code, count.load(Ordering::Relaxed)));
        counts.filter(|(_, count)| *count > 0).collect()
    }
}

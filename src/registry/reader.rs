//! Long reads of a sandbox. The data is copied a batch at a time. Meanwhile clients wait, so that
//! all of it belongs to one moment, but nobody waits for the lock.

use std::sync::Arc;

use super::real_time::RealClock;
use super::slot::SandboxSlot;
use super::state::{SandboxState, catch_up};
use crate::domain::rental_id::RentalId;
use crate::journal::JournalEntry;
use crate::report::{Report, ReportInput, Thresholds};
use crate::sandbox::rental::Rental;
use crate::sandbox::snapshot::Snapshot;

/// How many rentals or requests are read before others get the lock.
const MAX_BATCH: usize = 500;

/// A sandbox that does not change.
pub(super) struct SandboxReader<'a>(&'a SandboxSlot);

impl<'a> SandboxReader<'a> {
    pub(super) fn begin(slot: &'a SandboxSlot, real: &RealClock) -> Self {
        catch_up(slot, real).0.readers += 1;
        Self(slot)
    }

    /// Reads under the lock. Other threads that wait for this core come first.
    pub(super) fn with<T>(&self, look: impl FnOnce(&SandboxState) -> T) -> T {
        std::thread::yield_now();
        look(&self.0.lock())
    }

    /// The entries that `wanted` picks, oldest first.
    pub(super) fn entries(
        &self,
        mut wanted: impl FnMut(&JournalEntry) -> bool,
    ) -> Vec<JournalEntry> {
        let (mut taken, mut seq) = (Vec::new(), 0);
        loop {
            let is_over = self.with(|state| {
                let mut seen = 0;
                for entry in state.journal.after(seq).take(MAX_BATCH) {
                    (seen, seq) = (seen + 1, entry.seq);
                    if wanted(entry) {
                        taken.push(entry.clone());
                    }
                }
                seen < MAX_BATCH
            });
            if is_over {
                return taken;
            }
        }
    }

    /// At most `most` rentals after this one.
    pub(super) fn rentals(&self, after: Option<RentalId>, most: usize) -> Vec<Rental> {
        let (mut taken, mut after) = (Vec::new(), after);
        loop {
            let most = MAX_BATCH.min(most - taken.len());
            let count = self.with(|state| {
                let before = taken.len();
                taken.extend(state.machine.rentals().after(after).take(most).cloned());
                after =
                    taken.last().map(|rental| state.machine.rentals().id(rental.serial)).or(after);
                taken.len() - before
            });
            if count < MAX_BATCH {
                return taken;
            }
        }
    }

    /// A snapshot with the rentals that these requests name.
    pub(super) fn snapshot(&self, entries: &[JournalEntry]) -> Snapshot {
        let mut snapshot = self.with(|state| state.machine.snapshot());
        for entries in entries.chunks(MAX_BATCH) {
            self.with(|state| {
                let rentals = state.machine.rentals();
                let named = entries.iter().filter_map(|entry| rentals.find(entry.rental_id?));
                named.filter_map(|slot| rentals.at(slot)).for_each(|rental| snapshot.add(rental));
            });
        }
        snapshot
    }

    pub(super) fn report(self, is_over: bool, thresholds: &Thresholds) -> Report {
        let entries = self.entries(|_| true);
        let sandbox = self.snapshot(&entries);
        let (coverage, api_key, config) = self
            .with(|state| (state.coverage.clone(), state.key.clone(), Arc::clone(&state.config)));
        // Everything is copied: clients may go on.
        drop(self);
        let input = ReportInput {
            sandbox: &sandbox,
            entries: &entries,
            coverage: &coverage,
            api_key: &api_key,
            config: &config,
            is_over,
        };
        Report::new(&input, thresholds)
    }
}

impl Drop for SandboxReader<'_> {
    fn drop(&mut self) {
        self.0.lock().readers -= 1;
    }
}

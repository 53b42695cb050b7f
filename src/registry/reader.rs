//! Long looks at a sandbox. What a reader needs is copied a stretch at a time; meanwhile the clients
//! of the sandbox wait, so that all of it is of one moment, and nobody waits for its lock.

use std::sync::Arc;

use super::Sandbox;
use super::change_log::{RecordedStep, RecordingData};
use super::real_time::RealClock;
use super::slot::SandboxSlot;
use super::state::{SandboxState, catch_up};
use crate::domain::rental_id::RentalId;
use crate::journal::JournalEntry;
use crate::journal::expectation::{Expectation, VerifyResult};
use crate::journal::rental_view::RentalView;
use crate::report::{Report, ReportInput, Thresholds};
use crate::sandbox::rental::Rental;
use crate::sandbox::snapshot::Snapshot;

/// How many rentals or requests are copied, or looked at, before others are let in.
const STRETCH: usize = 500;
/// A page of rentals ends where it has about so many bytes of text, whatever its limit.
const PAGE_BYTES: usize = 4 << 20;

/// Which rentals are asked for, in the order of renting.
#[derive(Clone, Copy, Debug)]
pub enum RentalQuery {
    /// At most so many, after this one or from the first.
    After(Option<RentalId>, usize),
    /// The newest so many.
    Last(usize),
}

/// Some rentals, and whether there are more after them.
#[derive(Debug)]
pub struct RentalPage {
    /// The rentals.
    pub rentals: Vec<RentalView>,
    /// Whether there are more.
    pub has_more: bool,
}

/// A sandbox that stays as it is.
pub(super) struct SandboxReader<'a>(&'a SandboxSlot);

impl<'a> SandboxReader<'a> {
    pub(super) fn begin(slot: &'a SandboxSlot, real: &RealClock) -> Self {
        catch_up(slot, real).0.readers += 1;
        Self(slot)
    }

    /// Looks at it, for a bounded while. Whoever waits for this core comes before the next look.
    fn with<T>(&self, look: impl FnOnce(&SandboxState) -> T) -> T {
        std::thread::yield_now();
        look(&self.0.lock())
    }

    /// Goes through the journal from the oldest entry on, and takes what `take` picks.
    fn entries(&self, mut wanted: impl FnMut(&JournalEntry) -> bool) -> Vec<JournalEntry> {
        let (mut taken, mut seq) = (Vec::new(), 0);
        loop {
            let is_over = self.with(|state| {
                let mut seen = 0;
                for entry in state.journal.after(seq).take(STRETCH) {
                    (seen, seq) = (seen + 1, entry.seq);
                    if wanted(entry) {
                        taken.push(entry.clone());
                    }
                }
                seen < STRETCH
            });
            if is_over {
                return taken;
            }
        }
    }

    /// The rentals after this one, at most so many.
    fn rentals(&self, after: Option<RentalId>, most: usize) -> Vec<Rental> {
        let (mut taken, mut after) = (Vec::new(), after);
        loop {
            let most = STRETCH.min(most - taken.len());
            let count = self.with(|state| {
                let before = taken.len();
                taken.extend(state.machine.rentals().after(after).take(most).cloned());
                after =
                    taken.last().map(|rental| state.machine.rentals().id(rental.serial)).or(after);
                taken.len() - before
            });
            if count < STRETCH {
                return taken;
            }
        }
    }

    /// A copy of the sandbox, with the rentals that these requests name.
    fn snapshot(&self, entries: &[JournalEntry]) -> Snapshot {
        let mut snapshot = self.with(|state| state.machine.snapshot());
        for entries in entries.chunks(STRETCH) {
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
        let coverage = self.with(|state| state.coverage.clone());
        // All is copied: its clients go on.
        drop(self);
        let (sandbox, coverage) = (&sandbox, &coverage);
        Report::new(&ReportInput { sandbox, entries: &entries, coverage, is_over }, thresholds)
    }
}

impl Drop for SandboxReader<'_> {
    fn drop(&mut self) {
        self.0.lock().readers -= 1;
    }
}

impl Sandbox {
    /// Some of its rentals, with what happened to each and what will.
    #[must_use]
    pub fn rentals(&self, page: RentalQuery) -> RentalPage {
        let slot = self.slot();
        let reader = SandboxReader::begin(&slot, self.real());
        let (after, limit) = match page {
            RentalQuery::After(after, limit) => (after, limit),
            RentalQuery::Last(count) => (reader.with(|state| before_last(state, count)), count),
        };
        let mut rentals = reader.rentals(after, limit.saturating_add(1));
        let mut has_more = rentals.len() > limit;
        rentals.truncate(limit);
        let sandbox = reader.with(|state| state.machine.snapshot());
        let ids: foldhash::HashSet<RentalId> =
            rentals.iter().map(|rental| sandbox.id(rental)).collect();
        let entries = reader.entries(|entry| entry.rental_id.is_some_and(|id| ids.contains(&id)));
        drop(reader);
        let mut calls: foldhash::HashMap<RentalId, Vec<&JournalEntry>> =
            foldhash::HashMap::default();
        for entry in &entries {
            calls.entry(entry.rental_id.unwrap_or(RentalId::new(0))).or_default().push(entry);
        }
        let (mut lives, mut bytes) = (Vec::with_capacity(rentals.len()), 0);
        // Of the newest, the newest are told where not all have room.
        let is_last = matches!(page, RentalQuery::Last(_));
        if is_last {
            rentals.reverse();
        }
        for rental in &rentals {
            if bytes > PAGE_BYTES {
                has_more = true;
                break;
            }
            let calls = calls.get(&sandbox.id(rental)).map_or(&[][..], Vec::as_slice);
            let life = RentalView::new(&sandbox, rental, calls.iter().copied());
            bytes += life.text_bytes();
            lives.push(life);
        }
        if is_last {
            lives.reverse();
        }
        RentalPage { rentals: lives, has_more }
    }

    /// One of its rentals, if it is kept.
    #[must_use]
    pub fn rental(&self, rental_id: RentalId) -> Option<RentalView> {
        let slot = self.slot();
        let reader = SandboxReader::begin(&slot, self.real());
        let rental = reader.with(|state| {
            let rentals = state.machine.rentals();
            rentals.at(rentals.find(rental_id)?).cloned()
        })?;
        let sandbox = reader.with(|state| state.machine.snapshot());
        let entries = reader.entries(|entry| entry.rental_id == Some(rental_id));
        drop(reader);
        Some(RentalView::new(&sandbox, &rental, entries.iter()))
    }

    /// Judges what its clients asked.
    pub(crate) fn verify(&self, expectation: &Expectation) -> VerifyResult {
        let slot = self.slot();
        let reader = SandboxReader::begin(&slot, self.real());
        let entries = reader.entries(|_| true);
        expectation.judge(&entries, |id| {
            let own: Vec<JournalEntry> =
                entries.iter().filter(|entry| entry.rental_id == Some(id)).cloned().collect();
            let sandbox = reader.snapshot(&own);
            let rental = sandbox.rental(id);
            rental
                .map(|rental| RentalView::new(&sandbox, rental, own.iter()).timeline)
                .unwrap_or_default()
        })
    }

    /// How its client did, as things stand: it may go on, and end the rentals that live.
    #[must_use]
    pub fn report(&self) -> Report {
        self.judge(false)
    }

    /// How its client did, now that it has ended: a rental that still lives was left behind.
    #[must_use]
    pub fn final_report(&self) -> Report {
        self.judge(true)
    }

    fn judge(&self, is_over: bool) -> Report {
        let slot = self.slot();
        SandboxReader::begin(&slot, self.real()).report(is_over, self.thresholds())
    }

    /// The journal: what its clients asked and got, oldest first.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.requests(|_| true)
    }

    /// The entries of the journal that `wanted` picks, oldest first.
    #[must_use]
    pub fn requests(&self, wanted: impl FnMut(&JournalEntry) -> bool) -> Vec<JournalEntry> {
        let slot = self.slot();
        SandboxReader::begin(&slot, self.real()).entries(wanted)
    }

    /// All that it was made of and lived through, so that it can be run once more.
    pub(crate) fn recording(&self) -> RecordingData {
        let slot = self.slot();
        let reader = SandboxReader::begin(&slot, self.real());
        let (started, mut changes, complete) = reader.with(|state| {
            let complete = state.journal.forgotten() == 0 && state.change_log.is_complete();
            (state.started, state.change_log.changes(), complete)
        });
        let mut steps = Vec::new();
        for entry in reader.entries(|_| true) {
            while let Some(change) = changes.next_before(entry.seq) {
                steps.push(change);
            }
            steps.push(RecordedStep::Request(Box::new(entry)));
        }
        steps.extend(changes);
        let (api_key, config) = (self.api_key().clone(), Arc::clone(&slot.config));
        RecordingData { api_key, config, started, complete, steps }
    }
}

/// The rental before the newest so many.
fn before_last(state: &SandboxState, count: usize) -> Option<RentalId> {
    let rentals = state.machine.rentals();
    rentals.all().rev().nth(count).map(|rental| rentals.id(rental.serial))
}

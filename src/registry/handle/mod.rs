//! A sandbox in the hands of its caller: a Rust test or the control API.

mod clock;
mod faults;
mod journal;
mod rentals;
mod stock;

use std::sync::Arc;

use super::change_log::{RecordedStep, RecordingData};
use super::reader::SandboxReader;
use super::slot::SandboxSlot;
use super::state::{SandboxState, catch_up};
use super::{Registry, SandboxSummary};
use crate::capsule::Change;
use crate::domain::api_key::ApiKey;
use crate::report::Report;
use crate::sandbox::clock::RealTime;
use crate::sandbox::error::SandboxError;
use crate::sandbox::faults::FaultId;
pub(crate) use clock::ClockMoved;
pub use clock::SandboxClock;
pub use faults::{FaultStatus, SandboxFaults};
pub use journal::SandboxJournal;
pub use rentals::SandboxRentals;
pub(crate) use rentals::{RentalPage, RentalQuery};
pub use stock::{CountryStock, SandboxStock};

/// The sandbox of one api_key on a running [`Server`](crate::Server), which
/// [`Server::sandbox`](crate::Server::sandbox) opens.
///
/// It controls and observes what clients with this key see. After a reset it means the new sandbox.
///
/// ```
/// use ringer::Server;
/// use ringer::scenario::*;
///
/// let server = Server::builder().clock(Clock::frozen()).start()?;
/// let sandbox = server.sandbox("ci-1")?;
/// ureq::post(format!("{}/rentNumber", server.url()))
///     .send_form([("api_key", "ci-1"), ("country", "DE")])?;
/// assert_eq!(sandbox.rentals().live(), 1);
/// assert_eq!(sandbox.final_report().findings[0].id.as_str(), "leaked-rental");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sandbox {
    registry: Arc<Registry>,
    api_key: ApiKey,
    /// `Some`: this sandbox even after a reset. `None`: whichever currently has the key.
    pinned: Option<Arc<SandboxSlot>>,
}

impl Sandbox {
    /// Opens the sandbox of this key, and creates it if need be.
    pub(crate) fn open(registry: &Arc<Registry>, api_key: &str) -> Result<Self, SandboxError> {
        Ok(Self { pinned: None, ..Self::open_pinned(registry, api_key)? })
    }

    /// The same, but the handle stays with the sandbox when that is reset, replaced or deleted.
    pub(crate) fn open_pinned(
        registry: &Arc<Registry>,
        api_key: &str,
    ) -> Result<Self, SandboxError> {
        Ok(Self::of(Arc::clone(registry), registry.find_or_make(api_key)?))
    }

    pub(super) fn of(registry: Arc<Registry>, slot: Arc<SandboxSlot>) -> Self {
        Self { registry, api_key: slot.key.clone(), pinned: Some(slot) }
    }

    fn slot(&self) -> Arc<SandboxSlot> {
        self.pinned.as_ref().map(Arc::clone).unwrap_or_else(|| {
            // A key that opened a sandbox once always does.
            let slot = self.registry.find_or_make(self.api_key.as_str());
            slot.unwrap_or_else(|error| panic!("{}: {error}", self.api_key))
        })
    }

    /// Catches up, and acts under the lock.
    fn with<T>(&self, act: impl FnOnce(&mut SandboxState, RealTime) -> T) -> T {
        let slot = self.slot();
        let (mut state, now) = catch_up(&slot, &self.registry.real);
        act(&mut state, now)
    }

    /// Reads at length, while the sandbox stays as it is.
    fn read<T>(&self, read: impl FnOnce(SandboxReader<'_>) -> T) -> T {
        let slot = self.slot();
        read(SandboxReader::begin(&slot, &self.registry.real))
    }

    /// Makes a change that does not move the clock.
    fn change(&self, change: Change) -> Result<Option<FaultId>, SandboxError> {
        self.with(|state, real| state.change(change, real))
    }

    /// Whether it holds so much that a call may take long.
    pub(crate) fn is_large(&self) -> bool {
        self.slot().is_large()
    }

    pub(crate) const fn api_key(&self) -> &ApiKey {
        &self.api_key
    }

    pub(crate) fn summary(&self) -> SandboxSummary {
        let slot = self.slot();
        let (state, _) = catch_up(&slot, &self.registry.real);
        SandboxSummary::of(&slot, &state)
    }

    /// Its virtual clock.
    #[must_use]
    pub const fn clock(&self) -> SandboxClock<'_> {
        SandboxClock(self)
    }

    /// The numbers it has to rent, country by country.
    #[must_use]
    pub const fn stock(&self) -> SandboxStock<'_> {
        SandboxStock(self)
    }

    /// Its fault rules.
    #[must_use]
    pub const fn faults(&self) -> SandboxFaults<'_> {
        SandboxFaults(self)
    }

    /// Its rentals and their messages.
    #[must_use]
    pub const fn rentals(&self) -> SandboxRentals<'_> {
        SandboxRentals(self)
    }

    /// The requests that clients sent.
    #[must_use]
    pub const fn journal(&self) -> SandboxJournal<'_> {
        SandboxJournal(self)
    }

    /// How the client has done so far. A live rental is fine: the client may still end it.
    #[must_use]
    pub fn report(&self) -> Report {
        self.report_on(false)
    }

    /// How the client did, now that it has ended: a live rental is one that it left behind.
    #[must_use]
    pub fn final_report(&self) -> Report {
        self.report_on(true)
    }

    fn report_on(&self, is_over: bool) -> Report {
        self.read(|reader| reader.report(is_over, &self.registry.settings.thresholds))
    }

    /// All that a replay needs.
    pub(crate) fn recording(&self) -> RecordingData {
        let slot = self.slot();
        let reader = SandboxReader::begin(&slot, &self.registry.real);
        let (started, mut changes) =
            reader.with(|state| (state.started, state.change_log.changes()));
        let mut steps = Vec::new();
        for entry in reader.entries(|_| true) {
            while let Some(change) = changes.next_before(entry.seq) {
                steps.push(change);
            }
            steps.push(RecordedStep::Request(Box::new(entry)));
        }
        steps.extend(changes);
        // Asked last: an unrouted request may have pushed an entry out meanwhile.
        let complete =
            reader.with(|state| state.journal.forgotten() == 0 && state.change_log.is_complete());
        let (api_key, config) = (self.api_key.clone(), Arc::clone(&slot.config));
        RecordingData { api_key, config, started, complete, steps }
    }
}

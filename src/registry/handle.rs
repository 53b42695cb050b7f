//! A sandbox in the hands of somebody in the same process.

use std::sync::Arc;

use super::real_time::RealClock;
use super::slot::SandboxSlot;
use super::state::catch_up;
use super::{Registry, SandboxState, SandboxSummary};
use crate::capsule::Change;
use crate::domain::api_key::ApiKey;
use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::report::Thresholds;
use crate::sandbox::StateMachine;
use crate::sandbox::changes::NewSms;
use crate::sandbox::clock::RealTime;
use crate::sandbox::content;
use crate::sandbox::error::SandboxError;
use crate::sandbox::faults::FaultId;
use crate::sandbox::stock::ListedCountry;
use crate::scenario::FaultRule;

/// How the stock of a country stands.
#[derive(Clone, Copy, Debug)]
pub struct CountryStock {
    /// Where.
    pub country: Country,
    /// How many can be rented.
    pub available: u32,
    /// How many getNumbers says there are.
    pub listed: u32,
    /// What a rental costs.
    pub price: Money,
}

/// One sandbox, to move its clock and to look at it.
#[derive(Clone, Debug)]
pub struct Sandbox {
    registry: Arc<Registry>,
    api_key: ApiKey,
    /// The sandbox that is meant, whatever has its key later; else the one that has it then.
    slot: Option<Arc<SandboxSlot>>,
}

impl Sandbox {
    /// Opens the sandbox of this key, which is made where there is none yet.
    ///
    /// # Errors
    /// When the key opens no sandbox.
    pub(crate) fn open(registry: &Arc<Registry>, api_key: &str) -> Result<Self, SandboxError> {
        Ok(Self { slot: None, ..Self::open_pinned(registry, api_key)? })
    }

    /// The same, but it stays with the sandbox as it is now: where that is reset, replaced or
    /// deleted meanwhile, it is the old one that is looked at or changed.
    ///
    /// # Errors
    /// When the key opens no sandbox.
    pub(crate) fn open_pinned(
        registry: &Arc<Registry>,
        api_key: &str,
    ) -> Result<Self, SandboxError> {
        Ok(Self::of(Arc::clone(registry), registry.find_or_make(api_key)?))
    }

    pub(super) fn of(registry: Arc<Registry>, slot: Arc<SandboxSlot>) -> Self {
        Self { registry, api_key: slot.key.clone(), slot: Some(slot) }
    }

    pub(super) fn slot(&self) -> Arc<SandboxSlot> {
        self.slot.as_ref().map(Arc::clone).unwrap_or_else(|| {
            // A key that opened a sandbox once always does.
            let slot = self.registry.find_or_make(self.api_key.as_str());
            slot.unwrap_or_else(|error| panic!("{}: {error}", self.api_key))
        })
    }

    pub(super) fn real(&self) -> &RealClock {
        &self.registry.real
    }

    pub(super) fn thresholds(&self) -> &Thresholds {
        &self.registry.settings.thresholds
    }

    /// Acts in its sandbox, brought up to now. For a bounded while: nobody else gets in.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut SandboxState, RealTime) -> T) -> T {
        let slot = self.slot();
        let (mut state, now) = catch_up(&slot, self.real());
        act(&mut state, now)
    }

    /// Whether it holds so much that a call may take long.
    pub(crate) fn is_large(&self) -> bool {
        self.slot().is_large()
    }

    /// Its key.
    pub(crate) const fn api_key(&self) -> &ApiKey {
        &self.api_key
    }

    /// How it stands.
    pub(crate) fn summary(&self) -> SandboxSummary {
        let slot = self.slot();
        let (state, _) = catch_up(&slot, self.real());
        SandboxSummary::of(&slot, &state)
    }

    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.with(|state, _| state.machine.now())
    }

    /// How many of its rentals live.
    #[must_use]
    pub fn live_rentals(&self) -> u32 {
        self.with(|state, _| state.machine.rentals().live())
    }

    /// The messages that arrived at its rentals so far, in the order of renting, each with the
    /// code that a client should find in it.
    #[must_use]
    pub fn messages(&self) -> Vec<Sms> {
        self.with(|state, _| {
            let sandbox = &state.machine;
            let all = sandbox.rentals().all();
            all.flat_map(|r| content::messages(r, sandbox.steps_of(r))).collect()
        })
    }

    /// The sum of all that was ever paid back.
    #[must_use]
    pub fn refunded(&self) -> Money {
        self.with(|state, _| state.machine.totals().refunded)
    }

    /// What is on offer, but what is listed only by its name.
    #[must_use]
    pub fn countries(&self) -> Vec<CountryStock> {
        self.with(|state, _| {
            let offers = state.machine.offers().filter(|(offer, _)| !offer.hidden);
            offers.map(|(_, listed)| stocked(&state.machine, listed)).collect()
        })
    }

    /// Makes a change that passes no time.
    fn change(&self, change: Change) -> Result<Option<FaultId>, SandboxError> {
        self.with(|state, real| state.change(change, real))
    }

    /// Sets the stock of a country, or its price, or both.
    ///
    /// # Errors
    /// When it is not on offer.
    pub fn set_stock(
        &self,
        country: Country,
        available: Option<u32>,
        price: Option<Money>,
    ) -> Result<CountryStock, SandboxError> {
        self.with(|state, real| {
            state.change(Change::Stock { country, available, price }, real)?;
            let listed = state.machine.offers().map(|(_, listed)| listed);
            let listed = listed.into_iter().find(|listed| listed.country == country);
            let stock = listed.map(|listed| stocked(&state.machine, listed));
            stock.ok_or_else(|| SandboxError::NotFound(format!("{country} is not on offer")))
        })
    }

    /// Puts an SMS into a rental, now or later.
    ///
    /// # Errors
    /// When there is no such rental, or it can receive no more.
    pub fn send_sms(&self, rental_id: RentalId, sms: NewSms) -> Result<(), SandboxError> {
        self.change(Change::Message { rental_id, sms }).map(drop)
    }

    /// Adds a fault rule; it is tried after all others.
    ///
    /// # Errors
    /// When the sandbox has as many as it can.
    pub fn add_fault(&self, rule: FaultRule) -> Result<FaultId, SandboxError> {
        let added = self.change(Change::AddFault(Box::new(rule)))?;
        added.ok_or_else(|| SandboxError::Conflict("the rule was not added".into()))
    }

    /// Removes a fault rule.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn remove_fault(&self, id: FaultId) -> Result<(), SandboxError> {
        self.change(Change::RemoveFault { id }).map(drop)
    }

    /// Removes all fault rules at once.
    pub fn clear_faults(&self) {
        self.with(|state, real| {
            let ids: Vec<FaultId> = state.machine.faults().rules().map(|rule| rule.id).collect();
            for id in ids {
                // It is there: nobody else holds the lock.
                let _ = state.change(Change::RemoveFault { id }, real);
            }
        });
    }

    /// Its fault rules in the order they are tried, each with its name and how often it has struck.
    #[must_use]
    pub fn faults(&self) -> Vec<(FaultId, FaultRule, u32)> {
        self.with(|state, _| {
            let rules = state.machine.faults().rules();
            rules.map(|active| (active.id, active.rule.clone(), active.fired)).collect()
        })
    }

    /// Forgets the journal. The rentals stay as they are.
    pub fn clear_journal(&self) {
        // Dropped once the lock is free: there may be many.
        let forgotten = self.with(|state, _| {
            if let Some(channel) = state.channel.upgrade() {
                channel.verify_waits.look_again();
            }
            state.journal.clear()
        });
        drop(forgotten);
    }

    /// The entry of the journal with this number, if it is kept.
    pub(crate) fn entry(&self, seq: u64) -> Option<JournalEntry> {
        let before = seq.checked_sub(1)?;
        let entry = |state: &mut SandboxState, _| state.journal.after(before).next().cloned();
        self.with(entry).filter(|entry| entry.seq == seq)
    }
}

fn stocked(sandbox: &StateMachine, listed: ListedCountry) -> CountryStock {
    let ListedCountry { country, available: listed, price } = listed;
    CountryStock { country, available: sandbox.stock(country).unwrap_or(0), listed, price }
}

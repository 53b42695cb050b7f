//! A sandbox in the hands of somebody in the same process.

use std::sync::Arc;

use super::event_bus::News;
use super::real_time::RealClock;
use super::slot::SandboxSlot;
use super::state::catch_up;
use super::{Registry, SandboxState, SandboxSummary};
use crate::capsule::Change;
use crate::domain::api_key::ApiKey;
use crate::domain::country::Country;
use crate::domain::error_code::ErrorCode;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::report::Thresholds;
use crate::sandbox::StateMachine;
use crate::sandbox::changes::NewSms;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::Refusal;
use crate::sandbox::content;
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
    /// The refusal that a client with this key would get.
    pub(crate) fn open(registry: &Arc<Registry>, api_key: &str) -> Result<Self, Refusal> {
        Ok(Self { slot: None, ..Self::open_pinned(registry, api_key)? })
    }

    /// The same, but it stays with the sandbox as it is now: where that is reset, replaced or
    /// deleted meanwhile, it is the old one that is looked at or changed.
    ///
    /// # Errors
    /// The refusal that a client with this key would get.
    pub(crate) fn open_pinned(registry: &Arc<Registry>, api_key: &str) -> Result<Self, Refusal> {
        Ok(Self::of(Arc::clone(registry), registry.find_or_make(api_key)?))
    }

    pub(super) fn of(registry: Arc<Registry>, slot: Arc<SandboxSlot>) -> Self {
        Self { registry, api_key: slot.key.clone(), slot: Some(slot) }
    }

    pub(super) fn slot(&self) -> Arc<SandboxSlot> {
        self.slot.as_ref().map(Arc::clone).unwrap_or_else(|| {
            // A key that opened a sandbox once always does.
            let slot = self.registry.find_or_make(self.api_key.as_str());
            slot.unwrap_or_else(|refusal| panic!("{}: {refusal}", self.api_key))
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

    /// Sets the stock of a country, or its price, or both.
    ///
    /// # Errors
    /// When it is not on offer.
    pub fn set_stock(
        &self,
        country: Country,
        available: Option<u32>,
        price: Option<Money>,
    ) -> Result<CountryStock, Refusal> {
        self.with(|state, real| {
            let event = state.machine.set_stock(country, available, price)?;
            state.note(Change::Stock { country, available, price }, real);
            state.tell(&[event]);
            let listed = state.machine.offers().map(|(_, listed)| listed);
            let listed = listed.into_iter().find(|listed| listed.country == country);
            listed.map(|listed| stocked(&state.machine, listed)).ok_or_else(|| {
                Refusal::new(ErrorCode::UnknownCountry, format!("{country} is not on offer"))
            })
        })
    }

    /// Puts an SMS into a rental, now or later.
    ///
    /// # Errors
    /// When there is no such rental, or it can receive no more.
    pub fn send_sms(&self, rental_id: RentalId, sms: NewSms) -> Result<(), Refusal> {
        self.with(|state, real| {
            state.check_room()?;
            let change = Change::Message { rental_id, sms: sms.clone() };
            let happened = state.machine.send_sms(rental_id, sms)?;
            state.note(change, real);
            state.tell(happened.as_slice());
            Ok(())
        })
    }

    /// Adds a fault rule; it is tried after all others.
    pub fn add_fault(&self, rule: FaultRule) -> FaultId {
        self.with(|state, real| add_fault(state, real, rule))
    }

    /// The same, where there are fewer than `most` yet.
    ///
    /// # Errors
    /// Why there is no room for it, as a sentence.
    pub(crate) fn add_fault_within(&self, rule: FaultRule, most: usize) -> Result<FaultId, String> {
        self.with(|state, real| {
            if state.machine.faults().rules().count() >= most {
                return Err(format!(
                    "this sandbox has {most} rules, which is the most; DELETE some first"
                ));
            }
            state.check_room().map_err(|refusal| refusal.message)?;
            Ok(add_fault(state, real, rule))
        })
    }

    /// Removes a fault rule. Whether there was one.
    pub fn remove_fault(&self, id: FaultId) -> bool {
        self.with(|state, real| remove_fault(state, real, id))
    }

    /// Removes all fault rules at once.
    pub fn clear_faults(&self) {
        self.with(|state, real| {
            let ids: Vec<FaultId> = state.machine.faults().rules().map(|rule| rule.id).collect();
            for id in ids {
                remove_fault(state, real, id);
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

fn add_fault(state: &mut SandboxState, real: RealTime, rule: FaultRule) -> FaultId {
    let id = state.machine.add_fault(rule.clone());
    state.note(Change::AddFault(Box::new(rule)), real);
    state.publish(state.machine.now(), || News::Fault { id, what: "added" });
    id
}

fn remove_fault(state: &mut SandboxState, real: RealTime, id: FaultId) -> bool {
    let removed = state.machine.remove_fault(id);
    if removed {
        state.note(Change::RemoveFault { id }, real);
        state.publish(state.machine.now(), || News::Fault { id, what: "removed" });
    }
    removed
}

fn stocked(sandbox: &StateMachine, listed: ListedCountry) -> CountryStock {
    let ListedCountry { country, available: listed, price } = listed;
    CountryStock { country, available: sandbox.stock(country).unwrap_or(0), listed, price }
}

//! A sandbox in the hands of somebody in the same process.

use std::sync::Arc;

use super::feed::News;
use super::real_time::RealClock;
use super::slot::Slot;
use super::world::catch_up;
use super::{Registry, Standing, World};
use crate::domain::api_key::ApiKey;
use crate::domain::country::CountryCode;
use crate::domain::error_code::ErrorCode;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::insight::capsule::Change;
use crate::insight::journal::Entry;
use crate::insight::report::Thresholds;
use crate::sandbox::Sandbox;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::Refusal;
use crate::sandbox::content;
use crate::sandbox::control::Injection;
use crate::sandbox::faults::FaultId;
use crate::sandbox::stock::Listed;
use crate::scenario::FaultRule;

/// How the stock of a country stands.
#[derive(Clone, Copy, Debug)]
pub struct Stocked {
    /// Where.
    pub country: CountryCode,
    /// How many can be rented.
    pub available: u32,
    /// How many getNumbers says there are.
    pub listed: u32,
    /// What a rental costs.
    pub price: Money,
}

/// One sandbox, to move its clock and to look at it.
#[derive(Clone, Debug)]
pub struct SandboxHandle {
    registry: Arc<Registry>,
    api_key: ApiKey,
    /// The sandbox that is meant, whatever has its key later; else the one that has it then.
    slot: Option<Arc<Slot>>,
}

impl SandboxHandle {
    /// Opens the sandbox of this key, which is made where there is none yet.
    ///
    /// # Errors
    /// The refusal that a client with this key would get.
    pub fn open(registry: &Arc<Registry>, api_key: &str) -> Result<Self, Refusal> {
        Ok(Self { slot: None, ..Self::open_as_it_is(registry, api_key)? })
    }

    /// The same, but it stays with the sandbox as it is now: where that is reset, replaced or
    /// deleted meanwhile, it is the old one that is looked at or changed.
    ///
    /// # Errors
    /// The refusal that a client with this key would get.
    pub fn open_as_it_is(registry: &Arc<Registry>, api_key: &str) -> Result<Self, Refusal> {
        Ok(Self::of(Arc::clone(registry), registry.find_or_make(api_key)?))
    }

    pub(super) fn of(registry: Arc<Registry>, slot: Arc<Slot>) -> Self {
        Self { registry, api_key: slot.key.clone(), slot: Some(slot) }
    }

    pub(super) fn slot(&self) -> Arc<Slot> {
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
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut World, RealTime) -> T) -> T {
        let slot = self.slot();
        let (mut world, now) = catch_up(&slot, self.real());
        act(&mut world, now)
    }

    /// Whether it holds so much that a call may take long.
    #[must_use]
    pub fn is_large(&self) -> bool {
        self.slot().is_large()
    }

    /// Its key.
    #[must_use]
    pub const fn api_key(&self) -> &ApiKey {
        &self.api_key
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let slot = self.slot();
        let (world, _) = catch_up(&slot, self.real());
        Standing::of(&slot, &world)
    }

    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.with(|world, _| world.sandbox.now())
    }

    /// How many of its rentals live.
    #[must_use]
    pub fn live_rentals(&self) -> u32 {
        self.with(|world, _| world.sandbox.rentals().live())
    }

    /// The messages that arrived at its rentals so far, in the order of renting, each with the
    /// code that a client should find in it.
    #[must_use]
    pub fn messages(&self) -> Vec<Sms> {
        self.with(|world, _| {
            let sandbox = &world.sandbox;
            let all = sandbox.rentals().all();
            all.flat_map(|r| content::messages(r, sandbox.steps_of(r))).collect()
        })
    }

    /// The sum of all that was ever paid back.
    #[must_use]
    pub fn refunded(&self) -> Money {
        self.with(|world, _| world.sandbox.books().refunded)
    }

    /// What is on offer, but what is listed only by its name.
    #[must_use]
    pub fn countries(&self) -> Vec<Stocked> {
        self.with(|world, _| {
            let offers = world.sandbox.offers().filter(|(offer, _)| !offer.hidden);
            offers.map(|(_, listed)| stocked(&world.sandbox, listed)).collect()
        })
    }

    /// Sets the stock of a country, or its price, or both.
    ///
    /// # Errors
    /// When it is not on offer.
    pub fn set_stock(
        &self,
        country: CountryCode,
        available: Option<u32>,
        price: Option<Money>,
    ) -> Result<Stocked, Refusal> {
        self.with(|world, real| {
            let event = world.sandbox.set_stock(country, available, price)?;
            world.note(Change::Stock { country, available, price }, real);
            world.tell(&[event]);
            let listed = world.sandbox.offers().map(|(_, listed)| listed);
            let listed = listed.into_iter().find(|listed| listed.country == country);
            listed.map(|listed| stocked(&world.sandbox, listed)).ok_or_else(|| {
                Refusal::new(ErrorCode::UnknownCountry, format!("{country} is not on offer"))
            })
        })
    }

    /// Puts an SMS into a rental, now or later.
    ///
    /// # Errors
    /// When there is no such rental, or it can receive no more.
    pub fn inject(&self, rental_id: RentalId, sms: Injection) -> Result<(), Refusal> {
        self.with(|world, real| {
            world.check_room()?;
            let change = Change::Message { rental_id, sms: sms.clone() };
            let happened = world.sandbox.inject(rental_id, sms)?;
            world.note(change, real);
            world.tell(happened.as_slice());
            Ok(())
        })
    }

    /// Adds a fault rule; it is tried after all others.
    pub fn add_fault(&self, rule: FaultRule) -> FaultId {
        self.with(|world, real| add_fault(world, real, rule))
    }

    /// The same, where there are fewer than `most` yet.
    ///
    /// # Errors
    /// Why there is no room for it, as a sentence.
    pub fn add_fault_within(&self, rule: FaultRule, most: usize) -> Result<FaultId, String> {
        self.with(|world, real| {
            if world.sandbox.faults().rules().count() >= most {
                return Err(format!(
                    "this sandbox has {most} rules, which is the most; DELETE some first"
                ));
            }
            world.check_room().map_err(|refusal| refusal.message)?;
            Ok(add_fault(world, real, rule))
        })
    }

    /// Removes a fault rule. Whether there was one.
    pub fn remove_fault(&self, id: FaultId) -> bool {
        self.with(|world, real| remove_fault(world, real, id))
    }

    /// Removes all fault rules at once.
    pub fn clear_faults(&self) {
        self.with(|world, real| {
            let ids: Vec<FaultId> = world.sandbox.faults().rules().map(|rule| rule.id).collect();
            for id in ids {
                remove_fault(world, real, id);
            }
        });
    }

    /// Its fault rules in the order they are tried, each with its name and how often it has struck.
    #[must_use]
    pub fn faults(&self) -> Vec<(FaultId, FaultRule, u32)> {
        self.with(|world, _| {
            let rules = world.sandbox.faults().rules();
            rules.map(|active| (active.id, active.rule.clone(), active.fired)).collect()
        })
    }

    /// Forgets the journal. The rentals stay as they are.
    pub fn clear_journal(&self) {
        // Dropped once the lock is free: there may be many.
        let forgotten = self.with(|world, _| {
            if let Some(channel) = world.channel.upgrade() {
                channel.watches.look_again();
            }
            world.journal.clear()
        });
        drop(forgotten);
    }

    /// The entry of the journal with this number, if it is kept.
    #[must_use]
    pub fn entry(&self, seq: u64) -> Option<Entry> {
        let before = seq.checked_sub(1)?;
        let entry = |world: &mut World, _| world.journal.after(before).next().cloned();
        self.with(entry).filter(|entry| entry.seq == seq)
    }
}

fn add_fault(world: &mut World, real: RealTime, rule: FaultRule) -> FaultId {
    let id = world.sandbox.add_fault(rule.clone());
    world.note(Change::AddFault(Box::new(rule)), real);
    world.publish(world.sandbox.now(), || News::Fault { id, what: "added" });
    id
}

fn remove_fault(world: &mut World, real: RealTime, id: FaultId) -> bool {
    let removed = world.sandbox.remove_fault(id);
    if removed {
        world.note(Change::RemoveFault { id }, real);
        world.publish(world.sandbox.now(), || News::Fault { id, what: "removed" });
    }
    removed
}

fn stocked(sandbox: &Sandbox, listed: Listed) -> Stocked {
    let Listed { country, available: listed, price } = listed;
    Stocked { country, available: sandbox.stock(country).unwrap_or(0), listed, price }
}

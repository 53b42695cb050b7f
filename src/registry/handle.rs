//! A sandbox in the hands of somebody in the same process.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::feed::News;
use super::moving::moved;
use super::{Recording, Registry, Standing, World};
use crate::domain::api_key::ApiKey;
use crate::domain::country::CountryCode;
use crate::domain::error_code::ErrorCode;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::span::Span;
use crate::domain::timestamp::Timestamp;
use crate::insight::capsule::Change;
use crate::insight::expectation::{self, Expectation};
use crate::insight::journal::Entry;
use crate::insight::life::{Life, life};
use crate::insight::report::Report;
use crate::sandbox::Sandbox;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::Refusal;
use crate::sandbox::content;
use crate::sandbox::control::Injection;
use crate::sandbox::event::Event;
use crate::sandbox::faults::FaultId;
use crate::sandbox::stock::Listed;
use crate::scenario::{Clock, FaultRule};

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
    /// The world that is meant, whatever has its key later; else the one that has it then.
    world: Option<Arc<Mutex<World>>>,
}

impl SandboxHandle {
    /// Opens the sandbox of this key, which is made where there is none yet.
    ///
    /// # Errors
    /// The refusal that a client with this key would get.
    pub fn open(registry: &Arc<Registry>, api_key: &str) -> Result<Self, Refusal> {
        Ok(Self { world: None, ..Self::open_as_it_is(registry, api_key)? })
    }

    /// The same, but it stays with the sandbox as it is now: where that is reset, replaced or
    /// deleted meanwhile, it is the old one that is looked at or changed.
    ///
    /// # Errors
    /// The refusal that a client with this key would get.
    pub fn open_as_it_is(registry: &Arc<Registry>, api_key: &str) -> Result<Self, Refusal> {
        let world = registry.find_or_make(api_key)?;
        let api_key = world.lock().key.clone();
        Ok(Self::of(Arc::clone(registry), api_key, world))
    }

    pub(super) const fn of(
        registry: Arc<Registry>,
        api_key: ApiKey,
        world: Arc<Mutex<World>>,
    ) -> Self {
        Self { registry, api_key, world: Some(world) }
    }

    /// Acts in its world, brought up to now.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut World, RealTime) -> T) -> T {
        let real = &self.registry.real;
        let world = self.world.as_ref().map(Arc::clone).unwrap_or_else(|| {
            // A key that opened a sandbox once always does.
            let world = self.registry.find_or_make(self.api_key.as_str());
            world.unwrap_or_else(|refusal| panic!("{}: {refusal}", self.api_key))
        });
        let mut world = world.lock();
        let now = real.now();
        world.catch_up(now);
        act(&mut world, now)
    }

    /// Moves the clock, and tells what happened on the way.
    fn move_clock(
        &self,
        change: Change,
        act: impl FnOnce(&mut Sandbox, RealTime) -> Vec<Event>,
    ) -> Vec<Event> {
        self.with(|world, real| moved(world, real, change, act))
    }

    /// Its key.
    #[must_use]
    pub const fn api_key(&self) -> &ApiKey {
        &self.api_key
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.with(|world, _| world.standing())
    }

    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.with(|world, _| world.sandbox.now())
    }

    /// Moves its clock on by so much virtual time. Gives what happened on the way, in order.
    pub fn advance(&self, by: impl Into<Span>) -> Vec<Event> {
        let by = by.into();
        self.move_clock(Change::Advance { by }, |sandbox, real| sandbox.advance(by, real))
    }

    /// Moves its clock on to this moment; one that has passed moves nothing.
    pub fn advance_to(&self, moment: Timestamp) -> Vec<Event> {
        let change = Change::AdvanceTo { moment: moment.into() };
        self.move_clock(change, |sandbox, real| sandbox.advance_to(moment, real))
    }

    /// Moves its clock on to the next event that is due. Empty where nothing is.
    pub fn advance_to_next(&self) -> Vec<Event> {
        self.move_clock(Change::AdvanceToNext, Sandbox::advance_to_next)
    }

    /// Changes its clock; it goes on from where it stands, unless the new one says where.
    pub fn set_clock(&self, clock: Clock) -> Vec<Event> {
        self.move_clock(Change::Clock(clock), |sandbox, real| sandbox.set_clock(clock, real))
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
            all.into_iter().flat_map(|r| content::messages(r, sandbox.steps_of(r))).collect()
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
            let change = Change::Message { rental_id, sms: sms.clone() };
            let happened = world.sandbox.inject(rental_id, sms)?;
            world.note(change, real);
            world.tell(happened.as_slice());
            Ok(())
        })
    }

    /// Adds a fault rule; it is tried after all others.
    pub fn add_fault(&self, rule: FaultRule) -> FaultId {
        self.with(|world, real| {
            let id = world.sandbox.add_fault(rule.clone());
            world.note(Change::AddFault(Box::new(rule)), real);
            world.publish(world.sandbox.now(), || News::Fault { id, what: "added" });
            id
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
        self.with(|world, _| world.journal.clear());
    }

    /// The lives of its rentals that are kept, in the order of renting.
    #[must_use]
    pub fn lives(&self) -> Vec<Life> {
        self.latest_lives(usize::MAX)
    }

    /// The lives of the rentals that were made last, so many at the most, in the order of renting.
    #[must_use]
    pub fn latest_lives(&self, most: usize) -> Vec<Life> {
        self.with(|world, _| {
            let rentals = world.sandbox.rentals();
            let all = rentals.all();
            let latest = &all[all.len().saturating_sub(most)..];
            let ids: foldhash::HashSet<RentalId> =
                latest.iter().map(|rental| rentals.id(rental.serial)).collect();
            // Sorted first: to look through the whole journal for each rental takes too long.
            let mut entries: foldhash::HashMap<RentalId, Vec<&Entry>> = HashMap::default();
            for entry in world.journal.entries() {
                if let Some(id) = entry.rental_id.filter(|id| ids.contains(id)) {
                    entries.entry(id).or_default().push(entry);
                }
            }
            let lives = latest.iter().map(|rental| {
                let own = entries.get(&rentals.id(rental.serial)).map_or(&[][..], Vec::as_slice);
                life(&world.sandbox, rental, own.iter().copied())
            });
            lives.collect()
        })
    }

    /// Judges what its clients asked.
    #[must_use]
    pub fn judge_requests(&self, expectation: &Expectation) -> expectation::Verdict {
        self.with(|world, _| {
            let rentals = world.sandbox.rentals();
            let timeline = |id: RentalId| {
                let rental = rentals.find(id).and_then(|slot| rentals.at(slot));
                let told = |rental| life(&world.sandbox, rental, world.journal.entries()).timeline;
                rental.map(told).unwrap_or_default()
            };
            expectation.judge(world.journal.entries(), timeline)
        })
    }

    /// The life of a rental, if it is kept.
    #[must_use]
    pub fn life(&self, rental_id: RentalId) -> Option<Life> {
        self.with(|world, _| {
            let rentals = world.sandbox.rentals();
            let rental = rentals.at(rentals.find(rental_id)?)?;
            Some(life(&world.sandbox, rental, world.journal.entries()))
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
        let thresholds = &self.registry.settings.thresholds;
        self.with(|world, _| world.grade(is_over, thresholds))
    }

    /// All that it was made of and lived through, so that it can be run once more.
    #[must_use]
    pub fn recording(&self) -> Recording {
        self.with(|world, _| world.recording())
    }

    /// The entry of the journal with this number, if it is kept.
    #[must_use]
    pub fn entry(&self, seq: u64) -> Option<Entry> {
        self.with(|world, _| world.journal.entries().find(|entry| entry.seq == seq).cloned())
    }

    /// The journal: what its clients asked and got, oldest first.
    #[must_use]
    pub fn journal(&self) -> Vec<Entry> {
        self.with(|world, _| world.journal.entries().cloned().collect())
    }
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

//! A sandbox in the hands of somebody in the same process.

use std::sync::Arc;

use parking_lot::Mutex;

use super::{Registry, World};
use crate::domain::money::Money;
use crate::domain::sms::Sms;
use crate::domain::span::Span;
use crate::domain::timestamp::Timestamp;
use crate::insight::journal::Entry;
use crate::sandbox::Sandbox;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::Refusal;
use crate::sandbox::content;
use crate::sandbox::event::Event;
use crate::sandbox::faults::FaultId;
use crate::scenario::{Clock, FaultRule};

/// One sandbox, to move its clock and to look at it.
#[derive(Clone, Debug)]
pub struct SandboxHandle {
    registry: Arc<Registry>,
    world: Arc<Mutex<World>>,
}

impl SandboxHandle {
    /// The sandbox of this key, which is made where there is none yet.
    ///
    /// # Errors
    /// The refusal that a client with this key would get.
    pub fn open(registry: &Arc<Registry>, api_key: &str) -> Result<Self, Refusal> {
        let world = registry.find_or_make(api_key)?;
        Ok(Self { registry: Arc::clone(registry), world })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Sandbox, RealTime) -> T) -> T {
        let mut world = self.world.lock();
        let real = self.registry.real.now();
        act(&mut world.sandbox, real)
    }

    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.with(|sandbox, real| {
            sandbox.catch_up(real);
            sandbox.now()
        })
    }

    /// Moves its clock on by so much virtual time. Gives what happened on the way, in order.
    pub fn advance(&self, by: impl Into<Span>) -> Vec<Event> {
        let by = by.into();
        self.with(|sandbox, real| sandbox.advance(by, real))
    }

    /// Moves its clock on to this moment; one that has passed moves nothing.
    pub fn advance_to(&self, moment: Timestamp) -> Vec<Event> {
        self.with(|sandbox, real| sandbox.advance_to(moment, real))
    }

    /// Moves its clock on to the next event that is due. Empty where nothing is.
    pub fn advance_to_next(&self) -> Vec<Event> {
        self.with(Sandbox::advance_to_next)
    }

    /// Changes its clock; it goes on from where it stands, unless the new one says where.
    pub fn set_clock(&self, clock: Clock) -> Vec<Event> {
        self.with(|sandbox, real| sandbox.set_clock(clock, real))
    }

    /// How many of its rentals live.
    #[must_use]
    pub fn live_rentals(&self) -> u32 {
        self.with(|sandbox, real| {
            sandbox.catch_up(real);
            sandbox.rentals().live()
        })
    }

    /// The messages that arrived at its rentals so far, in the order of renting, each with the
    /// code that a client should find in it.
    #[must_use]
    pub fn messages(&self) -> Vec<Sms> {
        self.with(|sandbox, real| {
            sandbox.catch_up(real);
            let all = sandbox.rentals().all();
            all.into_iter().flat_map(|r| content::messages(r, sandbox.steps_of(r))).collect()
        })
    }

    /// The sum of all that was ever paid back.
    #[must_use]
    pub fn refunded(&self) -> Money {
        self.with(|sandbox, real| {
            sandbox.catch_up(real);
            sandbox.refunded()
        })
    }

    /// Adds a fault rule; it is tried after all others.
    pub fn add_fault(&self, rule: FaultRule) -> FaultId {
        self.with(|sandbox, real| {
            sandbox.catch_up(real);
            sandbox.add_fault(rule)
        })
    }

    /// Removes a fault rule. Whether there was one.
    pub fn remove_fault(&self, id: FaultId) -> bool {
        self.with(|sandbox, _| sandbox.remove_fault(id))
    }

    /// Its fault rules in the order they are tried, each with its name and how often it has struck.
    #[must_use]
    pub fn faults(&self) -> Vec<(FaultId, FaultRule, u32)> {
        self.with(|sandbox, _| {
            let rules = sandbox.faults().rules();
            rules.map(|active| (active.id, active.rule.clone(), active.fired)).collect()
        })
    }

    /// The journal: what its clients asked and got, oldest first.
    #[must_use]
    pub fn journal(&self) -> Vec<Entry> {
        self.world.lock().journal.entries().cloned().collect()
    }
}

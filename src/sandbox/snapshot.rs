//! A copy of what readers need of a sandbox, so that they do not hold its lock.

use std::sync::Arc;

use super::faults::{ActiveRule, FaultId};
use super::rental::Rental;
use super::totals::Totals;
use super::{StateMachine, steps_of};
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::scenario::{Clock, Scenario, Step};

/// A sandbox at one moment, with the rentals that a reader needs.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    scenario: Arc<Scenario>,
    now: Timestamp,
    clock: Clock,
    first_id: RentalId,
    totals: Totals,
    unfired_faults: Vec<FaultId>,
    rentals: foldhash::HashMap<RentalId, Rental>,
}

impl StateMachine {
    /// A copy without rentals: [`Snapshot::add`] adds those.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let rules = self.faults.rules();
        // A rule for other clocks could not fire.
        let fits = |mode| self.clock().kind() == mode;
        let is_unfired =
            |active: &&ActiveRule| active.fired == 0 && active.rule.trigger.clock.is_none_or(fits);
        Snapshot {
            scenario: Arc::clone(&self.scenario),
            now: self.now,
            clock: self.clock(),
            first_id: self.rentals.first_id(),
            totals: self.totals,
            unfired_faults: rules.filter(is_unfired).map(|rule| rule.id).collect(),
            rentals: foldhash::HashMap::default(),
        }
    }
}

impl Snapshot {
    pub(crate) fn add(&mut self, rental: &Rental) {
        let id = self.id(rental);
        self.rentals.entry(id).or_insert_with(|| rental.clone());
    }

    pub(crate) fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The fault rules that have not fired.
    pub(crate) const fn clock(&self) -> Clock {
        self.clock
    }

    pub(crate) fn unfired_faults(&self) -> &[FaultId] {
        &self.unfired_faults
    }

    pub(crate) fn id(&self, rental: &Rental) -> RentalId {
        RentalId::new(self.first_id.digits().saturating_add(u64::from(rental.serial)))
    }

    pub(crate) fn rental(&self, id: RentalId) -> Option<&Rental> {
        self.rentals.get(&id)
    }

    pub(crate) fn steps_of(&self, rental: &Rental) -> &[Step] {
        steps_of(&self.scenario, rental)
    }
}

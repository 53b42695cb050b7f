//! A copy of what readers need of a sandbox, so that they can take their time without its lock.

use std::sync::Arc;

use super::faults::FaultId;
use super::rental::Rental;
use super::totals::Totals;
use super::{StateMachine, steps_of};
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::scenario::{Scenario, Step};

/// A sandbox as it stood at one moment, with those of its rentals that a reader asks about.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    scenario: Arc<Scenario>,
    now: Timestamp,
    first_id: RentalId,
    totals: Totals,
    unfired_faults: Vec<FaultId>,
    rentals: foldhash::HashMap<RentalId, Rental>,
}

impl StateMachine {
    /// A copy of the sandbox as it stands, without rentals: [`Snapshot::add`] takes those.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let rules = self.faults.rules();
        Snapshot {
            scenario: Arc::clone(&self.scenario),
            now: self.now,
            first_id: self.rentals.first_id(),
            totals: self.totals,
            unfired_faults: rules.filter(|rule| rule.fired == 0).map(|rule| rule.id).collect(),
            rentals: foldhash::HashMap::default(),
        }
    }
}

impl Snapshot {
    /// Adds the copy of a rental, once.
    pub(crate) fn add(&mut self, rental: &Rental) {
        let id = self.id(rental);
        self.rentals.entry(id).or_insert_with(|| rental.clone());
    }

    /// The scenario that the sandbox plays.
    pub(crate) fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What the clock showed.
    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    /// The totals of all rentals ever made.
    pub(crate) const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The fault rules that never fired.
    pub(crate) fn unfired_faults(&self) -> &[FaultId] {
        &self.unfired_faults
    }

    /// The id of a rental of this sandbox.
    pub(crate) fn id(&self, rental: &Rental) -> RentalId {
        RentalId::new(self.first_id.digits().saturating_add(u64::from(rental.serial)))
    }

    /// The rental of this id, where the snapshot has it.
    pub(crate) fn rental(&self, id: RentalId) -> Option<&Rental> {
        self.rentals.get(&id)
    }

    /// The steps of a rental's script.
    pub(crate) fn steps_of(&self, rental: &Rental) -> &[Step] {
        steps_of(&self.scenario, rental)
    }
}

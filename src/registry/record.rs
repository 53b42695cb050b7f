//! What is written down of a world so that it can be run once more: the journal has the requests,
//! this has what was changed from outside between them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::world::World;
use crate::domain::api_key::ApiKey;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::insight::capsule::Change;
use crate::insight::journal::Entry;
use crate::sandbox::clock::RealTime;
use crate::scenario::{Clock, Scenario};

/// What was changed from outside, in order, the oldest forgotten first.
#[derive(Debug)]
pub(super) struct Record {
    changes: VecDeque<Changed>,
    most: usize,
    forgotten: bool,
    held: u32,
}

/// A change, and between which requests it came.
#[derive(Clone, Debug)]
struct Changed {
    /// How many requests the journal had when it came.
    after: u64,
    at: Timestamp,
    real: RealTime,
    what: Change,
}

impl Record {
    pub(super) fn new(most: usize) -> Self {
        Self { changes: VecDeque::new(), most, forgotten: false, held: 0 }
    }
}

/// What a world is made of, and made of once more.
#[derive(Clone, Debug)]
pub struct Start {
    /// Its scenario, as it was told.
    pub scenario: Arc<Scenario>,
    /// What its randomness grows from.
    pub seed: u64,
    /// The clock it started with.
    pub clock: Clock,
    /// Whether it has the countries on demand.
    pub magic: bool,
    /// What its key asks for.
    pub on_demand: Option<ErrorCode>,
    /// When it was made.
    pub started: RealTime,
    /// The id of its first rental.
    pub first_rental_id: RentalId,
    /// How many ended rentals it keeps.
    pub max_ended_rentals: usize,
}

/// All that a world was made of and lived through.
#[derive(Debug)]
pub struct Recording {
    /// Its key.
    pub api_key: ApiKey,
    /// What it was made of.
    pub start: Start,
    /// Whether nothing was forgotten.
    pub complete: bool,
    /// What it lived through.
    pub steps: Vec<Recorded>,
}

/// A step in the life of a world.
#[derive(Clone, Debug)]
pub enum Recorded {
    /// A request.
    Request(Box<Entry>),
    /// A change from outside.
    Change {
        /// When, in virtual time, once it was done.
        at: Timestamp,
        /// When, in real time.
        real: RealTime,
        /// Which.
        what: Change,
    },
}

impl World {
    /// Writes down what was changed from outside.
    pub(super) fn note(&mut self, what: Change, real: RealTime) {
        let record = &mut self.record;
        if record.changes.len() >= record.most {
            record.forgotten = true;
            record.changes.pop_front();
        }
        if record.most > 0 {
            let (after, at) = (self.journal.written(), self.sandbox.now());
            record.changes.push_back(Changed { after, at, real, what });
        }
    }

    /// A number for a call that is held up.
    pub(super) fn ticket(&mut self) -> u32 {
        self.record.held += 1;
        self.record.held
    }

    /// All that it was made of and lived through.
    pub(super) fn recording(&self) -> Recording {
        let mut changes = self.record.changes.iter().peekable();
        let mut steps = Vec::new();
        let change = |changed: &Changed| {
            let Changed { at, real, what, .. } = changed.clone();
            Recorded::Change { at, real, what }
        };
        for entry in self.journal.entries() {
            while let Some(changed) = changes.next_if(|changed| changed.after < entry.seq) {
                steps.push(change(changed));
            }
            steps.push(Recorded::Request(Box::new(entry.clone())));
        }
        steps.extend(changes.map(change));
        Recording {
            api_key: self.key.clone(),
            start: Start {
                scenario: Arc::clone(&self.made.scenario),
                seed: self.made.seed,
                clock: self.made.clock,
                magic: self.made.magic,
                on_demand: self.on_demand.map(super::on_demand::ByKey::code),
                started: self.made_at,
                first_rental_id: self.sandbox.rentals().first_id(),
                max_ended_rentals: self.sandbox.rentals().max_ended(),
            },
            complete: self.journal.forgotten() == 0 && !self.record.forgotten,
            steps,
        }
    }
}

//! Whatever goes wrong, no number and no money is lost.

use std::collections::{HashMap, HashSet};

use crate::domain::rental_id::RentalId;
use crate::sandbox::command::Command;
use crate::sandbox::event::EventKind;
use crate::scenario::*;
use proptest::prelude::*;

use super::harness::{STOCK, World};

#[derive(Clone, Debug)]
enum Act {
    Rent,
    Poll { ago: usize },
    Cancel { ago: usize },
    Advance { millis: u64 },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => Just(Act::Rent),
        2 => (0..8_usize).prop_map(|ago| Act::Poll { ago }),
        3 => (0..8_usize).prop_map(|ago| Act::Cancel { ago }),
        2 => prop_oneof![0..60_000_u64, 600_000..1_300_000_u64].prop_map(|millis| Act::Advance { millis }),
    ];
    prop::collection::vec(act, 1..60)
}

fn rules() -> impl Strategy<Value = Vec<FaultRule>> {
    let endpoints = prop::sample::subsequence(
        vec![Endpoint::RentNumber, Endpoint::GetSms, Endpoint::CancelNumber],
        1..=3,
    );
    let code = prop::sample::select(ErrorCode::ALL.to_vec());
    let phase = prop::sample::select(vec![Phase::Before, Phase::After]);
    let rule = (endpoints, code, phase, 0.0..=1.0, 1..20_u32).prop_map(
        |(endpoints, code, phase, probability, times)| {
            let endpoints = Endpoints::new(endpoints).expect("at least one");
            let rule = fault(endpoints, Effect::error(code)).phase(phase);
            rule.probability(probability).times(times)
        },
    );
    prop::collection::vec(rule, 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn under_faults_no_number_is_lost_and_a_rental_is_paid_back_once(
        rules in rules(), acts in acts(), seed: u64
    ) {
        let world = World::new(seed, &rules);
        let mut books = Books::default();
        for act in &acts {
            books.perform(&world, act);
            prop_assert_eq!(world.sandbox.rentals().live() as usize, books.live.len(), "{:?}", act);
            let ended = books.made.len() - books.live.len();
            let in_use = books.live.len() + (ended - books.unsold);
            prop_assert_eq!(world.available() + in_use, STOCK as usize, "{:?}", act);
            let due = cents(5 * books.unsold as u32);
            prop_assert_eq!(world.sandbox.rentals().refunded(), due, "{:?}", act);
        }
        for rule in world.sandbox.faults().list() {
            world.sandbox.faults().remove(rule.id).expect("it is there");
        }
        let numbers: HashSet<String> = books.live.keys().map(|id| world.number(*id)).collect();
        prop_assert_eq!(numbers.len(), books.live.len(), "a number is rented to one at a time");
    }
}

/// What the events say, and what each call changed: what the sandbox must agree with.
#[derive(Debug, Default)]
struct Books {
    made: Vec<RentalId>,
    /// Whether an SMS came.
    live: HashMap<RentalId, bool>,
    /// How many ended without an SMS.
    unsold: usize,
}

impl Books {
    fn end(&mut self, id: RentalId) {
        let has_sms = self.live.remove(&id).expect("only a live rental ends");
        self.unsold += usize::from(!has_sms);
    }

    fn perform(&mut self, world: &World, act: &Act) {
        let ago = |ago: usize| self.made.iter().rev().nth(ago).copied();
        match *act {
            Act::Rent => {
                world.rent();
                // The client may be told otherwise; the journal knows what took effect.
                let entry = world.sandbox.journal().entries().pop().expect("each call is written");
                if let Some(id) = entry.rental_id {
                    self.made.push(id);
                    self.live.insert(id, false);
                }
            }
            Act::Poll { ago: nth } => drop(ago(nth).map(|id| world.poll(id))),
            Act::Cancel { ago: nth } => {
                let Some(rental_id) = ago(nth) else { return };
                let before = world.sandbox.rentals().live();
                world.call(Command::CancelNumber { rental_id });
                if world.sandbox.rentals().live() < before {
                    self.end(rental_id);
                }
            }
            Act::Advance { millis: by } => {
                for event in world.sandbox.clock().advance(millis(by)) {
                    match event.kind {
                        EventKind::Sms { rental_id } => {
                            self.live.entry(rental_id).and_modify(|has_sms| *has_sms = true);
                        }
                        EventKind::Expiry { rental_id } | EventKind::Revocation { rental_id } => {
                            self.end(rental_id);
                        }
                        EventKind::Stock { .. } => {}
                    }
                }
            }
        }
    }
}

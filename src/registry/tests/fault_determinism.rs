//! The same seed meets the same faults in the same places, whatever else happens.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::rental_id::RentalId;
use crate::sandbox::command::Command;
use crate::sandbox::faults::FaultId;
use crate::sandbox::outcome::CallOutcome;
use crate::scenario::*;
use proptest::prelude::*;

use super::harness::{World, made, maintenance};

/// What else may happen between the calls that are looked at.
#[derive(Clone, Debug)]
enum Noise {
    List,
    PollTheOther,
    PollNone,
    CancelTheOther,
    OtherKey,
    AddRule,
    RemoveRule,
    Advance,
}

fn noises() -> impl Strategy<Value = Vec<Vec<Noise>>> {
    use Noise::{
        AddRule, Advance, CancelTheOther, List, OtherKey, PollNone, PollTheOther, RemoveRule,
    };
    let noise = prop::sample::select(vec![
        List,
        PollTheOther,
        PollNone,
        CancelTheOther,
        OtherKey,
        AddRule,
        RemoveRule,
        Advance,
    ]);
    prop::collection::vec(prop::collection::vec(noise, 0..4), 40)
}

/// Where a rule strikes among polls, cancels and rentals, with this in between.
fn pattern(seed: u64, noises: &[Vec<Noise>]) -> Vec<bool> {
    let world = World::new(seed, &[]);
    let ids: Vec<RentalId> =
        (0..3).map(|_| made(&world.rent()).expect("nothing is wrong")).collect();
    let rule = world
        .sandbox
        .faults()
        .add(maintenance(Endpoints::ALL).probability(0.5))
        .expect("there is room");
    let mut added = Vec::new();
    let mut struck = Vec::new();
    for (round, noises) in noises.iter().enumerate() {
        for noise in noises {
            match noise {
                Noise::List => drop(world.list()),
                Noise::PollTheOther => drop(world.poll(ids[2])),
                Noise::PollNone => drop(world.poll(RentalId::new(1))),
                Noise::CancelTheOther => {
                    drop(world.call(Command::CancelNumber { rental_id: ids[2] }));
                }
                Noise::OtherKey => {
                    drop(world.call_as("other", Command::GetNumbers { country: None }));
                }
                Noise::AddRule => {
                    let other = maintenance(Endpoints::ALL).probability(0.5);
                    added.push(world.sandbox.faults().add(other).expect("there is room"));
                }
                Noise::RemoveRule => {
                    added.pop().map(|id: FaultId| world.sandbox.faults().remove(id));
                }
                Noise::Advance => drop(world.sandbox.clock().advance(seconds(1))),
            }
        }
        let rental_id = ids[round % 2];
        let calls =
            [world.poll(rental_id), world.call(Command::CancelNumber { rental_id }), world.rent()];
        struck.extend(calls.map(|outcome| outcome.fault == Some(rule)));
    }
    struck
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_fault_strikes_in_the_same_places_whatever_else_happens(noises in noises(), seed: u64) {
        let quiet = vec![Vec::new(); noises.len()];
        let alone = pattern(seed, &quiet);
        prop_assert!(alone.contains(&true) && alone.contains(&false), "{:?}", alone);
        prop_assert_eq!(&pattern(seed, &noises), &alone);
        prop_assert_ne!(pattern(seed.wrapping_add(1), &quiet), alone, "another seed");
    }
}

#[test]
fn a_rule_strikes_about_as_often_as_its_probability_says() {
    for (seed, probability) in [(1, 0.3), (2, 0.05), (3, 0.9)] {
        let world = World::new(seed, &[maintenance(Endpoints::ALL).probability(probability)]);
        let struck = |outcome: Arc<CallOutcome>| usize::from(outcome.fault.is_some());
        let lists: usize = (0..2_000).map(|_| struck(world.list())).sum();
        let mut polls = 0;
        for _ in 0..40 {
            let id = loop {
                if let Some(id) = made(&world.rent()) {
                    break id;
                }
            };
            polls += (0..50).map(|_| struck(world.poll(id))).sum::<usize>();
        }
        for seen in [lists, polls] {
            // Four standard deviations; and the seed is fixed.
            let (expected, spread) =
                (2_000.0 * probability, (2_000.0_f64 * probability * (1.0 - probability)).sqrt());
            let off = (seen as f64 - expected).abs();
            assert!(off <= 4.0 * spread, "{seen} of 2000 at {probability}");
        }
    }
}

#[test]
fn two_rules_two_endpoints_and_two_rentals_draw_each_for_itself() {
    let half = |endpoint| fault([endpoint], Effect::error(ErrorCode::BadGateway)).probability(0.5);
    let world = World::new(5, &[]);
    let ids = [(); 2].map(|()| made(&world.rent()).expect("nothing is wrong"));
    world.sandbox.faults().add(half(Endpoint::GetSms)).expect("there is room");
    let strikes = |call: &dyn Fn() -> Arc<CallOutcome>| -> Vec<bool> {
        (0..64).map(|_| call().fault.is_some()).collect()
    };
    let mut patterns: Vec<Vec<bool>> = ids.map(|id| strikes(&|| world.poll(id))).into();
    for _ in 0..2 {
        let rule = world.sandbox.faults().add(half(Endpoint::GetNumbers)).expect("there is room");
        patterns.push(strikes(&|| world.list()));
        world.sandbox.faults().remove(rule).expect("it is there");
    }
    let distinct: HashSet<&Vec<bool>> = patterns.iter().collect();
    assert_eq!(distinct.len(), 4, "{patterns:?}");
}

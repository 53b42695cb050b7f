//! Which rentals can still be asked for.

use std::sync::Arc;

use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::sandbox::StateMachine;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::{Command, Reply};
use crate::sandbox::config::SandboxConfig;
use crate::scenario::*;
use proptest::prelude::*;

fn sandbox(scenario: Scenario, max_ended_rentals: usize) -> StateMachine {
    let config = SandboxConfig::for_test(scenario, Clock::frozen(), 0);
    let scenario = Arc::clone(&config.scenario);
    StateMachine::new(&SandboxConfig { max_ended_rentals, ..config }, scenario, RealTime(0))
}

fn rent(sandbox: &mut StateMachine) -> RentalId {
    match sandbox.apply(&Command::RentNumber { country: Country::US, service: None }) {
        Ok(Reply::Rented { rental_id, .. }) => rental_id,
        other => panic!("there are plenty: {other:?}"),
    }
}

proptest! {
    /// Each step rents one, and may cancel one that lives.
    #[test]
    fn what_lives_is_found_however_many_come_and_go_and_of_what_ended_the_newest(
        cancels in prop::collection::vec(prop::option::of(0..50_usize), 1..300),
        max_ended_rentals in 0..40_usize,
    ) {
        let scenario = scenario("kept").country(country(Country::US).available(1_000).price(cents(5)));
        let mut sandbox = sandbox(scenario, max_ended_rentals);
        let (mut live, mut ended) = (Vec::new(), Vec::new());
        for cancelled in cancels {
            live.push(rent(&mut sandbox));
            if let Some(place) = cancelled.filter(|place| *place < live.len()) {
                let rental_id = live.remove(place);
                sandbox.apply(&Command::CancelNumber { rental_id }).expect("it lives");
                ended.push(rental_id);
            }
        }
        // The next call drops what is too much.
        sandbox.catch_up(RealTime(0));
        let mut known = |rental_id: &RentalId| {
            sandbox.apply(&Command::GetSms { rental_id: *rental_id }).map(drop).map_err(|e| e.code)
        };
        let forgotten = ended.len().saturating_sub(max_ended_rentals);
        for rental_id in live.iter().chain(&ended[forgotten..]) {
            prop_assert_eq!(known(rental_id), Ok(()));
        }
        for rental_id in &ended[..forgotten] {
            prop_assert_eq!(known(rental_id), Err(ErrorCode::RentalNotFound));
        }
    }
}

#[test]
fn a_sandbox_that_has_emptied_takes_little_memory_again() {
    let scenario =
        scenario("kept").country(country(Country::US).available(1_000_000).price(cents(5)));
    let mut sandbox = sandbox(scenario, 100_000);
    let empty = sandbox.bytes();
    for _ in 0..20_000 {
        rent(&mut sandbox);
    }
    assert!(sandbox.bytes() > empty + 20_000 * 150);
    sandbox.advance(VirtualDuration::seconds(1_200), RealTime(0));
    assert!(sandbox.bytes() > empty + 20_000 * 150, "what ended is kept for a day");
    sandbox.advance(VirtualDuration::seconds(24 * 3_600), RealTime(0));
    assert_eq!(sandbox.bytes(), empty);
}

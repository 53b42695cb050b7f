//! What a lost reply leaves behind: all of the call after it took effect, nothing before.

use ringer::FaultId;
use ringer::scenario::Money;
use ringer::scenario::*;

use super::socket::*;
use crate::support::{Client, frozen, start};

/// The faults by which no whole reply arrives, and whether a status does.
fn losing() -> Vec<(Effect, bool)> {
    let with_status = [Effect::truncated_body(0.5), Effect::malformed_response_chunk()];
    let without = [
        Effect::connection_reset_by_peer(),
        Effect::empty_response(),
        Effect::random_data_then_close(),
        Effect::hang(),
    ];
    let without = without.map(|effect| (effect, false));
    with_status.map(|effect| (effect, true)).into_iter().chain(without).collect()
}

#[test]
fn a_rental_whose_reply_is_lost_is_made() {
    let server = start(frozen());
    for (number, (effect, has_status)) in losing().into_iter().enumerate() {
        let key = format!("ci-{number}");
        let client = Client::new(&server, &key);
        let stock = client.get_numbers().available("US");
        let rule = fault([Endpoint::RentNumber], effect).phase(Phase::After).times(1);
        let sandbox = with_fault(&server, &key, rule);
        let mut socket = Socket::open(&server);
        socket.send(&rent(&key, ""));
        until("the rental is made", || sandbox.journal().entries().len() == 2);
        assert_eq!(sandbox.rentals().live(), 1, "{effect}");
        assert_eq!(client.get_numbers().available("US"), stock - 1, "{effect}");
        let entry = sandbox.journal().entries()[1].clone();
        assert_eq!(entry.status, has_status.then_some(200), "{effect}");
        assert_eq!((entry.code, entry.fault), (None, Some(FaultId::Rule(1))), "{effect}");
        // The rental that no client knows of is there all the same.
        let id = entry.rental_id.expect("it is in the journal").to_string();
        assert_eq!(client.poll(&id).status, 200, "{effect}");
        assert_eq!(client.cancel(&id).status, 200, "{effect}");
        assert_eq!(sandbox.rentals().live(), 0, "{effect}");
    }
}

#[test]
fn a_rental_whose_request_is_lost_is_not_made() {
    let server = start(frozen());
    for (number, (effect, has_status)) in losing().into_iter().enumerate() {
        let key = format!("ci-{number}");
        let client = Client::new(&server, &key);
        let stock = client.get_numbers().available("US");
        let sandbox = with_fault(&server, &key, fault([Endpoint::RentNumber], effect).times(1));
        let mut socket = Socket::open(&server);
        socket.send(&rent(&key, ""));
        until("the request is lost", || sandbox.journal().entries().len() == 2);
        assert_eq!(sandbox.rentals().live(), 0, "{effect}");
        assert_eq!(client.get_numbers().available("US"), stock, "{effect}");
        let entry = sandbox.journal().entries()[1].clone();
        assert_eq!(entry.rental_id, None, "{effect}");
        assert_eq!(entry.status, has_status.then_some(500), "{effect}");
        assert_eq!(entry.code, has_status.then_some(ErrorCode::InternalError), "{effect}");
        assert_eq!(entry.fault, Some(FaultId::Rule(1)), "{effect}");
    }
}

#[test]
fn a_cancel_whose_reply_is_lost_is_paid_back_once() {
    let server = start(frozen());
    for (number, (effect, has_status)) in losing().into_iter().enumerate() {
        let key = format!("ci-{number}");
        let client = Client::new(&server, &key);
        let id = client.rent("US").rental_id();
        let rule = fault([Endpoint::CancelNumber], effect).phase(Phase::After).times(1);
        let sandbox = with_fault(&server, &key, rule);
        let mut socket = Socket::open(&server);
        socket.send(&cancel(&key, &id));
        until("it is cancelled", || sandbox.journal().entries().len() == 2);
        let refunded = sandbox.rentals().refunded();
        assert!(refunded > Money::default(), "{effect}");
        assert_eq!(sandbox.rentals().live(), 0, "{effect}");
        let entry = sandbox.journal().entries()[1].clone();
        assert_eq!(entry.status, has_status.then_some(200), "{effect}");
        assert_eq!(entry.rental_id.map(|id| id.to_string()), Some(id.clone()), "{effect}");
        client.cancel(&id);
        assert_eq!(sandbox.rentals().refunded(), refunded, "{effect}");
    }
}

#[test]
fn a_cancel_whose_request_is_lost_is_not_paid_back() {
    let server = start(frozen());
    for (number, (effect, _)) in losing().into_iter().enumerate() {
        let key = format!("ci-{number}");
        let client = Client::new(&server, &key);
        let id = client.rent("US").rental_id();
        let sandbox = with_fault(&server, &key, fault([Endpoint::CancelNumber], effect).times(1));
        let mut socket = Socket::open(&server);
        socket.send(&cancel(&key, &id));
        until("the request is lost", || sandbox.journal().entries().len() == 2);
        assert_eq!(
            (sandbox.rentals().refunded(), sandbox.rentals().live()),
            (Money::default(), 1),
            "{effect}"
        );
        assert_eq!(client.cancel(&id).status, 200, "{effect}");
        assert_eq!(sandbox.rentals().live(), 0, "{effect}");
    }
}

#[test]
fn a_fault_of_the_scenario_itself_strikes_every_sandbox_of_it() {
    let lost = fault([Endpoint::RentNumber], Effect::connection_reset_by_peer())
        .nth([1])
        .phase(Phase::After);
    let scenario = scenario("lost").country(country(Country::SE).available(2)).fault(lost);
    let server = start(frozen().scenario(scenario));
    for key in ["ci-1", "ci-2"] {
        let request = rent(key, "").replace("US", "SE");
        assert_eq!(exchange(&server, &request), (vec![], End::Reset));
        assert_eq!(sandbox(&server, key).rentals().live(), 1);
        assert_eq!(Client::new(&server, key).rent("SE").status, 200);
        assert_eq!(Client::new(&server, key).rent("SE").code(), "NO_NUMBERS");
    }
}

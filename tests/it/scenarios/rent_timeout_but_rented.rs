use std::io::ErrorKind;
use std::time::Duration;

use ringer::scenario::Endpoint;
use ringer::scenario::{cents, seconds};

use super::naive::assert_double_rental;
use super::socket::Socket;
use super::{assert_comes_through, charged, play, play_carefully};
use crate::careful::ledger::Fate;
use crate::faults::socket::now;

#[test]
fn the_first_rental_is_made_at_once_and_nobody_hears_of_it_while_the_second_is_told_at_once() {
    let (server, client, sandbox) = play("rent-timeout-but-rented");
    let heard = Socket::new(&server, "ci").read_timeout(800).rent("US");
    assert_eq!((heard.pieces, heard.error), (0, Some(ErrorKind::WouldBlock)), "not a byte");
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (1, 4_999));
    let entry = sandbox.journal().entries().remove(0);
    assert_eq!((entry.endpoint, entry.status), (Some(Endpoint::RentNumber), Some(200)));

    let second = client.rent("US");
    assert_eq!(second.status, 200);
    assert_ne!(Some(second.rental_id()), entry.rental_id.map(|id| id.to_string()));
    assert_eq!(client.get_numbers().available("US"), 4_998);
    // Who could guess the id would find a rental like any other.
    let lost = entry.rental_id.expect("it was made").to_string();
    sandbox.clock().advance(seconds(8));
    assert_eq!(client.poll(&lost).texts().len(), 1);
    assert_eq!(client.cancel(&lost).refund(), "0.00");
}

#[test]
#[ignore = "waits 35 s of real time"]
fn the_reply_to_the_first_rental_comes_after_35_seconds() {
    let (server, _client, sandbox) = play("rent-timeout-but-rented");
    let sent = now();
    let heard = Socket::new(&server, "ci").read_timeout(60_000).rent("US");
    let took = sent.elapsed();
    assert!(took >= Duration::from_secs(35), "after {took:?}");
    assert_eq!(heard.status(), Some(200));
    let made = sandbox.journal().entries()[0].rental_id.map(|id| id.to_string());
    assert_eq!(heard.rental_id(), made);
}

#[test]
fn a_client_that_times_out_and_rents_again_pays_for_two_and_leaks_one() {
    let (server, _client, sandbox) = play("rent-timeout-but-rented");
    let socket = Socket::new(&server, "ci").read_timeout(800);
    assert_double_rental("rent-timeout-but-rented", &socket, &sandbox);
}

#[test]
fn a_careful_client_sees_by_the_listing_that_it_was_charged_and_books_a_rental_in_doubt() {
    let (_server, client, sandbox) = play_carefully("rent-timeout-but-rented");
    let outcome = client.timeout(Duration::from_millis(800)).verify(&["US"], "telegram");
    assert_comes_through("rent-timeout-but-rented", &outcome, &sandbox);
    assert_eq!(outcome.ledger.in_doubt, [cents(5)]);
    assert_eq!(outcome.ledger.count(Fate::Cancelled), 1);
    assert_eq!(charged("rent-timeout-but-rented", &sandbox).0, 2, "and never a third");
}

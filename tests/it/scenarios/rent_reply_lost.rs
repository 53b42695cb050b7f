use std::io::ErrorKind;

use ringer::scenario::{cents, seconds};

use super::naive::assert_double_rental;
use super::socket::Socket;
use super::{assert_comes_through, charged, play, play_carefully};

#[test]
fn the_first_rental_is_made_and_its_connection_reset_without_a_byte() {
    let (server, client, sandbox) = play("rent-reply-lost");
    let heard = Socket::new(&server, "ci").rent("US");
    assert_eq!((heard.pieces, heard.error), (0, Some(ErrorKind::ConnectionReset)));
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (1, 4_999));
    let entry = sandbox.journal().entries().remove(0);
    assert_eq!((entry.status, entry.code), (None, None), "no reply was sent");
    let lost = entry.rental_id.expect("it was made").to_string();

    assert_eq!(client.rent("US").status, 200, "the second and all others are told");
    assert_eq!(client.rent("US").status, 200);
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (3, 4_997));
    sandbox.clock().advance(seconds(8));
    assert_eq!(client.poll(&lost).texts().len(), 1, "the lost one lives like any other");
    sandbox.clock().advance(seconds(1_192));
    assert_eq!(
        (sandbox.rentals().live(), sandbox.rentals().refunded().to_string().as_str()),
        (0, "0.00")
    );
}

#[test]
fn a_client_that_rents_again_after_a_reset_pays_for_two_and_leaks_one() {
    let (server, _client, sandbox) = play("rent-reply-lost");
    let socket = Socket::new(&server, "ci");
    assert_double_rental("rent-reply-lost", &socket, &sandbox);
}

#[test]
fn a_careful_client_sees_by_the_listing_that_it_was_charged_and_books_a_rental_in_doubt() {
    let (_server, mut client, sandbox) = play_carefully("rent-reply-lost");
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("rent-reply-lost", &outcome, &sandbox);
    assert_eq!(outcome.ledger.in_doubt, [cents(5)]);
    assert_eq!(charged("rent-reply-lost", &sandbox).0, 2, "and never a third");
}

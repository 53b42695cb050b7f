use std::panic::{AssertUnwindSafe, catch_unwind};

use ringer::scenario::{Money, seconds};

use super::naive::price;
use super::{assert_comes_through, assert_kept_for_24_hours, play, play_carefully};
use crate::support::Client;

#[test]
fn the_first_cancel_refunds_and_every_later_one_is_refused() {
    let (_server, client, sandbox) = play("double-cancel-refused");
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(7));
    assert_eq!(client.cancel(&id).refund(), "0.05");

    for _ in 0..2 {
        let again = client.cancel(&id);
        // A client that takes every reply to cancelNumber for a success finds no refund_amount.
        assert_eq!((again.status, again.refund().as_str()), (409, ""));
        assert_eq!((again.code(), again.retry_after), ("ALREADY_CANCELLED", None));
        assert!(again.message().contains("2026-01-01T00:00:07Z"), "{}", again.message());
    }
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.05");
    assert_eq!(client.get_numbers().available("US"), 5_000, "back once, not three times");

    sandbox.clock().advance(seconds(1_193));
    assert_eq!(client.cancel(&id).code(), "ALREADY_CANCELLED", "not expired: it ended before");
    sandbox.clock().advance(seconds(24 * 3_600 - 1_194));
    assert_eq!(client.poll(&id).status, 200, "24 h count from the cancel");
    sandbox.clock().advance(seconds(1));
    assert_eq!(client.cancel(&id).code(), "RENTAL_NOT_FOUND");
}

#[test]
fn a_rental_that_nobody_cancels_expires_and_was_sold_by_its_sms() {
    let (_server, client, sandbox) = play("double-cancel-refused");
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(1_200));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.00");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_cancels_again_to_be_sure_and_books_each_time_books_a_double_refund() {
    let (_server, client, sandbox) = play("double-cancel-refused");
    let price = price(&client, "US");
    let id = client.rent("US").rental_id();
    let mut booked = Money::ZERO;
    for code in ["", "ALREADY_CANCELLED"] {
        // It looks at no reply: whatever a cancel is answered, the rental is over.
        assert_eq!(client.cancel(&id).code(), code);
        booked = booked + price;
    }
    let paid = sandbox.rentals().refunded();
    assert_eq!((booked.to_string(), paid.to_string()), ("0.10".to_owned(), "0.05".to_owned()));
}

#[test]
fn a_client_that_expects_a_refund_amount_in_every_reply_crashes_when_it_cancels_again() {
    let (_server, client, _sandbox) = play("double-cancel-refused");
    let id = client.rent("US").rental_id();
    let told = |client: &Client| client.cancel(&id).json["refund_amount"].as_f64().unwrap();
    assert_eq!(told(&client), 0.05);
    assert!(catch_unwind(AssertUnwindSafe(|| told(&client))).is_err());
}

#[test]
fn a_careful_client_books_the_first_reply_and_takes_the_second_for_what_it_is() {
    let (_server, client, sandbox) = play_carefully("double-cancel-refused");
    let mut client = client.patience(4);
    let mut outcome = client.verify(&["US"], "telegram");
    assert_eq!((outcome.code, outcome.ledger.refunded().to_string()), (None, "0.05".to_owned()));

    let rental = outcome.rental.expect("it rented");
    client.give_back(&rental, &mut outcome.inbox);
    let refused =
        sandbox.journal().entries().into_iter().filter(|entry| entry.status == Some(409)).count();
    assert_eq!(refused, 1);
    let mut client = client.patience(60);
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("double-cancel-refused", &outcome, &sandbox);
    assert_eq!(outcome.ledger.refunded().to_string(), "0.05", "that of the first rental, once");
}

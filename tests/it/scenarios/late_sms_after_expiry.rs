use ringer::scenario::{Money, Timestamp, seconds};

use super::naive::{poll_for, price};
use super::{assert_comes_through, charged, expected_codes, play, play_carefully};

#[test]
fn the_sms_comes_5_seconds_after_the_refund_and_is_shown_without_being_charged() {
    let (_server, client, sandbox) = play("late-sms-after-expiry");
    let id = client.rent("AU").rental_id();
    sandbox.clock().advance(seconds(1_199));
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("AU")), (1, 399));
    sandbox.clock().advance(seconds(1));
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("AU")), (0, 400));
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.12");
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");

    sandbox.clock().advance(seconds(4));
    // A client that stops polling at expires_at never sees the code.
    assert!(client.poll(&id).texts().is_empty(), "at 1204 s");
    sandbox.clock().advance(seconds(1));
    let polled = client.poll(&id);
    assert_eq!(polled.json["messages"][0]["received_at"], "2026-01-01T00:20:05Z");
    assert!(polled.texts()[0].contains(&expected_codes(&sandbox)[0]));

    // A client that books the price again with every new SMS is 0.12 off.
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.12", "the refund stands");
    assert_eq!(client.get_numbers().available("AU"), 400, "and the number stays in stock");
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");

    sandbox.clock().advance(seconds(24 * 3_600 - 6));
    assert_eq!(client.poll(&id).text, polled.text, "kept for 24 h from the end, not the SMS");
    sandbox.clock().advance(seconds(1));
    assert_eq!(client.poll(&id).code(), "RENTAL_NOT_FOUND");
}

#[test]
fn a_number_rented_anew_by_then_does_not_show_the_sms_of_the_rental_before() {
    let (_server, client, sandbox) = play("late-sms-after-expiry");
    let before = client.rent("AU").rental_id();
    sandbox.clock().advance(seconds(1_200));
    let after = client.rent("AU").rental_id();
    sandbox.clock().advance(seconds(5));
    assert_eq!(client.poll(&before).texts().len(), 1);
    assert!(client.poll(&after).texts().is_empty());
}

#[test]
fn a_client_that_ignores_what_comes_after_expires_at_has_no_code() {
    let (_server, client, sandbox) = play("late-sms-after-expiry");
    let rented = client.rent("AU");
    let expires_at = Timestamp::at(rented.json["expires_at"].as_str().expect("a time"));
    let mut texts = Vec::new();
    while texts.is_empty() && sandbox.clock().now() <= expires_at {
        texts = client.poll(&rented.rental_id()).texts();
        sandbox.clock().advance(seconds(4));
    }
    sandbox.clock().advance(seconds(60));
    assert!(texts.is_empty());
    assert_eq!(expected_codes(&sandbox).len(), 1, "and one was sent");
}

#[test]
fn a_client_that_charges_for_every_sms_believes_that_the_late_one_costs_something() {
    let (_server, client, sandbox) = play("late-sms-after-expiry");
    let price = price(&client, "AU");
    let id = client.rent("AU").rental_id();
    let booked: Money = match poll_for(&client, &sandbox, &id, 1_260)[..] {
        [] => Money::ZERO,
        [..] => price,
    };
    let (_, charged) = charged("late-sms-after-expiry", &sandbox);
    assert_eq!(
        (booked.to_string(), charged - sandbox.rentals().refunded()),
        ("0.12".to_owned(), Money::ZERO)
    );
}

#[test]
fn a_careful_client_reads_on_for_a_minute_and_books_the_expiry_as_a_refund() {
    let (_server, mut client, sandbox) = play_carefully("late-sms-after-expiry");
    let outcome = client.verify(&["AU"], "telegram");
    assert_comes_through("late-sms-after-expiry", &outcome, &sandbox);
    assert_eq!(outcome.ledger.refunded(), outcome.ledger.charged(), "a code for nothing");
}

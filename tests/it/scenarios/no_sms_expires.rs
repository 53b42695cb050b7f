use ringer::Server;
use ringer::scenario::{Clock, Money, seconds};

use super::naive::{poll_for, refund};
use super::{assert_books_agree, assert_kept_for_24_hours, play, play_carefully};
use crate::careful::ledger::Fate;
use crate::support::{Client, start};

#[test]
fn the_price_comes_back_at_the_second_of_the_expiry_without_being_asked_for() {
    let (_server, client, sandbox) = play("no-sms-expires");
    let id = client.rent("SE").rental_id();
    assert_eq!(client.get_numbers().available("SE"), 59);

    sandbox.clock().advance(seconds(1_199));
    assert!(client.poll(&id).texts().is_empty());
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.00", "still live, still paid for");
    assert_eq!(client.get_numbers().available("SE"), 59);

    sandbox.clock().advance(seconds(1));
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.10");
    assert_eq!(client.get_numbers().available("SE"), 60, "the number is back in stock");

    let cancelled = client.cancel(&id);
    assert_eq!((cancelled.status, cancelled.code()), (410, "RENTAL_EXPIRED"));
    // A client that books a refund only from a reply to cancelNumber books nothing here.
    assert_eq!(cancelled.refund(), "", "the refund is not told, and not paid twice");
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.10");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_only_polls_meets_the_expiry_at_its_twentieth_poll_of_a_minute() {
    let per_minute = Server::builder().scenario("no-sms-expires");
    let server = start(per_minute.clock(Clock::per_poll(seconds(60))));
    let client = Client::new(&server, "ci");
    let id = client.rent("SE").rental_id();
    for _ in 0..19 {
        assert!(client.poll(&id).texts().is_empty());
    }
    assert_eq!(client.get_numbers().available("SE"), 59);
    assert!(client.poll(&id).texts().is_empty());
    assert_eq!(client.get_numbers().available("SE"), 60);
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
}

#[test]
fn a_client_that_books_only_what_a_cancel_pays_back_loses_every_refund() {
    let (_server, client, sandbox) = play("no-sms-expires");
    let mut booked = Money::ZERO;
    for _ in 0..3 {
        let id = client.rent("SE").rental_id();
        assert!(poll_for(&client, &sandbox, &id, 1_200).is_empty());
        booked = booked + refund(&client.cancel(&id));
    }
    assert_eq!(
        (booked.to_string(), sandbox.rentals().refunded().to_string()),
        ("0.00".into(), "0.30".into())
    );
}

#[test]
fn a_careful_client_books_the_refund_of_which_nobody_told_it() {
    let (_server, mut client, sandbox) = play_carefully("no-sms-expires");
    let outcome = client.verify(&["SE"], "telegram");
    assert_eq!((outcome.code, outcome.ledger.count(Fate::Ended)), (None, 1));
    assert_eq!(outcome.ledger.refunded().to_string(), "0.10");
    assert_books_agree("no-sms-expires", &outcome.ledger, &sandbox);
}

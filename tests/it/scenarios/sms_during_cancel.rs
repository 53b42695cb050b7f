use ringer::scenario::{Money, seconds};

use super::naive::{poll_for, price};
use super::{
    assert_comes_through, assert_kept_for_24_hours, charged, expected_codes, play, play_carefully,
};
use crate::careful::ledger::Fate;

#[test]
fn the_first_cancel_is_refused_since_an_sms_landed_at_its_very_moment() {
    let (_server, client, sandbox) = play("sms-during-cancel");
    let (id, left_alone) = (client.rent("US").rental_id(), client.rent("US").rental_id());
    sandbox.clock().advance(seconds(30));
    assert!(client.poll(&id).texts().is_empty(), "none comes by itself");

    let refused = client.cancel(&id);
    assert_eq!((refused.status, refused.code()), (409, "SMS_ALREADY_RECEIVED"));
    assert_eq!(refused.retry_after, None, "waiting does not mend it");
    let polled = client.poll(&id);
    assert_eq!(polled.json["messages"][0]["received_at"], "2026-01-01T00:00:30Z");
    assert!(polled.texts()[0].contains(&expected_codes(&sandbox)[0]));
    for _ in 0..2 {
        assert_eq!(client.cancel(&id).code(), "SMS_ALREADY_RECEIVED", "again and again");
    }
    assert_eq!(client.poll(&id).text, polled.text, "and only one SMS");
    assert!(client.poll(&left_alone).texts().is_empty(), "the other rental has no part in it");
    assert_eq!((sandbox.rentals().live(), sandbox.rentals().refunded()), (2, Money::ZERO));

    sandbox.clock().advance(seconds(1_200 - 30));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(
        sandbox.rentals().refunded().to_string(),
        "0.05",
        "only what was left alone comes back"
    );
    assert_eq!(client.get_numbers().available("US"), 4_999, "and one is sold");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_books_the_refund_it_asked_for_is_short_of_it_and_of_the_code() {
    let (_server, client, sandbox) = play("sms-during-cancel");
    let price = price(&client, "US");
    let id = client.rent("US").rental_id();
    assert!(poll_for(&client, &sandbox, &id, 60).is_empty());
    // It has called cancelNumber, so that is that.
    client.cancel(&id);
    let credited = price;

    let (_, charged) = charged("sms-during-cancel", &sandbox);
    let net = (charged - credited, charged - sandbox.rentals().refunded());
    assert_eq!(net, (Money::ZERO, price), "it believes to have paid nothing");
    assert_eq!(expected_codes(&sandbox).len(), 1, "and never reads the code it paid for");
    assert_eq!(sandbox.rentals().live(), 1);
}

#[test]
fn a_careful_client_takes_the_refusal_for_news_of_an_sms_and_reads_it() {
    let (_server, client, sandbox) = play_carefully("sms-during-cancel");
    let outcome = client.patience(30).verify(&["US"], "telegram");
    assert_comes_through("sms-during-cancel", &outcome, &sandbox);
    assert_eq!(outcome.ledger.refunded(), Money::ZERO);
    assert_eq!(outcome.ledger.count(Fate::Sold), 1);
}

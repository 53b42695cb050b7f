use ringer::scenario::{Money, seconds};

use super::naive::{first_digits, poll_for};
use super::{
    assert_comes_through, assert_kept_for_24_hours, charged, expected_codes, play, play_carefully,
};

#[test]
fn the_first_sms_is_a_decoy_so_a_client_that_takes_the_first_has_no_code() {
    let (_server, client, sandbox) = play("two-sms-second-good");
    let id = client.rent_for("CA", "discord").rental_id();

    sandbox.clock().advance(seconds(5));
    assert!(client.poll(&id).texts().is_empty());
    sandbox.clock().advance(seconds(1));
    let decoy = client.poll(&id).texts();
    assert_eq!(decoy.len(), 1);
    assert!(!decoy[0].contains(|c: char| c.is_ascii_digit()), "no code to be found: {decoy:?}");
    assert_eq!(expected_codes(&sandbox), [""]);
    assert_eq!(client.cancel(&client.rent("CA").rental_id()).refund(), "0.05");

    sandbox.clock().advance(seconds(7));
    assert_eq!(client.poll(&id).texts(), decoy, "at 13 s");
    sandbox.clock().advance(seconds(1));
    let polled = client.poll(&id);
    let times = [0, 1].map(|index| polled.json["messages"][index]["received_at"].clone());
    assert_eq!(times, ["2026-01-01T00:00:06Z", "2026-01-01T00:00:14Z"], "oldest first");
    let code = &expected_codes(&sandbox)[1];
    assert!(!polled.texts()[0].contains(code), "the client that takes the first");
    assert!(polled.texts()[1].contains(code), "the client that looks for a code");

    sandbox.clock().advance(seconds(1_186));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("CA"), 899);
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn the_decoy_is_an_sms_too_so_a_cancel_after_it_pays_nothing_back() {
    let (_server, client, sandbox) = play("two-sms-second-good");
    let id = client.rent("CA").rental_id();
    sandbox.clock().advance(seconds(6));
    assert_eq!(client.cancel(&id).refund(), "0.00");
    sandbox.clock().advance(seconds(8));
    assert_eq!(client.poll(&id).texts().len(), 1, "and the code is lost with the number");
}

#[test]
fn a_client_that_takes_the_first_sms_pays_for_a_code_that_it_does_not_get() {
    let (_server, client, sandbox) = play("two-sms-second-good");
    let id = client.rent("CA").rental_id();
    let text = poll_for(&client, &sandbox, &id, 60).remove(0);
    assert_eq!(first_digits(&text), "", "{text}");
    client.cancel(&id);
    let (_, charged) = charged("two-sms-second-good", &sandbox);
    assert_eq!(
        (charged.to_string(), sandbox.rentals().refunded()),
        ("0.05".to_owned(), Money::ZERO)
    );
}

#[test]
fn a_careful_client_reads_on_and_remembers_the_first() {
    let (_server, mut client, sandbox) = play_carefully("two-sms-second-good");
    let outcome = client.verify(&["CA"], "discord");
    assert_comes_through("two-sms-second-good", &outcome, &sandbox);
    assert_eq!(outcome.inbox.decoys(), [sandbox.rentals().messages()[0].text.clone()]);
}

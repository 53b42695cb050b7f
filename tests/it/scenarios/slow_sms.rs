use ringer::scenario::seconds;

use super::naive::poll_for;
use super::{
    assert_comes_through, assert_kept_for_24_hours, charged, expected_codes, play, play_carefully,
};

#[test]
fn a_client_that_waits_a_minute_has_no_code_and_one_that_waits_95_seconds_has_it() {
    let (_server, client, sandbox) = play("slow-sms");
    let id = client.rent_for("DE", "whatsapp").rental_id();

    sandbox.clock().advance(seconds(60));
    assert!(client.poll(&id).texts().is_empty(), "a client that gives up now has no code");
    sandbox.clock().advance(seconds(34));
    assert!(client.poll(&id).texts().is_empty());
    sandbox.clock().advance(seconds(1));
    let polled = client.poll(&id);
    assert_eq!(polled.json["messages"][0]["received_at"], "2026-01-01T00:01:35Z");
    assert_eq!(polled.json["messages"][0]["sender"], "WhatsApp");
    assert!(polled.texts()[0].contains(&expected_codes(&sandbox)[0]));

    sandbox.clock().advance(seconds(1_200 - 95));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("DE"), 1_499, "sold");
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.00");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_gives_up_and_cancels_is_refunded_and_the_sms_never_comes() {
    let (_server, client, sandbox) = play("slow-sms");
    let id = client.rent("DE").rental_id();
    sandbox.clock().advance(seconds(94));
    assert_eq!(client.cancel(&id).refund(), "0.08");
    sandbox.clock().advance(seconds(1));
    assert!(client.poll(&id).texts().is_empty());
    assert!(sandbox.rentals().messages().is_empty());
}

#[test]
fn a_client_that_waits_a_minute_and_forgets_the_rental_pays_for_a_code_that_it_never_reads() {
    let (_server, client, sandbox) = play("slow-sms");
    let id = client.rent("DE").rental_id();
    assert!(poll_for(&client, &sandbox, &id, 60).is_empty());
    sandbox.clock().advance(seconds(1_140));
    assert_eq!(expected_codes(&sandbox).len(), 1);
    let (_, charged) = charged("slow-sms", &sandbox);
    let (charged, refunded) = (charged.to_string(), sandbox.rentals().refunded().to_string());
    assert_eq!((charged.as_str(), refunded.as_str()), ("0.08", "0.00"));
}

#[test]
fn a_careful_client_is_more_patient() {
    let (_server, mut client, sandbox) = play_carefully("slow-sms");
    let start = sandbox.clock().now();
    let outcome = client.verify(&["DE"], "whatsapp");
    assert_comes_through("slow-sms", &outcome, &sandbox);
    let waited = sandbox.clock().now().since(start);
    assert!((seconds(95)..seconds(100)).contains(&waited), "and no longer than needed: {waited}");
}

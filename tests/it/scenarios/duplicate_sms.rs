use ringer::scenario::seconds;

use super::naive::first_digits;
use super::{assert_comes_through, assert_kept_for_24_hours, expected_codes, play, play_carefully};

#[test]
fn the_same_sms_is_shown_twice_so_a_client_that_counts_messages_uses_one_code_twice() {
    let (_server, client, sandbox) = play("duplicate-sms");
    let id = client.rent_for("IE", "uber").rental_id();

    sandbox.clock().advance(seconds(7));
    assert!(client.poll(&id).texts().is_empty());
    sandbox.clock().advance(seconds(1));
    let seen = client.poll(&id).texts().len();
    assert_eq!(seen, 1);
    sandbox.clock().advance(seconds(1));
    let polled = client.poll(&id);
    let messages = polled.json["messages"].as_array().expect("a list");
    assert_eq!(messages.len(), 2, "at 9 s");
    assert_eq!(messages[0], messages[1], "sender, text and received_at");
    assert_eq!(messages[1]["received_at"], "2026-01-01T00:00:08Z");
    let codes = expected_codes(&sandbox);
    // A client that processes everything beyond what it has seen processes this code again.
    assert_eq!(codes[seen..], codes[..seen]);
    assert!(polled.texts()[1].contains(&codes[0]));

    sandbox.clock().advance(seconds(1_191));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("IE"), 249, "two deliveries, one sale");
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.00");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_processes_every_line_it_has_not_seen_yet_uses_the_code_twice() {
    let (_server, client, sandbox) = play("duplicate-sms");
    let id = client.rent_for("IE", "uber").rental_id();
    let mut used = Vec::new();
    for _ in 0..10 {
        let texts = client.poll(&id).texts();
        used.extend(texts.iter().skip(used.len()).map(|text| first_digits(text).to_owned()));
        sandbox.clock().advance(seconds(2));
    }
    let code = expected_codes(&sandbox).remove(0);
    assert_eq!(used, [code.clone(), code], "one SMS was sent, and two sign-ins were tried");
}

#[test]
fn a_careful_client_uses_it_once() {
    let (_server, client, sandbox) = play_carefully("duplicate-sms");
    let outcome = client.linger(30).verify(&["IE"], "uber");
    assert_comes_through("duplicate-sms", &outcome, &sandbox);
    assert_eq!(sandbox.rentals().messages().len(), 2);
    assert_eq!(outcome.inbox.codes(), expected_codes(&sandbox)[..1]);
}

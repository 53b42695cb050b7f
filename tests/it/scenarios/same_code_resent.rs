use std::collections::HashSet;

use ringer::scenario::seconds;

use super::{assert_comes_through, assert_kept_for_24_hours, expected_codes, play, play_carefully};

#[test]
fn the_second_sms_says_the_same_at_another_time_so_a_client_that_dedups_by_text_misses_it() {
    let (_server, client, sandbox) = play("same-code-resent");
    let id = client.rent_for("US", "signal").rental_id();

    sandbox.clock().advance(seconds(7));
    assert!(client.poll(&id).texts().is_empty());
    sandbox.clock().advance(seconds(1));
    assert_eq!(client.poll(&id).texts().len(), 1);
    sandbox.clock().advance(seconds(31));
    assert_eq!(client.poll(&id).texts().len(), 1, "at 39 s");
    sandbox.clock().advance(seconds(1));
    let polled = client.poll(&id);
    let messages = polled.json["messages"].as_array().expect("a list");
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["received_at"], "2026-01-01T00:00:08Z");
    assert_eq!(messages[1]["received_at"], "2026-01-01T00:00:40Z");

    let codes = expected_codes(&sandbox);
    assert_eq!(codes[0], codes[1]);
    assert_eq!(polled.texts()[0], format!("Your Signal code is {}.", codes[0]));
    let by_text: HashSet<String> = polled.texts().into_iter().collect();
    assert_eq!(by_text.len(), 1, "a client that dedups by text sees one SMS and waits on");
    let whole: HashSet<String> = messages.iter().map(ToString::to_string).collect();
    assert_eq!(whole.len(), 2, "one that looks at the whole SMS sees both");

    sandbox.clock().advance(seconds(1_160));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("US"), 4_999, "two SMS, one sale");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_knows_messages_apart_by_their_text_has_nothing_for_the_user_who_asked_again() {
    let (_server, client, sandbox) = play("same-code-resent");
    let id = client.rent_for("US", "signal").rental_id();
    let mut seen = HashSet::new();
    let mut delivered = 0;
    for _ in 0..100 {
        delivered +=
            client.poll(&id).texts().into_iter().filter(|t| seen.insert(t.clone())).count();
        sandbox.clock().advance(seconds(2));
    }
    assert_eq!((delivered, expected_codes(&sandbox).len()), (1, 2));
}

#[test]
fn a_careful_client_delivers_both() {
    let (_server, client, sandbox) = play_carefully("same-code-resent");
    let outcome = client.linger(60).verify(&["US"], "signal");
    assert_comes_through("same-code-resent", &outcome, &sandbox);
    assert_eq!(outcome.inbox.codes(), expected_codes(&sandbox));
    assert_eq!(outcome.inbox.codes().len(), 2);
}

use ringer::scenario::seconds;

use super::naive::{first_digits, poll_for};
use super::{assert_comes_through, assert_kept_for_24_hours, expected_codes, play, play_carefully};

/// When each message of a getSMS reply was received, in the order of the list.
fn dates(reply: &crate::support::Reply) -> Vec<&str> {
    let messages = reply.json["messages"].as_array().expect("a list");
    messages.iter().map(|sms| sms["received_at"].as_str().expect("a time")).collect()
}

#[test]
fn the_code_comes_after_8_seconds_and_an_older_sms_after_14_stands_behind_it() {
    let (_server, client, sandbox) = play("out-of-order");
    let id = client.rent_for("US", "telegram").rental_id();
    sandbox.clock().advance(seconds(7));
    assert!(client.poll(&id).texts().is_empty());
    sandbox.clock().advance(seconds(1));
    assert_eq!(dates(&client.poll(&id)), ["2026-01-01T00:00:08Z"]);
    let code = expected_codes(&sandbox).remove(0);
    assert!(client.poll(&id).texts()[0].contains(&code));

    sandbox.clock().advance(seconds(5));
    assert_eq!(client.poll(&id).texts().len(), 1);
    sandbox.clock().advance(seconds(1));
    let polled = client.poll(&id);
    assert_eq!(dates(&polled), ["2026-01-01T00:00:08Z", "2026-01-01T00:00:04Z"], "newest first");
    assert!(polled.texts()[0].contains(&code));
    assert!(polled.texts()[1].starts_with("Old code: "));
    assert!(!polled.texts()[1].contains(&code));
    assert_eq!(expected_codes(&sandbox), [String::new(), code], "oldest first, one is right");

    sandbox.clock().advance(seconds(1_200 - 14));
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_takes_the_last_of_the_list_enters_the_old_code() {
    let (_server, client, sandbox) = play("out-of-order");
    let id = client.rent("US").rental_id();
    // Its user asks for the code a little late.
    sandbox.clock().advance(seconds(15));
    let texts = client.poll(&id).texts();
    let taken = first_digits(texts.last().expect("there are two"));
    let [_, right] = &expected_codes(&sandbox)[..] else { panic!("two messages") };
    assert_eq!(taken.len(), 6, "it looks like a code");
    assert_ne!(taken, right);
}

#[test]
fn a_client_that_takes_what_is_added_at_the_end_for_new_replaces_the_code_by_the_old_one() {
    let (_server, client, sandbox) = play("out-of-order");
    let id = client.rent("US").rental_id();
    let mut seen = poll_for(&client, &sandbox, &id, 60).len();
    let right = expected_codes(&sandbox).remove(0);
    let mut current = right.clone();
    for _ in 0..5 {
        sandbox.clock().advance(seconds(2));
        let texts = client.poll(&id).texts();
        for new in &texts[seen..] {
            current = first_digits(new).to_owned();
        }
        seen = texts.len();
    }
    assert_eq!(seen, 2);
    assert_ne!(current, right, "it had the right one, and has given it up");
}

#[test]
fn a_careful_client_goes_by_the_date_whatever_comes_in_which_order() {
    let (_server, client, sandbox) = play_carefully("out-of-order");
    let outcome = client.linger(12).verify(&["US"], "telegram");
    assert_comes_through("out-of-order", &outcome, &sandbox);
    assert_eq!(outcome.inbox.messages.len(), 2, "it has seen the old one too");
}

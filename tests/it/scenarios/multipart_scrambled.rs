use ringer::scenario::seconds;

use super::{assert_comes_through, assert_kept_for_24_hours, expected_codes, play, play_carefully};

/// What a client does that knows of parts: it sorts them by their mark and takes the mark off.
fn in_order(mut parts: Vec<String>) -> String {
    parts.sort();
    parts.iter().map(|part| &part["(1/3) ".len()..]).collect()
}

#[test]
fn the_parts_arrive_as_2_1_3_and_only_their_marks_tell_the_order_of_the_code() {
    let (_server, client, sandbox) = play("multipart-scrambled");
    let id = client.rent_for("US", "google").rental_id();

    let mut arrived = Vec::new();
    for (step, mark) in [(8, "(2/3)"), (1, "(1/3)"), (1, "(3/3)")] {
        sandbox.clock().advance(seconds(step - 1));
        assert_eq!(client.poll(&id).texts(), arrived, "a second before {mark}");
        sandbox.clock().advance(seconds(1));
        arrived = client.poll(&id).texts();
        assert!(arrived.last().expect("a part").starts_with(mark), "{mark} in {arrived:?}");
    }
    let polled = client.poll(&id);
    for index in 0..3 {
        let received_at = &polled.json["messages"][index]["received_at"];
        assert_eq!(received_at, "2026-01-01T00:00:08Z", "part {index}: one time for all");
    }

    let codes = expected_codes(&sandbox);
    let code = &codes[0];
    assert_eq!(codes, [code, code, ""], "each part that carries some of it knows all of it");
    assert!(!arrived.iter().any(|part| part.contains(code)), "no part carries all of it");
    let by_arrival: String = arrived.iter().map(|part| &part["(1/3) ".len()..]).collect();
    assert!(!by_arrival.contains(code), "the client that joins by arrival: {by_arrival}");
    let joined = in_order(arrived);
    assert!(joined.starts_with(&format!("Your Google code is {code}.")), "{joined}");

    sandbox.clock().advance(seconds(1_190));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("US"), 4_999, "three parts, one sale");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_joins_the_parts_as_they_arrive_has_a_wrong_code() {
    let (_server, client, sandbox) = play("multipart-scrambled");
    let id = client.rent_for("US", "google").rental_id();
    sandbox.clock().advance(seconds(10));
    let texts = client.poll(&id).texts();
    let joined: String = texts.iter().map(|part| &part["(1/3) ".len()..]).collect();
    let digits: String = joined.chars().filter(char::is_ascii_digit).collect();
    let code = expected_codes(&sandbox).remove(0);
    assert_eq!(digits.len(), code.len(), "it has all the digits, and in the wrong order");
    assert_eq!(digits, format!("{}{}", &code[3..], &code[..3]));
    assert_ne!(digits, code);
}

#[test]
fn a_careful_client_waits_for_all_parts_and_sorts_them() {
    let (_server, mut client, sandbox) = play_carefully("multipart-scrambled");
    let outcome = client.verify(&["US"], "google");
    assert_comes_through("multipart-scrambled", &outcome, &sandbox);
    let (read, codes) = (outcome.inbox.messages.len(), outcome.inbox.codes().len());
    assert!(read >= 2 && codes == 1, "{read} parts of one SMS");
}

use ringer::scenario::seconds;

use super::{assert_kept_for_24_hours, expected_codes, play};

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
        sandbox.advance(seconds(step - 1));
        assert_eq!(client.poll(&id).texts(), arrived, "a second before {mark}");
        sandbox.advance(seconds(1));
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

    sandbox.advance(seconds(1_190));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("US"), 4_999, "three parts, one sale");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

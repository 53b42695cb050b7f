use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use ringer::scenario::{Money, Timestamp, millis, seconds};

use super::socket::Socket;
use super::{assert_comes_through, charged, expected_codes, play, play_carefully};

#[test]
fn times_are_90_seconds_ahead_and_written_in_three_styles_in_turn() {
    let (server, client, sandbox) = play("time-chaos");
    let rented = [(); 4].map(|()| client.rent("US"));
    let expires_at = rented.clone().map(|r| r.json["expires_at"].as_str().map(str::to_owned));
    assert_eq!(
        expires_at.map(Option::unwrap_or_default),
        [
            "2026-01-01T00:21:30",
            "2026-01-01T02:21:30+02:00",
            "2026-01-01T00:21:30.000000000Z",
            "2026-01-01T00:21:30",
        ]
    );
    let id = rented[0].rental_id();
    assert!(client.poll(&id).texts().is_empty(), "the first of its polls");
    sandbox.clock().advance(seconds(7));
    assert!(client.poll(&id).texts().is_empty(), "the clock itself is right: no SMS before 8 s");
    sandbox.clock().advance(seconds(1));
    let received_at = [(); 3].map(|()| client.poll(&id).json["messages"][0]["received_at"].clone());
    assert_eq!(
        received_at,
        ["2026-01-01T00:01:38.000000000Z", "2026-01-01T00:01:38", "2026-01-01T02:01:38+02:00"],
        "from its third poll on"
    );
    let heard = Socket::new(&server, "ci").get("/getNumbers", "");
    assert_eq!(heard.header("date"), Some("Thu, 01 Jan 2026 00:01:38 GMT"), "it shows the same");

    let ids = rented.map(|rented| rented.rental_id());
    sandbox.clock().advance(seconds(1_191));
    assert_eq!(client.cancel(&ids[1]).status, 200, "lived for 1199 s");
    sandbox.clock().advance(seconds(1));
    assert_eq!(client.cancel(&ids[2]).code(), "RENTAL_EXPIRED", "at 1200 s, not at 1290");
}

#[test]
fn a_client_that_takes_a_time_without_a_zone_for_its_own_believes_the_rental_over_at_once() {
    let (_server, client, sandbox) = play("time-chaos");
    let rented = client.rent("US");
    let at_home = TimeZone::fixed(Offset::constant(2));
    let naive: DateTime = rented.json["expires_at"].as_str().expect("a text").parse().expect("one");
    let expires_at = naive.to_zoned(at_home).expect("a moment").timestamp();
    let expires_at = Timestamp::from_unix_millis(expires_at.as_millisecond());

    let mut texts = Vec::new();
    while texts.is_empty() && sandbox.clock().now() < expires_at {
        texts = client.poll(&rented.rental_id()).texts();
        sandbox.clock().advance(seconds(2));
    }
    assert_eq!(
        sandbox.clock().now(),
        Timestamp::at("2026-01-01T00:00:00Z"),
        "it has not even polled once"
    );
    assert_leaked(&sandbox);
}

#[test]
fn a_client_that_drops_messages_from_the_future_of_its_own_clock_has_no_code() {
    let (_server, client, sandbox) = play("time-chaos");
    let id = client.rent("US").rental_id();
    for _ in 0..20 {
        let polled = client.poll(&id);
        let messages = polled.json["messages"].as_array().expect("a list");
        let plausible = messages.iter().filter(|sms| {
            let received_at = sms["received_at"].as_str().expect("a text");
            received_at.parse().is_ok_and(|at: Timestamp| at <= sandbox.clock().now())
        });
        assert_eq!(plausible.count(), 0, "nothing that it believes");
        sandbox.clock().advance(seconds(2));
    }
    assert_leaked(&sandbox);
}

#[test]
fn a_client_that_knows_only_the_documented_format_cannot_read_the_rental() {
    let (_server, client, sandbox) = play("time-chaos");
    let documented = |text: &str| text.len() == 20 && text.ends_with('Z');
    let rented = client.rent("US");
    assert!(!rented.json["expires_at"].as_str().is_some_and(documented));
    assert_leaked(&sandbox);
}

#[test]
fn a_client_that_cancels_half_a_minute_before_the_end_by_its_own_clock_comes_too_late() {
    let (_server, client, sandbox) = play("time-chaos");
    let [_naive, _offset, rented] = [(); 3].map(|()| client.rent("US"));
    let expires_at: Timestamp =
        rented.json["expires_at"].as_str().expect("a text").parse().expect("nanoseconds and all");
    let left = expires_at.since(sandbox.clock().now());
    assert_eq!(left, seconds(1_290), "it has 1200");
    sandbox.clock().advance(millis(left.as_millis() - 30_000));
    assert_eq!(client.cancel(&rented.rental_id()).code(), "RENTAL_EXPIRED");
}

/// It has paid for a code that it never reads, and the rental lives on.
fn assert_leaked(sandbox: &ringer::Sandbox) {
    sandbox.clock().advance_to(Timestamp::at("2026-01-01T00:19:59Z")).expect("it is ahead");
    let (_, charged) = charged("time-chaos", sandbox);
    assert_eq!((charged.to_string().as_str(), sandbox.rentals().refunded()), ("0.05", Money::ZERO));
    assert_eq!((sandbox.rentals().live(), expected_codes(sandbox).len()), (1, 1));
}

#[test]
fn a_careful_client_compares_the_partners_times_with_each_other_only() {
    let (_server, mut client, sandbox) = play_carefully("time-chaos");
    for expires_at in ["2026-01-01T00:21:30Z", "2026-01-01T00:21:38Z", "2026-01-01T00:21:46Z"] {
        let outcome = client.verify(&["US"], "telegram");
        assert_comes_through("time-chaos", &outcome, &sandbox);
        let rental = outcome.rental.expect("a rental");
        let seconds = Timestamp::at(expires_at).as_unix_millis() / 1_000;
        assert_eq!(rental.expires_at, Some(seconds), "whatever the style");
        assert_eq!(outcome.inbox.messages.len(), 1, "and one SMS is one, whatever its style");
    }
}

use ringer::scenario::Endpoint;
use ringer::scenario::ErrorCode;
use ringer::scenario::{Scenario, Timestamp, millis, seconds, sms, steps};

use super::socket::Socket;
use super::{assert_comes_through, expected_codes, play, play_carefully, play_with_care};
use crate::support::frozen;

/// When the client polled, in seconds of virtual time, and whether it was refused.
fn polls(sandbox: &ringer::Sandbox) -> Vec<(u64, bool)> {
    let start = Timestamp::at("2026-01-01T00:00:00Z");
    let entries =
        sandbox.journal().entries().into_iter().filter(|e| e.endpoint == Some(Endpoint::GetSms));
    let limited = Some(ErrorCode::RateLimited);
    entries.map(|e| (e.at.since(start).as_millis() / 1_000, e.code == limited)).collect()
}

#[test]
fn a_second_poll_within_2_seconds_is_429_told_in_seconds_then_as_a_date_then_not_at_all() {
    let (server, client, sandbox) = play("rate-limited");
    let socket = Socket::new(&server, "ci");
    let (id, other) = (client.rent("US").rental_id(), client.rent("US").rental_id());
    let limited = |id: &str| {
        let heard = socket.poll(id);
        assert_eq!((heard.status(), heard.code().as_str()), (Some(429), "RATE_LIMITED"));
        let told = |name| heard.header(name).map(str::to_owned);
        (told("retry-after"), told("date"))
    };

    assert_eq!(socket.poll(&id).status(), Some(200));
    assert_eq!(limited(&id).0.as_deref(), Some("2"));
    sandbox.clock().advance(millis(1_999));
    let (retry_after, date) = limited(&id);
    assert_eq!(retry_after.as_deref(), Some("Thu, 01 Jan 2026 00:00:02 GMT"));
    assert_eq!(date.as_deref(), Some("Thu, 01 Jan 2026 00:00:01 GMT"), "of the same clock");
    for _ in 0..3 {
        assert_eq!(limited(&id).0, None);
    }
    assert_eq!(socket.poll(&other).status(), Some(200), "each rental has a limit of its own");
    assert_eq!(limited(&other).0, None, "and the forms are told once in the sandbox");

    sandbox.clock().advance(millis(1));
    assert_eq!(socket.poll(&id).status(), Some(200), "2 s after the poll that was taken");
    assert_eq!(limited(&id).0, None);
    assert_eq!(client.rent("US").status, 200, "nothing else is limited");
    assert_eq!(client.get_numbers().status, 200);
    sandbox.clock().advance(seconds(2));
    assert_eq!(socket.poll(&id).status(), Some(200));
    sandbox.clock().advance(seconds(4));
    assert!(socket.poll(&id).body().contains(&expected_codes(&sandbox)[0]), "after 8 s");
}

#[test]
fn the_seconds_that_are_left_are_told_a_started_one_whole() {
    let (_server, client, sandbox) = play("rate-limited");
    let id = client.rent("US").rental_id();
    client.poll(&id);
    sandbox.clock().advance(millis(1_200));
    assert_eq!(client.poll(&id).retry_after, Some(1));
}

#[test]
fn a_client_that_asks_again_at_once_is_refused_for_as_long_as_it_does() {
    let (server, client, sandbox) = play("rate-limited");
    let socket = Socket::new(&server, "ci");
    let id = client.rent("US").rental_id();
    socket.poll(&id);
    let refused = (0..50).take_while(|_| socket.poll(&id).status() == Some(429)).count();
    assert_eq!(refused, 50, "only the limit of this test has ended the loop");
    assert!(expected_codes(&sandbox).is_empty());
}

#[test]
fn a_client_that_reads_retry_after_as_a_number_crashes_at_a_date_and_leaks_the_rental() {
    let (server, client, sandbox) = play("rate-limited");
    let socket = Socket::new(&server, "ci");
    let id = client.rent("US").rental_id();
    let crash = (0..60).find_map(|_| {
        let heard = socket.poll(&id);
        let wait = match heard.header("retry-after") {
            Some(told) if heard.status() == Some(429) => told.parse(),
            _ => Ok(1),
        };
        wait.map(|wait: u64| sandbox.clock().advance(seconds(wait))).err()
    });
    assert_eq!(crash.expect("a crash").to_string(), "invalid digit found in string");
    assert_eq!(polls(&sandbox), [(0, false), (1, true), (2, false), (3, true)]);
    sandbox.clock().advance(seconds(1_190));
    assert_eq!((sandbox.rentals().live(), expected_codes(&sandbox).len()), (1, 1));
}

#[test]
fn a_client_that_takes_no_retry_after_for_no_wait_hammers() {
    let (server, client, sandbox) = play("rate-limited");
    let socket = Socket::new(&server, "ci");
    let id = client.rent("US").rental_id();
    // It knows dates, takes them for 1 s, and polls every second while all is well.
    for _ in 0..60 {
        let heard = socket.poll(&id);
        match (heard.status(), heard.header("retry-after")) {
            (Some(429), None) => {}
            _ => drop(sandbox.clock().advance(seconds(1))),
        }
    }
    let polls = polls(&sandbox);
    let at_once = polls.iter().filter(|poll| **poll == (5, true)).count();
    assert_eq!((polls.len(), at_once), (60, 55), "all at second 5: {polls:?}");
    assert!(expected_codes(&sandbox).is_empty(), "the SMS of second 8 never comes");
}

#[test]
fn a_careful_client_polls_so_seldom_that_it_is_never_limited() {
    let (_server, mut client, sandbox) = play_carefully("rate-limited");
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("rate-limited", &outcome, &sandbox);
    assert_eq!(polls(&sandbox), [(0, false), (4, false), (8, false)]);
}

/// The bundled scenario, with a limit that the careful client runs into: one poll in 30 s.
fn stricter() -> Scenario {
    let all = ringer::bundled_scenarios();
    let bundled = all.into_iter().find(|s| s.name == "rate-limited").expect("it is bundled");
    let json = serde_json::to_string(&bundled).expect("plain data");
    assert_eq!(json.matches(r#""window":"2s""#).count(), 3);
    let stricter = json.replace(r#""window":"2s""#, r#""window":"30s""#);
    let mut stricter: Scenario = serde_json::from_str(&stricter).expect("a scenario");
    stricter.scripts = vec![steps().sms(seconds(100), sms()).into()];
    stricter
}

#[test]
fn a_careful_client_waits_as_told_in_either_form_and_ever_longer_where_it_is_not_told() {
    let (_server, mut client, sandbox) = play_with_care(frozen().scenario(stricter()));
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("rate-limited", &outcome, &sandbox);
    let told_in_seconds = [(0, false), (4, true), (30, false)];
    let told_as_a_date = [(34, true), (60, false)];
    let not_told = [(64, true), (72, true), (88, true), (120, false)];
    let expected = [&told_in_seconds[..], &told_as_a_date, &not_told].concat();
    assert_eq!(polls(&sandbox), expected);
}

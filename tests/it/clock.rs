//! The virtual clock in its four modes.

use proptest::prelude::*;
use ringer::SandboxError;
use ringer::Server;
use ringer::scenario::*;

use crate::support::{Client, frozen, start};

#[test]
fn a_per_poll_clock_moves_with_each_get_sms_and_with_nothing_else() {
    let server = start(Server::builder().clock(Clock::per_poll(seconds(4))));
    let client = Client::new(&server, "ci");
    let id = client.rent("US").rental_id();
    for _ in 0..5 {
        client.get_numbers();
    }
    assert_eq!(client.poll(&id).texts().len(), 0, "at +4 s");
    assert_eq!(client.poll(&id).texts().len(), 1, "at +8 s");
    assert_eq!(client.get("/getSMS?api_key=ci").code(), "INVALID_REQUEST");
    let now = server.sandbox("ci").expect("the key is good").clock().now();
    assert_eq!(now.to_string(), "2026-01-01T00:00:12Z", "a getSMS that is refused is one too");
}

#[test]
fn an_unmodified_client_lives_through_twenty_minutes_in_as_many_polls_as_it_makes() {
    let server = start(Server::builder().clock(Clock::per_poll(minutes(1))));
    let client = Client::new(&server, "ci");
    let id = client.rent("US").rental_id();
    let polls = (1..).find(|_| {
        client.poll(&id);
        client.cancel("rent_1");
        server.sandbox("ci").expect("the key is good").rentals().live() == 0
    });
    assert_eq!(polls, Some(20));
}

#[test]
fn a_frozen_clock_stands_until_it_is_told() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    let id = client.rent("US").rental_id();
    for _ in 0..20 {
        assert_eq!(client.poll(&id).texts().len(), 0);
    }
    let sandbox = server.sandbox("ci").expect("the key is good");
    assert_eq!(sandbox.clock().now().to_string(), "2026-01-01T00:00:00Z");
    sandbox.clock().advance(millis(7_999));
    assert_eq!(client.poll(&id).texts().len(), 0);
    sandbox.clock().advance(millis(1));
    assert_eq!(client.poll(&id).texts().len(), 1);
}

#[test]
fn a_client_can_rent_under_a_scaled_clock() {
    let server = start(Server::builder().clock(Clock::scaled(Rate::default())));
    assert_eq!(Client::new(&server, "ci").rent("US").status, 200);
}

#[test]
fn a_realtime_clock_starts_at_the_real_time_and_can_be_moved_on() {
    let server = start(Server::builder().clock(Clock::realtime()));
    let client = Client::new(&server, "ci");
    let rented = client.rent("US");
    let sandbox = server.sandbox("ci").expect("the key is good");
    assert!(
        sandbox.clock().now() > Timestamp::at("2020-01-01T00:00:00Z"),
        "{}",
        sandbox.clock().now()
    );
    sandbox.clock().advance(seconds(8));
    assert_eq!(client.poll(&rented.rental_id()).texts().len(), 1);
}

#[test]
fn events_happen_each_at_its_own_time_ties_in_the_order_they_were_planned() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    let first = client.rent("US").rental_id();
    let second = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(3));
    let third = client.rent("US").rental_id();
    let told: Vec<String> = sandbox
        .clock()
        .advance(minutes(21))
        .iter()
        .map(|event| serde_json::to_string(event).expect("it is JSON"))
        .collect();
    let line = |at: &str, event: &str, id: &str| {
        format!(r#"{{"at":"2026-01-01T00:{at}Z","event":"{event}","rental_id":"{id}"}}"#)
    };
    let expected = [
        line("00:08", "sms", &first),
        line("00:08", "sms", &second),
        line("00:11", "sms", &third),
        line("20:00", "expiry", &first),
        line("20:00", "expiry", &second),
        line("20:03", "expiry", &third),
    ];
    assert_eq!(told, expected);
}

#[test]
fn the_clock_can_be_moved_to_the_next_event_and_passes_over_what_was_cancelled() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    assert!(sandbox.clock().advance_to_next().is_empty(), "nothing is due");
    let cancelled = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(1));
    let kept = client.rent("US").rental_id();
    client.cancel(&cancelled);
    assert_eq!(sandbox.clock().advance_to_next().len(), 1);
    assert_eq!(sandbox.clock().now().to_string(), "2026-01-01T00:00:09Z");
    assert_eq!(client.poll(&kept).texts().len(), 1);
}

#[test]
fn a_clock_that_changes_its_mode_goes_on_from_where_it_stands() {
    let server = start(frozen());
    let sandbox = server.sandbox("ci").expect("the key is good");
    sandbox.clock().advance(seconds(30));
    sandbox.clock().set(Clock::per_poll(seconds(1))).expect("it is no way back");
    Client::new(&server, "ci").poll("rent_1");
    assert_eq!(sandbox.clock().now().to_string(), "2026-01-01T00:00:31Z");
    sandbox.clock().set(Clock::frozen()).expect("it is no way back");
    assert_eq!(sandbox.clock().now().to_string(), "2026-01-01T00:00:31Z");
}

#[test]
fn a_clock_refuses_a_moment_that_has_passed_and_stays_where_it_is() {
    let server = start(frozen());
    let sandbox = server.sandbox("ci").expect("the key is good");
    sandbox.clock().advance(seconds(100));
    let (moment, now) = (Timestamp::at("2026-01-01T00:00:05Z"), sandbox.clock().now());
    let past = SandboxError::PastMoment { moment, now };
    let clock = Clock::per_poll(seconds(4)).starting_at(moment);
    assert_eq!(sandbox.clock().set(clock), Err(past.clone()));
    assert_eq!(sandbox.clock().advance_to(moment), Err(past.clone()));
    assert_eq!(
        past.to_string(),
        "2026-01-01T00:00:05Z has passed: the clock shows 2026-01-01T00:01:40Z, and it never runs \
         backwards"
    );
    Client::new(&server, "ci").poll("rent_1");
    assert_eq!(sandbox.clock().now(), now, "it is still frozen");
}

#[test]
fn a_flag_sets_the_mode_and_a_scenario_keeps_its_moment() {
    let server =
        start(Server::builder().scenario("documentation").clock(Clock::per_poll(seconds(885))));
    let client = Client::new(&server, "ci");
    let id = client.rent("US").rental_id();
    assert_eq!(client.poll(&id).json["messages"][0]["received_at"], "2023-06-15T15:25:30Z");
}

#[test]
fn clocks_are_read_as_flags_and_as_json_and_what_is_none_is_explained() {
    for (flag, json) in [
        ("realtime", r#"{"mode":"realtime"}"#),
        ("scaled:60", r#"{"mode":"scaled","rate":60.0}"#),
        ("frozen", r#"{"mode":"frozen"}"#),
        ("frozen:2026-02-03T04:05:06Z", r#"{"mode":"frozen","now":"2026-02-03T04:05:06Z"}"#),
        ("per_poll:1m30s", r#"{"mode":"per_poll","step":"1m30s"}"#),
    ] {
        let clock: Clock = flag.parse().expect("it is a clock");
        assert_eq!(serde_json::to_string(&clock).expect("it is JSON"), json);
        assert_eq!(serde_json::from_str::<Clock>(json).expect("it is a clock"), clock);
    }
    for (wrong, said) in [
        ("frozn", "did you mean frozen?"),
        ("scaled:0", "above 0"),
        ("per_poll:x", "\"1m30s\""),
        ("per_poll:0s@now", "never moves"),
        ("frozen:noon", "RFC 3339"),
        ("frozen:Now", "did you mean now?"),
        ("per_poll@noon", "or now"),
        ("per_poll:now", "per_poll@now"),
        ("scaled:now", "scaled@now"),
        ("frozen:now@now", "write frozen:now"),
        ("realtime:2", "scaled:60"),
        ("realtime:now", "realtime@now"),
        ("", "per_poll:5s"),
    ] {
        let reason = wrong.parse::<Clock>().expect_err("it is no clock");
        assert!(reason.contains(said), "{wrong}: {reason}");
    }
}

#[test]
fn json_reads_a_clock_in_words_as_the_flag_does() {
    for (words, json) in [
        ("realtime", r#"{"mode":"realtime"}"#),
        ("realtime@now", r#"{"mode":"realtime","now":"now"}"#),
        (
            "scaled:60@2026-02-03T04:05:06Z",
            r#"{"mode":"scaled","rate":60.0,"now":"2026-02-03T04:05:06Z"}"#,
        ),
        ("frozen:now", r#"{"mode":"frozen","now":"now"}"#),
        ("frozen@now", r#"{"mode":"frozen","now":"now"}"#),
        ("per_poll", r#"{"mode":"per_poll","step":"5s"}"#),
        ("per_poll@now", r#"{"mode":"per_poll","step":"5s","now":"now"}"#),
        (
            "per_poll:4s@2026-02-03T05:05:06+01:00",
            r#"{"mode":"per_poll","step":"4s","now":"2026-02-03T04:05:06Z"}"#,
        ),
    ] {
        let clock: Clock = words.parse().expect("it is a clock");
        let quoted = format!("{words:?}");
        assert_eq!(serde_json::from_str::<Clock>(&quoted).expect("it is a clock"), clock);
        assert_eq!(serde_json::from_str::<Clock>(json).expect("it is a clock"), clock);
        assert_eq!(serde_json::to_string(&clock).expect("it is JSON"), json);
    }
    for wrong in ["17", "[]", "null", "true", "\"soon\""] {
        let reason = serde_json::from_str::<Clock>(wrong).expect_err("it is no clock").to_string();
        assert!(reason.contains("per_poll:"), "{wrong}: {reason}");
    }
}

fn clocks() -> impl Strategy<Value = Clock> {
    let rate = (1_u32..1_000_000_000).prop_map(|milli| f64::from(milli) / 1_000.0);
    let mode = prop_oneof![
        Just(Clock::realtime()),
        rate.prop_map(|rate| Clock::scaled(Rate::new(rate).expect("it is in range"))),
        Just(Clock::frozen()),
        (1_u64..100_000_000).prop_map(|step| Clock::per_poll(millis(step))),
    ];
    let second = (0_i64..253_402_300_800).prop_map(|at| Timestamp::from_unix_millis(at * 1_000));
    let start = prop_oneof![
        Just(None),
        Just(Some(ClockStart::Now)),
        second.prop_map(|second| Some(ClockStart::At(second))),
    ];
    (mode, start).prop_map(|(clock, start)| match start {
        Some(ClockStart::At(at)) => clock.starting_at(at),
        Some(_) => clock.starting_now(),
        None => clock,
    })
}

proptest! {
    #[test]
    fn a_clock_reads_the_words_and_the_json_that_it_writes(clock in clocks()) {
        prop_assert_eq!(clock.to_string().parse::<Clock>(), Ok(clock));
        let json = serde_json::to_string(&clock).expect("it is JSON");
        prop_assert_eq!(serde_json::from_str::<Clock>(&json).expect("it is a clock"), clock);
    }
}

#[test]
fn a_clock_that_starts_now_stands_at_the_real_time_in_whole_seconds() {
    let server = start(Server::builder().clock(Clock::per_poll(seconds(4)).starting_now()));
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    let before = sandbox.clock().now();
    assert!(before > Timestamp::at("2020-01-01T00:00:00Z"), "{before}");
    assert_eq!(before.as_unix_millis() % 1_000, 0, "{before:?}");
    let expires_at = client.rent("US").json["expires_at"].as_str().expect("a time").to_owned();
    assert_eq!(Timestamp::at(&expires_at), before.plus(minutes(20)));
    client.poll("rent_1");
    assert_eq!(sandbox.clock().now(), before.plus(seconds(4)));
}

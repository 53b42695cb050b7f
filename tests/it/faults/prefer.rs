//! Errors on demand by the header `Prefer`.

use ringer::FaultId;
use ringer::Sandbox;
use ringer::scenario::*;
use ringer::{Server, ServerBuilder};

use super::caller::{Caller, Seen};
use super::socket::{self, Raw, Socket};
use crate::support::{frozen, start};

fn world(builder: ServerBuilder) -> (Server, Caller, Sandbox) {
    let server = start(builder);
    let client = Caller::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    (server, client, sandbox)
}

const US_PLEASE: &[(&str, &str)] = &[("country", "US")];

fn rent(client: &Caller, preferences: &[&str]) -> Seen {
    client.prefer(Endpoint::RentNumber, US_PLEASE, preferences)
}

/// What the last call's remarks say.
fn remarks(sandbox: &Sandbox) -> Vec<String> {
    let entry = sandbox.journal().entries().pop().expect("the call is written");
    assert!(entry.lints.iter().all(|lint| lint.id() == "unknown-preference"), "{entry:?}");
    entry.lints.iter().map(ToString::to_string).collect()
}

#[test]
fn a_preference_is_followed_however_it_is_written_and_the_reply_says_so() {
    let (_server, client, sandbox) = world(frozen());
    for (preferences, status, code, applied) in [
        (&["code=503"][..], 503, "MAINTENANCE", "code=503"),
        (&["code=418"], 418, "INVALID_REQUEST", "code=418"),
        (&["code=204"], 204, "", "code=204"),
        (&["error=NO_NUMBERS"], 409, "NO_NUMBERS", "error=NO_NUMBERS"),
        (&["error=\"KEY_BANNED\""], 403, "KEY_BANNED", "error=KEY_BANNED"),
        (&["  ERROR =  BAD_GATEWAY  "], 502, "BAD_GATEWAY", "error=BAD_GATEWAY"),
        (&["Code=502; reason=fun"], 502, "BAD_GATEWAY", "code=502"),
        (&["delay=1ms"], 200, "", "delay=1ms"),
        (&["delay=0.001"], 200, "", "delay=0.001"),
        (&["error=NO_NUMBERS,delay=2ms"], 409, "NO_NUMBERS", "error=NO_NUMBERS, delay=2ms"),
        (&["delay=2ms , , code=500"], 500, "INTERNAL_ERROR", "code=500, delay=2ms"),
        (&["delay=2ms", "code=500"], 500, "INTERNAL_ERROR", "code=500, delay=2ms"),
    ] {
        let reply = rent(&client, preferences);
        assert_eq!((reply.status, reply.code()), (status, code), "{preferences:?}");
        assert_eq!(reply.header("preference-applied"), Some(applied), "{preferences:?}");
        assert_eq!(
            sandbox.journal().entries().pop().and_then(|entry| entry.fault),
            Some(FaultId::Prefer)
        );
        assert_eq!(remarks(&sandbox), [""; 0], "{preferences:?}");
    }
    let retry = rent(&client, &["error=MAINTENANCE"]);
    assert_eq!(retry.header("retry-after"), Some("30"));
    let message = retry.json["message"].as_str().unwrap_or_default();
    assert!(message.contains("on demand: the header Prefer asks for it"), "{message}");
    assert_eq!(rent(&client, &[]).header("preference-applied"), None);
    for endpoint in Endpoint::ALL {
        let reply = client.prefer(endpoint, &[], &["error=RENTAL_EXPIRED"]);
        assert_eq!((reply.status, reply.code()), (410, "RENTAL_EXPIRED"), "{endpoint:?}");
    }
}

#[test]
fn code_and_error_leave_the_sandbox_as_it_is() {
    let first = |endpoint| fault([endpoint], Effect::error(ErrorCode::BadGateway)).nth([1]);
    let second_poll =
        fault([Endpoint::GetSms], Effect::error(ErrorCode::KeyBanned)).nth_of_rental([2]);
    let limit = fault([Endpoint::CancelNumber], rate_limit(1, seconds(60)));
    let scenario = scenario("steady")
        .country(country(Country::US).available(9))
        .replies(replies().no_messages([NoMessages::Array, NoMessages::Null]))
        .script(steps())
        .fault(first(Endpoint::GetNumbers))
        .fault(second_poll)
        .fault(limit);
    let clock = Clock::per_poll(seconds(5));
    let (_server, client, sandbox) = world(frozen().clock(clock).scenario(scenario));
    let rented = client.rent("US");
    let (id, now) = (rented.id(), sandbox.clock().now());
    for preference in ["code=503", "error=NO_NUMBERS", "error=NO_NUMBERS, delay=1ms"] {
        for (endpoint, parameters) in [
            (Endpoint::GetNumbers, &[][..]),
            (Endpoint::RentNumber, US_PLEASE),
            (Endpoint::GetSms, &[("rental_id", id)]),
            (Endpoint::CancelNumber, &[("rental_id", id)]),
        ] {
            assert!(client.prefer(endpoint, parameters, &[preference]).status >= 400);
        }
    }
    assert_eq!((sandbox.clock().now(), sandbox.rentals().live()), (now, 1));
    assert_eq!(sandbox.rentals().refunded(), Money::ZERO);
    assert!(sandbox.faults().list().iter().all(|rule| rule.fired == 0));
    assert_eq!(client.list().code(), "BAD_GATEWAY", "the first that counts");
    assert_eq!(client.list().json["numbers"][0]["available"], 8);
    let first = client.poll(id);
    assert!(first.text.contains("\"messages\":[]"), "the turn did not move: {first:?}");
    assert_eq!(sandbox.clock().now(), now.plus(seconds(5)));
    assert_eq!(client.poll(id).code(), "KEY_BANNED", "the second that counts");
    assert_eq!(client.cancel(id).status, 200, "the rate limit has its token yet");
}

#[test]
fn fault_and_delay_act_after_the_call_took_effect() {
    let clock = Clock::per_poll(seconds(5));
    let (_server, client, sandbox) = world(frozen().clock(clock));
    let names = [
        "EMPTY_RESPONSE",
        "MALFORMED_RESPONSE_CHUNK",
        "RANDOM_DATA_THEN_CLOSE",
        "CONNECTION_RESET_BY_PEER",
        "TRUNCATED_BODY",
    ];
    for (made, name) in (1..).zip(names) {
        let preference = format!("fault={name}, delay=1ms");
        let lost = client.try_call(Endpoint::RentNumber, US_PLEASE, &[&preference]);
        assert!(lost.is_err(), "{name}: {lost:?}");
        assert_eq!(
            (sandbox.rentals().live(), sandbox.journal().entries().len()),
            (made, made as usize)
        );
    }
    sandbox
        .faults()
        .add(fault([Endpoint::RentNumber], Effect::error(ErrorCode::BadGateway)).nth([7]))
        .expect("there is room");
    let late = rent(&client, &["delay=1ms"]);
    assert_eq!((late.status, sandbox.rentals().live()), (200, 6));
    assert_eq!(rent(&client, &["delay=1ms"]).code(), "BAD_GATEWAY", "all of them are counted");
    let (now, id) = (sandbox.clock().now(), late.id());
    assert_eq!(client.prefer(Endpoint::GetSms, &[("rental_id", id)], &["delay=1ms"]).status, 200);
    assert_eq!(sandbox.clock().now(), now.plus(seconds(5)), "a poll that is late is a poll");
    let lost =
        client.try_call(Endpoint::CancelNumber, &[("rental_id", id)], &["fault=EMPTY_RESPONSE"]);
    assert!(lost.is_err());
    assert_eq!(sandbox.rentals().live(), 5, "the cancel took effect");
}

#[test]
fn an_unknown_or_senseless_preference_is_ignored_with_a_remark_even_when_strict() {
    for strict in [false, true] {
        let (_server, client, sandbox) = world(frozen().strict(strict));
        for (preference, says) in [
            ("respond-async", "\"respond-async\" is not known (code, error, fault, delay)"),
            ("cod=503", "\"cod\" is not known; did you mean code?"),
            ("code", "\"\" is not an HTTP status; write code=503"),
            ("code=many", "\"many\" is not an HTTP status; write code=503"),
            ("code=99", "99 is not the status of a reply; 200 to 599"),
            ("code=100", "200 to 599"),
            ("error=NO_NUMBER", "did you mean NO_NUMBERS?"),
            ("fault=HANGS", "did you mean HANG?"),
            ("delay=soon", "\"soon\" is not a duration"),
            ("delay=-1s", "is not a duration"),
            ("delay=2h", "at most 1h"),
        ] {
            let reply = rent(&client, &[preference]);
            assert_eq!((reply.status, reply.header("preference-applied")), (200, None));
            let told = remarks(&sandbox);
            assert!(told.len() == 1 && told[0].starts_with("Prefer is ignored: "), "{told:?}");
            assert!(told[0].contains(says), "{says:?} in {told:?}");
        }
        let reply = rent(&client, &["code=503, error=NO_NUMBERS, delay=1ms, delay=2ms, wait=9"]);
        assert_eq!(reply.status, 503);
        assert_eq!(reply.header("preference-applied"), Some("code=503, delay=1ms"));
        let told = remarks(&sandbox);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("code=503 precedes error=NO_NUMBERS and wins"));
        assert!(told[1].contains("delay is given twice"), "{told:?}");
        assert!(told[2].contains("\"wait\" is not known"), "{told:?}");
        assert_eq!(rent(&client, &["", " , ,"]).status, 200);
        assert_eq!(remarks(&sandbox), [""; 0], "an empty one asks for nothing");
    }
}

#[test]
fn without_errors_on_demand_the_header_is_ignored_silently() {
    let (_server, client, sandbox) = world(frozen().on_demand_errors(false));
    for preference in ["code=503", "error=NO_NUMBERS", "fault=EMPTY_RESPONSE", "delay=1h", "x"] {
        let reply = rent(&client, &[preference]);
        assert_eq!((reply.status, reply.header("preference-applied")), (200, None));
        assert_eq!(remarks(&sandbox), [""; 0]);
    }
    assert!(sandbox.journal().entries().iter().all(|entry| entry.fault.is_none()));
}

#[test]
fn a_preference_opens_no_sandbox_and_goes_before_rules_and_other_wishes() {
    let (server, client, sandbox) = world(frozen());
    for (key, code) in [("", "MISSING_API_KEY"), ("live_1", "INVALID_API_KEY")] {
        let reply = rent(&client.with_key(key), &["code=503"]);
        assert_eq!((reply.status, reply.code()), (401, code));
        assert_eq!(reply.header("preference-applied"), None, "it was not");
    }
    sandbox
        .faults()
        .add(fault([Endpoint::RentNumber], Effect::error(ErrorCode::BadGateway)))
        .expect("there is room");
    assert_eq!(rent(&client, &["error=NO_NUMBERS"]).code(), "NO_NUMBERS");
    assert_eq!(rent(&client, &[]).code(), "BAD_GATEWAY");
    let country = client.prefer(Endpoint::RentNumber, &[("country", "XE")], &["error=NO_NUMBERS"]);
    assert_eq!(country.code(), "NO_NUMBERS");
    let banned = Caller::new(&server, "test_banned");
    assert_eq!(rent(&banned, &["error=NO_NUMBERS"]).code(), "NO_NUMBERS");
    let malformed = client.prefer(Endpoint::RentNumber, &[], &["error=NO_NUMBERS"]);
    assert_eq!(malformed.code(), "NO_NUMBERS", "even of a call that cannot be understood");
}

/// The status of a reply that dribbles: its head comes at once, its body within 5 s.
fn status_of_dribble(server: &Server, key: &str, country: &str) -> u16 {
    let mut socket = Socket::open(server);
    let request = socket::rent(key, "prefer: fault=DRIBBLE\r\n");
    socket.send(&request.replace("\"US\"", &format!("\"{country}\"")));
    Raw::of(socket.so_far(b"\r\n\r\n").as_bytes()).status
}

#[test]
fn a_fault_on_the_wire_happens_to_the_reply_that_there_is_and_lets_nothing_through() {
    let (server, _client, _sandbox) = world(frozen());
    for (key, country, status) in [
        ("test_bad", "US", 401),
        ("test_nobalance", "US", 402),
        ("ci", "XB", 402),
        ("ci", "XN", 409),
    ] {
        let sandbox = server.sandbox(key).expect("the key is good");
        assert_eq!(status_of_dribble(&server, key, country), status, "{key} {country}");
        assert_eq!(sandbox.rentals().live(), 0, "{key} {country}");
    }
    let (server, _client, sandbox) = world(frozen());
    sandbox
        .faults()
        .add(fault([Endpoint::RentNumber], Effect::error(ErrorCode::Maintenance)).times(1))
        .expect("there is room");
    assert_eq!(status_of_dribble(&server, "ci", "US"), 503);
    assert_eq!(sandbox.rentals().live(), 0, "the rule has refused it");
    assert_eq!(status_of_dribble(&server, "ci", "US"), 200);
}

#[test]
fn a_header_full_of_nonsense_leaves_a_few_remarks_and_no_more() {
    let (_server, client, sandbox) = world(frozen());
    let many: Vec<String> = (0..1_000).map(|number| format!("x{number}")).collect();
    assert_eq!(rent(&client, &[&many.join(",")]).status, 200);
    assert_eq!(remarks(&sandbox).len(), 8);
    assert_eq!(rent(&client, &["x,x,x"]).status, 200);
    assert_eq!(remarks(&sandbox).len(), 1, "the same is said once");
}

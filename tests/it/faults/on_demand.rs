//! Errors on demand, by the api_key that a client is given or the country that is typed into it.

use std::collections::HashSet;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use proptest::prelude::*;
use ringer::scenario::*;
use ringer::{FaultId, Lint, Sandbox};
use ringer::{Server, ServerBuilder};

use super::caller::{Caller, Seen};
use super::socket::now;
use crate::support::{frozen, start};

fn world(builder: ServerBuilder) -> (Server, Caller, Sandbox) {
    let server = start(builder);
    let client = Caller::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    (server, client, sandbox)
}

/// A call of each endpoint that nothing is wrong with.
fn all_four(client: &Caller) -> [Seen; 4] {
    [client.list(), client.rent("US"), client.poll("rent_1"), client.cancel("rent_1")]
}

#[test]
fn each_on_demand_key_gives_its_error_at_its_endpoints_in_every_form() {
    let server = start(frozen());
    for (key, status, code, retry_after, everywhere) in [
        ("test_bad", 401, "INVALID_API_KEY", None, true),
        ("test_banned", 403, "KEY_BANNED", None, true),
        ("test_nobalance", 402, "INSUFFICIENT_BALANCE", None, false),
        ("test_ratelimited", 429, "RATE_LIMITED", Some("2"), true),
        ("test_maintenance", 503, "MAINTENANCE", Some("30"), true),
    ] {
        for key in [key.to_owned(), format!("{key}@slow-sms")] {
            let [listed, rented, polled, cancelled] = all_four(&Caller::new(&server, &key));
            let struck = if everywhere { vec![&listed, &polled, &cancelled] } else { vec![] };
            for reply in struck.into_iter().chain([&rented]) {
                assert_eq!((reply.status, reply.code()), (status, code), "{key}");
                assert_eq!(reply.header("retry-after"), retry_after);
                let message = reply.json["message"].as_str().unwrap_or_default();
                assert!(message.contains("on demand: this api_key asks for it"), "{message}");
            }
            if !everywhere {
                assert_eq!((listed.status, polled.status, cancelled.status), (200, 404, 404));
            }
            let sandbox = server.sandbox(&key).expect("it has a sandbox");
            assert_eq!(sandbox.rentals().live(), 0);
            assert_eq!(sandbox.journal().entries()[1].fault, Some(FaultId::ApiKey));
        }
    }
    assert_eq!(Caller::new(&server, "test_banned2").list().status, 200);
}

#[test]
fn a_server_that_admits_other_keys_only_refuses_on_demand_keys() {
    let server = start(frozen().api_key("ci").api_key("test_banned"));
    for (key, code) in [
        ("test_banned", "KEY_BANNED"),
        ("test_banned@slow-sms", "KEY_BANNED"),
        ("test_maintenance", "INVALID_API_KEY"),
        ("test_maintenance@slow-sms", "INVALID_API_KEY"),
        ("test_bad", "INVALID_API_KEY"),
    ] {
        for reply in all_four(&Caller::new(&server, key)) {
            assert_eq!(reply.code(), code, "{key}");
        }
    }
    assert_eq!(Caller::new(&server, "ci").list().status, 200);
}

#[test]
fn without_errors_on_demand_an_on_demand_key_is_a_key_like_any_other() {
    let server = start(frozen().on_demand_errors(false));
    for key in ["test_bad", "test_banned", "test_nobalance", "test_ratelimited@happy-path"] {
        let replies = all_four(&Caller::new(&server, key)).map(|reply| reply.status);
        assert_eq!(replies, [200, 200, 404, 404], "{key}");
    }
}

#[test]
fn each_on_demand_country_is_listed_only_when_named_and_gives_its_error() {
    let (_server, client, sandbox) = world(frozen());
    let listed = |code: &str| client.call(Endpoint::GetNumbers, &[("country", code)]);
    let everything = client.list().text;
    for (code, available, status, error, retry_after) in [
        ("XN", 0, 409, "NO_NUMBERS", None),
        ("XG", 7, 409, "NO_NUMBERS", None),
        ("XB", 7, 402, "INSUFFICIENT_BALANCE", None),
        ("XR", 7, 429, "RATE_LIMITED", Some("2")),
        ("XE", 7, 500, "INTERNAL_ERROR", None),
        ("XM", 7, 503, "MAINTENANCE", Some("30")),
    ] {
        for _ in 0..2 {
            let reply = client.rent(code);
            assert_eq!((reply.status, reply.code()), (status, error), "{code}");
            assert_eq!(reply.header("retry-after"), retry_after, "{code}");
            let line = &listed(code).json["numbers"][0];
            assert_eq!((&line["country"], &line["available"]), (&code.into(), &available.into()));
        }
        assert!(!everything.contains(&format!("\"{code}\"")), "{code} in {everything}");
    }
    assert_eq!(sandbox.rentals().live(), 0);
    for (code, at_95) in [("XS", 0), ("XL", 1)] {
        let rented = client.rent(code);
        assert_eq!((rented.status, &rented.json["country"]), (200, &code.into()));
        assert_eq!(listed(code).json["numbers"][0]["available"], 6);
        let messages = || client.poll(rented.id()).json["messages"].as_array().map(Vec::len);
        sandbox.clock().advance(millis(94_999));
        assert_eq!(messages(), Some(0));
        sandbox.clock().advance(millis(1));
        assert_eq!(messages(), Some(at_95), "{code}");
        sandbox.clock().advance(minutes(20));
        assert_eq!(messages(), Some(at_95), "{code}");
    }
    assert!(!everything.contains("\"X"), "{everything}");
}

#[test]
fn a_rental_in_xh_is_made_and_its_reply_never_comes() {
    let (_server, client, sandbox) = world(frozen());
    assert!(client.try_call(Endpoint::RentNumber, &[("country", "XH")], &[]).is_err());
    let entry = sandbox.journal().entries().pop().expect("the call is written");
    assert_eq!((entry.status, entry.code, entry.fault), (None, None, Some(FaultId::Country)));
    let id = entry.rental_id.expect("it was made").to_string();
    assert_eq!((sandbox.rentals().live(), client.poll(&id).status), (1, 200));
}

/// Sends a rental in XT and gives the connection once it was made.
fn rent_in_xt(server: &Server, sandbox: &Sandbox) -> TcpStream {
    let address = server.url().trim_start_matches("http://").to_owned();
    let mut socket = TcpStream::connect(&address).expect("it accepts");
    let body = r#"{"api_key":"ci","country":"XT"}"#;
    let length = body.len();
    let head = format!("POST /rentNumber HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}");
    let request = format!("{head}\r\ncontent-type: application/json\r\n\r\n{body}");
    socket.write_all(request.as_bytes()).expect("it reads");
    socket.set_read_timeout(Some(Duration::from_millis(10))).expect("it can be set");
    for _ in 0..1_000 {
        let read = socket.read(&mut [0]).expect_err("no reply comes for 35 s");
        assert!(matches!(read.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{read}");
        if sandbox.rentals().live() == 1 {
            return socket;
        }
    }
    panic!("no rental is made");
}

#[test]
fn a_rental_in_xt_is_made_at_once_and_its_reply_does_not_come() {
    let (server, client, sandbox) = world(frozen());
    let mut socket = rent_in_xt(&server, &sandbox);
    let entry = sandbox.journal().entries().pop().expect("the call is written");
    assert_eq!((entry.status, entry.fault), (Some(200), Some(FaultId::Country)));
    assert_eq!(client.poll(&entry.rental_id.expect("it was made").to_string()).status, 200);
    assert!(socket.read(&mut [0]).is_err(), "other calls are answered, this one is not");
}

#[test]
#[ignore = "35 s of real time"]
fn the_reply_to_a_rental_in_xt_comes_after_35_s() {
    let (server, _client, sandbox) = world(frozen());
    let sent = now();
    let mut socket = rent_in_xt(&server, &sandbox);
    socket.set_read_timeout(Some(Duration::from_secs(60))).expect("it can be set");
    let mut head = [0; 15];
    socket.read_exact(&mut head).expect("it comes");
    let took = sent.elapsed();
    assert!(took >= Duration::from_secs(35), "after {took:?}");
    assert_eq!(&head, b"HTTP/1.1 200 OK");
}

#[test]
fn an_on_demand_country_in_lower_case_works_with_a_lint_and_is_refused_when_strict() {
    let (_server, client, sandbox) = world(frozen());
    assert_eq!(client.rent("xe").code(), "INTERNAL_ERROR");
    assert_eq!(client.rent("xS").status, 200);
    for entry in sandbox.journal().entries() {
        assert!(matches!(entry.lints[..], [Lint::LowerCaseCountry(_)]), "{entry:?}");
    }
    let (_server, client, _sandbox) = world(frozen().strict(true));
    assert_eq!(client.rent("xs").code(), "INVALID_REQUEST");
    assert_eq!(client.rent("XS").status, 200);
}

#[test]
fn without_errors_on_demand_an_on_demand_country_is_unknown() {
    let (_server, client, sandbox) = world(frozen().on_demand_errors(false));
    for code in ["XN", "XG", "XB", "XR", "XE", "XM", "XT", "XH", "XS", "XL", "xs"] {
        for reply in [client.rent(code), client.call(Endpoint::GetNumbers, &[("country", code)])] {
            assert_eq!((reply.status, reply.code()), (400, "UNKNOWN_COUNTRY"), "{code}");
            let message = reply.json["message"].as_str().unwrap_or_default();
            assert!(message.contains("--no-magic"), "{message}");
        }
    }
    assert!(sandbox.journal().entries().iter().all(|entry| entry.fault.is_none()));
}

#[test]
fn an_offer_of_a_scenario_overrides_an_on_demand_country() {
    let own = scenario("own")
        .country(country(Country::XN).available(2).price(cents(9)))
        .country(country(Country::XS).available(1))
        .country(country(Country::XE).available(3))
        .script(steps().sms(seconds(1), sms()));
    let (_server, client, sandbox) = world(frozen().scenario(own));
    let listed = client.list();
    let lines = listed.json["numbers"].as_array().expect("a listing");
    let available: Vec<_> = lines.iter().map(|line| line["available"].as_u64()).collect();
    assert_eq!(available, [Some(2), Some(1), Some(3)], "those it names are listed");
    let rented = [client.rent("XN"), client.rent("XS")];
    assert_eq!(client.rent("XS").code(), "NO_NUMBERS");
    assert_eq!(client.rent("XE").code(), "INTERNAL_ERROR", "what it is for stays");
    assert_eq!(client.rent("XR").code(), "RATE_LIMITED", "and the others too");
    sandbox.clock().advance(seconds(1));
    for reply in &rented {
        assert!(reply.json["number"].as_str().is_some_and(|number| number.starts_with("+1")));
        let messages = client.poll(reply.id()).json["messages"].as_array().map(Vec::len);
        assert_eq!(messages, Some(1), "its own script plays");
    }
    assert_ne!(rented[0].json["number"], rented[1].json["number"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_number_is_rented_to_one_client_at_a_time_in_on_demand_and_ordinary_countries(
        acts in prop::collection::vec((0..6_usize, 0..4_usize), 30), seed: u64
    ) {
        let few = ["+12025550123", "+12025550124"];
        let scenario = scenario("shared")
            .country(country(Country::US).available(9).numbers(Numbers::listed(few)))
            .country(country(Country::CA).available(9))
            .country(country(Country::DE).available(9))
            .script(steps());
        let (_server, client, _sandbox) = world(frozen().scenario(scenario).seed(seed));
        let mut live: Vec<Seen> = Vec::new();
        for (country, cancel) in acts {
            let rented = client.rent(["US", "CA", "DE", "XS", "XL", "XS"][country]);
            if rented.status == 200 {
                live.push(rented);
            }
            if cancel == 0 && !live.is_empty() {
                let ended = live.swap_remove(live.len() / 2);
                prop_assert_eq!(client.cancel(ended.id()).status, 200);
            }
            let numbers: HashSet<&str> =
                live.iter().filter_map(|reply| reply.json["number"].as_str()).collect();
            prop_assert_eq!(numbers.len(), live.len());
        }
        prop_assert!(live.len() > 9);
    }
}

//! When a rule strikes, which of several does, and what the client then sees.

use ringer::FaultId;
use ringer::Sandbox;
use ringer::Server;
use ringer::scenario::*;

use super::caller::{Caller, Seen};
use crate::support::{frozen, start};

/// Two countries without SMS, and these rules.
fn world(rules: impl IntoIterator<Item = FaultRule>) -> (Server, Caller, Sandbox) {
    let plenty = scenario("ruled")
        .country(country(Country::US).available(1_000).price(cents(5)))
        .country(country(Country::DE).available(1_000).price(cents(8)))
        .script(steps());
    let server = start(frozen().scenario(rules.into_iter().fold(plenty, Scenario::fault)));
    let client = Caller::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    (server, client, sandbox)
}

/// What every rule of these tests does, unless what it does is the matter.
fn down() -> Effect {
    Effect::error(ErrorCode::Maintenance)
}

fn strikes(reply: &Seen) -> bool {
    match (reply.status, reply.code()) {
        (503, "MAINTENANCE") => true,
        (200 | 404, code) if code != "MAINTENANCE" => false,
        _ => panic!("{reply:?}"),
    }
}

fn fired(sandbox: &Sandbox) -> Vec<u32> {
    sandbox.faults().list().into_iter().map(|rule| rule.fired).collect()
}

#[test]
fn a_country_is_the_one_that_is_named_or_that_of_the_rental() {
    let (_server, client, sandbox) = world([fault(Endpoints::ALL, down()).country(Country::DE)]);
    // Rented before there is a rule.
    assert!(sandbox.faults().remove(FaultId::Rule(1)).is_ok());
    let (us, de) = (client.rent("US"), client.rent("DE"));
    sandbox
        .faults()
        .add(fault(Endpoints::ALL, down()).country(Country::DE))
        .expect("there is room");
    assert!(!strikes(&client.list()), "no country is named");
    for (country, id, struck) in [("US", us.id(), false), ("DE", de.id(), true)] {
        let listed = client.call(Endpoint::GetNumbers, &[("country", country)]);
        for reply in [listed, client.rent(country), client.poll(id), client.cancel(id)] {
            assert_eq!(strikes(&reply), struck, "{country}: {reply:?}");
        }
    }
    assert!(!strikes(&client.poll("rent_1")), "a rental that there is not has no country");
    assert_eq!(fired(&sandbox), [4]);
}

#[test]
fn a_service_is_the_one_that_is_named_or_that_of_the_rental_letter_case_aside() {
    let (_server, client, sandbox) = world([]);
    let rent =
        |service| client.call(Endpoint::RentNumber, &[("country", "US"), ("service", service)]);
    let (telegram, viber, none) = (rent("Telegram"), rent("viber"), client.rent("US"));
    sandbox
        .faults()
        .add(
            fault([Endpoint::RentNumber, Endpoint::GetSms, Endpoint::CancelNumber], down())
                .service("teleGRAM"),
        )
        .expect("there is room");
    assert!(strikes(&rent("TELEGRAM")) && strikes(&rent("telegram")));
    assert!(!strikes(&rent("telegra")) && !strikes(&client.rent("US")));
    assert!(strikes(&client.poll(telegram.id())) && strikes(&client.cancel(telegram.id())));
    for id in [viber.id(), none.id()] {
        assert!(!strikes(&client.poll(id)) && !strikes(&client.cancel(id)));
    }
}

#[test]
fn nth_counts_the_calls_of_all_its_endpoints_in_the_sandbox_and_those_that_are_refused() {
    let nth = fault([Endpoint::GetNumbers, Endpoint::GetSms], down()).nth([1, 4, 5]);
    let (_server, client, sandbox) = world([nth]);
    let mut seen = vec![strikes(&client.list())];
    assert!(!strikes(&client.rent("US")), "another endpoint is not counted");
    seen.push(strikes(&client.poll("rent_1")));
    // A refused malformed request is a call as well.
    let malformed = client.call(Endpoint::GetSms, &[]);
    assert_eq!((malformed.status, malformed.code()), (400, "INVALID_REQUEST"));
    seen.push(false);
    let malformed = client.call(Endpoint::GetSms, &[]);
    seen.push(strikes(&malformed));
    seen.extend([client.list(), client.list()].iter().map(strikes));
    assert_eq!(seen, [true, false, false, true, true, false]);
    assert_eq!(fired(&sandbox), [3]);
}

#[test]
fn nth_of_rental_counts_the_calls_that_name_a_rental_each_by_itself() {
    let (_server, client, _sandbox) =
        world([fault([Endpoint::RentNumber, Endpoint::GetSms, Endpoint::CancelNumber], down())
            .nth_of_rental([2, 3])]);
    let ids = [client.rent("US"), client.rent("DE")].map(|rented| rented.id().to_owned());
    for id in &ids {
        let replies = [client.poll(id), client.poll(id), client.cancel(id), client.poll(id)];
        assert_eq!(replies.each_ref().map(strikes), [false, true, true, false]);
    }
    let polls_only = fault([Endpoint::GetSms], down()).nth_of_rental([2]);
    let (_server, client, _sandbox) = world([polls_only]);
    let rented = client.rent("US");
    let id = rented.id();
    let replies = [client.poll(id), client.cancel(id), client.cancel(id), client.poll(id)];
    assert_eq!(replies.each_ref().map(strikes), [false, false, false, true]);
    for _ in 0..3 {
        assert!(!strikes(&client.poll("rent_1")), "there is no such rental to count for");
    }
}

#[test]
fn a_probability_of_0_is_never_and_of_1_always() {
    let never = fault([Endpoint::GetNumbers], down()).probability(0.0);
    let always = fault([Endpoint::GetSms], down()).probability(1.0);
    let (_server, client, sandbox) = world([never, always]);
    for _ in 0..50 {
        assert!(!strikes(&client.list()) && strikes(&client.poll("rent_1")));
    }
    assert_eq!(fired(&sandbox), [0, 50]);
}

#[test]
fn a_window_opens_at_from_and_is_closed_at_until_in_virtual_time() {
    let (_server, client, sandbox) =
        world([fault([Endpoint::GetNumbers], down()).from(seconds(30)).until(seconds(90))]);
    for (by, struck) in [(29_999, false), (1, true), (59_999, true), (1, false), (1_000, false)] {
        sandbox.clock().advance(millis(by));
        assert_eq!(strikes(&client.list()), struck, "at {}", sandbox.clock().now());
    }
}

#[test]
fn times_counts_strikes_and_ttl_runs_from_the_making_of_the_rule() {
    let twice = fault([Endpoint::GetNumbers], down()).nth([1, 3, 4]).times(2);
    let (_server, client, sandbox) = world([twice]);
    let struck: Vec<bool> = (0..4).map(|_| strikes(&client.list())).collect();
    assert_eq!(struck, [true, false, true, false]);

    sandbox.clock().advance(seconds(100));
    sandbox
        .faults()
        .add(fault([Endpoint::GetSms], down()).ttl(seconds(10)))
        .expect("there is room");
    for (by, struck) in [(0, true), (9_999, true), (1, false)] {
        sandbox.clock().advance(millis(by));
        assert_eq!(strikes(&client.poll("rent_1")), struck);
    }
    assert_eq!(fired(&sandbox), [2, 2]);
}

#[test]
fn all_that_a_trigger_says_must_hold() {
    let rule = fault([Endpoint::RentNumber], down())
        .country(Country::DE)
        .service("x")
        .nth([2, 3, 4, 5])
        .from(seconds(10))
        .until(seconds(20));
    let (_server, client, sandbox) = world([rule]);
    let rent = |country: &str, service: &str| {
        client.call(Endpoint::RentNumber, &[("country", country), ("service", service)])
    };
    sandbox.clock().advance(seconds(10));
    assert!(!strikes(&rent("DE", "x")), "the first call");
    assert!(!strikes(&rent("US", "x")), "another country");
    assert!(!strikes(&rent("DE", "y")), "another service");
    assert!(strikes(&rent("DE", "x")));
    sandbox.clock().advance(seconds(10));
    assert!(!strikes(&rent("DE", "x")), "after its window");
}

#[test]
fn the_first_rule_that_is_more_than_a_delay_decides_and_later_ones_do_not_fire() {
    let limit = fault([Endpoint::GetNumbers], rate_limit(1, seconds(60)));
    let (_server, client, sandbox) = world([
        fault([Endpoint::GetNumbers], Effect::delay(real_millis(1))),
        limit,
        fault([Endpoint::GetNumbers], Effect::error(ErrorCode::BadGateway)).nth([2, 3]),
        fault([Endpoint::GetNumbers], Effect::error(ErrorCode::GatewayTimeout)),
        fault([Endpoint::GetNumbers], Effect::delay(real_millis(1))),
        fault([Endpoint::GetNumbers], Effect::error(ErrorCode::KeyBanned).delayed(real_millis(1))),
    ]);
    assert_eq!(client.list().status, 504, "a rate limit that admits does not decide");
    assert_eq!(fired(&sandbox), [1, 0, 0, 1, 1, 0]);
    assert_eq!(client.list().status, 429);
    assert_eq!(fired(&sandbox), [2, 1, 0, 1, 2, 0]);
    assert!(sandbox.faults().remove(FaultId::Rule(2)).is_ok());
    assert_eq!(client.list().status, 502);
    assert_eq!(fired(&sandbox), [3, 1, 1, 3, 0]);
    for rule in [3, 4, 6] {
        assert!(sandbox.faults().remove(FaultId::Rule(rule)).is_ok());
        assert!(sandbox.faults().remove(FaultId::Rule(rule)).is_err(), "it is gone");
    }
    assert_eq!(client.list().status, 200);
    let journal = sandbox.journal().entries();
    let by: Vec<Option<FaultId>> = journal.iter().map(|entry| entry.fault).collect();
    assert_eq!(by, [4, 2, 3, 1].map(|rule| Some(FaultId::Rule(rule))), "what decided, or delayed");
    let added = sandbox.faults().add(fault([Endpoint::GetNumbers], down())).expect("there is room");
    assert_eq!(added, FaultId::Rule(7), "a name is never given twice");
}

#[test]
fn a_rule_in_phase_before_leaves_the_state_alone_and_one_in_phase_after_does_not() {
    for (phase, live, refund) in [(Phase::Before, 0, "0.00"), (Phase::After, 1, "0.05")] {
        let (_server, client, sandbox) = world([
            fault([Endpoint::RentNumber], down()).phase(phase).nth([1]),
            fault([Endpoint::CancelNumber], down()).phase(phase).nth([1]),
        ]);
        assert!(strikes(&client.rent("US")));
        assert_eq!(sandbox.rentals().live(), live);
        assert_eq!(client.list().json["numbers"][0]["available"], 1_000 - live);
        let made = sandbox.journal().entries()[0].rental_id;
        assert_eq!(made.is_some(), live == 1, "the journal tells what the client is not told");
        let rented = client.rent("US");
        assert!(strikes(&client.cancel(rented.id())));
        assert_eq!(sandbox.rentals().refunded().to_string(), refund);
        assert_eq!(client.cancel(rented.id()).status, 200);
        assert_eq!(sandbox.rentals().refunded().to_string(), "0.05");
    }
}

#[test]
fn the_rules_of_one_key_never_touch_another_key() {
    let (server, client, sandbox) = world([fault([Endpoint::GetNumbers], down()).nth([2])]);
    let other = client.with_key("other");
    sandbox.faults().add(fault([Endpoint::GetSms], down())).expect("there is room");
    assert!(!strikes(&other.list()) && !strikes(&client.list()), "each counts for itself");
    assert!(strikes(&client.list()) && strikes(&other.list()));
    assert!(strikes(&client.poll("rent_1")) && !strikes(&other.poll("rent_1")));
    assert!(sandbox.faults().remove(FaultId::Rule(1)).is_ok());
    let others = server.sandbox("other").expect("the key is good");
    assert_eq!(fired(&others), [1]);
}

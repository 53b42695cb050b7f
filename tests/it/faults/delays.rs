//! Calls and replies that are held up: how long, and what is so meanwhile.

use std::time::Duration;

use ringer::scenario::*;
use ringer::{FaultId, Sandbox, Server};

use super::socket::*;
use crate::support::{frozen, start};

/// So long that no test waits for it.
const AGES: RealDuration = RealDuration::MAX;

/// How long each of these requests takes, one after the other over one connection.
fn durations(server: &Server, request: &str, times: usize) -> Vec<Duration> {
    let mut socket = Socket::open(server);
    let one = |_| {
        let asked = now();
        socket.send(request);
        assert_eq!(socket.reply().status, 200);
        asked.elapsed()
    };
    (0..times).map(one).collect()
}

/// The milliseconds that each reply was delayed after its call took effect, as they were drawn: a
/// busy machine adds to what a client measures, but not to this.
fn drawn(sandbox: &Sandbox) -> Vec<u32> {
    sandbox.journal().entries().iter().map(|entry| entry.delay().as_millis()).collect()
}

/// Asserts that no call was answered before its delay was over.
#[track_caller]
fn assert_lasted(took: &[Duration], drawn: &[u32]) {
    assert_eq!(took.len(), drawn.len());
    for (took, millis) in took.iter().zip(drawn) {
        assert!(*took >= Duration::from_millis(u64::from(*millis)), "{took:?} of {millis} ms");
    }
}

#[test]
fn a_fixed_delay_lasts_as_long_as_it_says_in_either_phase() {
    let server = start(frozen());
    for phase in [Phase::Before, Phase::After] {
        let key = format!("{phase:?}");
        let rule = fault(Endpoints::ALL, Effect::delay(real_millis(150))).phase(phase);
        let sandbox = with_fault(&server, &key, rule);
        for request in [get_numbers(&key, ""), rent(&key, "")] {
            for took in durations(&server, &request, 2) {
                assert!(took >= Duration::from_millis(150), "{phase:?}: {took:?}");
            }
        }
        assert_eq!(drawn(&sandbox), [if phase == Phase::After { 150 } else { 0 }; 4]);
        assert_eq!(sandbox.rentals().live(), 2);
        for entry in sandbox.journal().entries() {
            assert_eq!((entry.status, entry.fault), (Some(200), Some(FaultId::Rule(1))));
        }
    }
}

#[test]
fn a_uniform_delay_stays_within_its_bounds_and_differs() {
    let server = start(frozen());
    let between = Delay::uniform(real_millis(20), real_millis(120));
    let rule = fault([Endpoint::GetNumbers], Effect::delay(between)).phase(Phase::After);
    let sandbox = with_fault(&server, "ci", rule);
    let took = durations(&server, &get_numbers("ci", ""), 8);
    let drawn = drawn(&sandbox);
    assert!(drawn.iter().all(|millis| (20..=120).contains(millis)), "{drawn:?}");
    assert!(drawn.iter().max() > drawn.iter().min().map(|least| least + 20).as_ref(), "{drawn:?}");
    assert_lasted(&took, &drawn);
}

#[test]
fn a_lognormal_delay_lies_about_its_median_and_differs() {
    let server = start(frozen());
    let about = Delay::lognormal(real_millis(50), 0.5);
    let rule = fault([Endpoint::GetNumbers], Effect::delay(about)).phase(Phase::After);
    let sandbox = with_fault(&server, "ci", rule);
    let took = durations(&server, &get_numbers("ci", ""), 9);
    let mut drawn = drawn(&sandbox);
    assert_lasted(&took, &drawn);
    drawn.sort_unstable();
    assert!(drawn[8] > drawn[0] + 15, "{drawn:?}");
    // The median of nine draws: half of them lie within 36 and 70 ms.
    assert!((15..=150).contains(&drawn[4]), "{drawn:?}");
}

#[test]
fn delays_of_several_rules_and_of_prefer_add_up() {
    let server = start(frozen());
    let sandbox = with_fault(&server, "ci", fault(Endpoints::ALL, Effect::delay(real_millis(50))));
    sandbox
        .faults()
        .add(fault(Endpoints::ALL, Effect::delay(real_millis(60))).phase(Phase::After))
        .expect("there is room");
    sandbox
        .faults()
        .add(fault([Endpoint::GetNumbers], Effect::delay(real_millis(70))))
        .expect("there is room");
    let one = durations(&server, &get_numbers("ci", "prefer: delay=80ms\r\n"), 1)[0];
    assert!(one >= Duration::from_millis(260), "{one:?}");
    assert_eq!(drawn(&sandbox), [60 + 80], "of the delays after the call took effect");
    assert_eq!(
        sandbox.journal().entries()[0].fault,
        Some(FaultId::Prefer),
        "the first that delays it"
    );
}

#[test]
fn an_error_can_be_late_and_touches_nothing() {
    let server = start(frozen());
    let late = Effect::error(ErrorCode::Maintenance).delayed(real_millis(100));
    let sandbox = with_fault(&server, "ci", fault([Endpoint::RentNumber], late));
    let mut socket = Socket::open(&server);
    let asked = now();
    socket.send(&rent("ci", ""));
    assert_eq!(socket.reply().status, 503);
    assert!(asked.elapsed() >= Duration::from_millis(100));
    assert_eq!(sandbox.rentals().live(), 0);
}

#[test]
fn a_reset_can_be_late_too() {
    let server = start(frozen());
    let late = Effect::connection_reset_by_peer().delayed(real_millis(100));
    let sandbox =
        with_fault(&server, "ci", fault([Endpoint::RentNumber], late).phase(Phase::After));
    let asked = now();
    assert_eq!(exchange(&server, &rent("ci", "")), (vec![], End::Reset));
    assert!(asked.elapsed() >= Duration::from_millis(100));
    assert_eq!(sandbox.rentals().live(), 1);
}

/// A connection whose rentNumber is held up for ages.
fn held_up(server: &Server, phase: Phase) -> Socket {
    let sandbox =
        with_fault(server, "ci", fault([Endpoint::RentNumber], Effect::delay(AGES)).phase(phase));
    let mut socket = Socket::open(server);
    socket.send(&rent("ci", ""));
    until("it is held up", || sandbox.faults().list()[0].fired == 1);
    socket
}

#[test]
fn a_call_with_a_before_delay_has_no_effect_until_the_delay_ends() {
    let server = start(frozen());
    let mut socket = held_up(&server, Phase::Before);
    assert!(socket.is_silent_for(Duration::from_millis(50)));
    let sandbox = sandbox(&server, "ci");
    assert_eq!((sandbox.rentals().live(), sandbox.journal().entries().len()), (0, 0));
}

#[test]
fn a_call_with_an_after_delay_takes_effect_at_once() {
    let server = start(frozen());
    let mut socket = held_up(&server, Phase::After);
    let sandbox = sandbox(&server, "ci");
    assert_eq!(sandbox.rentals().live(), 1);
    let entry = sandbox.journal().entries()[0].clone();
    assert!(entry.rental_id.is_some(), "{entry:?}");
    assert_eq!((entry.status, entry.fault), (Some(200), Some(FaultId::Rule(1))));
    assert!(socket.is_silent_for(Duration::from_millis(50)));
}

#[test]
fn a_call_whose_client_disconnects_during_a_before_delay_never_takes_effect() {
    for closes in [true, false] {
        let server = start(frozen());
        let mut socket = held_up(&server, Phase::Before);
        if closes {
            drop(socket);
        } else {
            // What waits behind it goes with it.
            socket.send(&rent("ci", ""));
            socket.say_no_more();
            assert_eq!(socket.rest(), (vec![], End::Closed));
        }
        let sandbox = sandbox(&server, "ci");
        until("it is given up", || !sandbox.journal().entries().is_empty());
        assert_eq!(sandbox.rentals().live(), 0);
        let [entry] = &sandbox.journal().entries()[..] else {
            panic!("{:?}", sandbox.journal().entries())
        };
        assert_eq!((entry.status, entry.code, entry.rental_id), (None, None, None));
        assert_eq!(
            (entry.fault, entry.endpoint),
            (Some(FaultId::Rule(1)), Some(Endpoint::RentNumber))
        );
    }
}

#[test]
fn a_call_whose_client_disconnects_during_an_after_delay_keeps_its_effect() {
    let server = start(frozen());
    let mut socket = held_up(&server, Phase::After);
    socket.say_no_more();
    assert_eq!(socket.rest(), (vec![], End::Closed));
    assert_eq!(sandbox(&server, "ci").rentals().live(), 1);
}

#[test]
fn a_client_that_resets_during_a_delay_counts_as_disconnected() {
    let server = start(frozen());
    let sandbox = with_fault(&server, "ci", fault([Endpoint::RentNumber], Effect::delay(AGES)));
    let mut socket = Socket::open(&server);
    socket.send(&(get_numbers("other", "") + &rent("ci", "")));
    until("it is held up", || sandbox.faults().list()[0].fired == 1);
    // The first reply was not read, which makes of the close a reset.
    drop(socket);
    until("it is given up", || !sandbox.journal().entries().is_empty());
    assert_eq!((sandbox.rentals().live(), sandbox.journal().entries()[0].status), (0, None));
}

#[test]
fn a_stopping_server_answers_delayed_calls_at_once() {
    for phase in [Phase::Before, Phase::After] {
        // So long that it would never end if it waited for the delay.
        let server = start(frozen().shutdown_timeout(Duration::from_secs(1_000_000)));
        let mut socket = held_up(&server, phase);
        let sandbox = sandbox(&server, "ci");
        server.stop();
        let reply = socket.reply();
        assert_eq!((reply.status, &reply.json()["country"]), (200, &"US".into()), "{phase:?}");
        assert_eq!(socket.rest(), (vec![], End::Closed));
        assert_eq!(
            (sandbox.rentals().live(), sandbox.journal().entries()[0].status),
            (1, Some(200))
        );
    }
}

#[test]
fn a_stopping_server_sends_the_rest_of_a_dribble_at_once() {
    let server = start(frozen().shutdown_timeout(Duration::from_secs(1_000_000)));
    with_fault(
        &server,
        "ci",
        fault([Endpoint::GetNumbers], Effect::dribble(AGES)).phase(Phase::After),
    );
    let mut socket = Socket::open(&server);
    socket.send(&get_numbers("ci", ""));
    socket.so_far(b"\r\n\r\n");
    server.stop();
    let reply = socket.reply();
    assert_eq!((reply.status, &reply.json()["status"]), (200, &"success".into()));
    assert_eq!(socket.rest(), (vec![], End::Closed));
}

//! A fault and its neighbours: what was sent before it, behind it, and beside it.

use std::time::Duration;

use ringer::Sandbox;
use ringer::scenario::*;

use super::socket::*;
use crate::support::{Client, frozen, start};

/// Whether the call took effect, and whether it was answered: each is an entry of the journal.
fn heard(sandbox: &Sandbox) -> Vec<Option<u16>> {
    sandbox.journal().entries().iter().map(|entry| entry.status).collect()
}

/// Whether a byte is sent for it.
fn has_bytes(effect: Effect) -> bool {
    ![Effect::connection_reset_by_peer(), Effect::empty_response(), Effect::hang()]
        .contains(&effect)
}

#[test]
fn the_replies_before_a_fault_arrive_whole_and_correct() {
    let server = start(frozen());
    let plain = {
        let mut socket = Socket::open(&server);
        socket.send(&get_numbers("plain", ""));
        socket.reply().body
    };
    for (number, effect) in ends().into_iter().enumerate() {
        for nth in [2, 3] {
            for posts in [false, true] {
                let key = format!("ci-{number}-{nth}-{posts}");
                let rule = fault(Endpoints::ALL, effect).nth([nth]);
                let sandbox = with_fault(&server, &key, rule);
                let hit = if posts { rent(&key, "") } else { get_numbers(&key, "") };
                let before = get_numbers(&key, "").repeat(nth as usize - 1);
                let mut socket = Socket::open(&server);
                socket.send(&(before + &hit + &get_numbers(&key, "").repeat(3)));
                for _ in 1..nth {
                    let reply = socket.reply();
                    assert_eq!((reply.status, &reply.body), (200, &plain), "{effect}");
                }
                let (bytes, end) = socket.rest();
                assert_eq!(bytes.is_empty(), !has_bytes(effect), "{effect}");
                let is_reset = effect == Effect::connection_reset_by_peer();
                assert_eq!(end == End::Reset, is_reset, "{effect}");
                assert_eq!(heard(&sandbox).len(), nth as usize, "{effect}: none behind it");
            }
        }
    }
}

#[test]
fn a_reply_without_a_body_before_a_fault_arrives_too() {
    let server = start(frozen());
    for (number, effect) in ends().into_iter().chain([Effect::hang()]).enumerate() {
        let key = format!("ci-{number}");
        let sandbox = with_fault(
            &server,
            &key,
            fault(Endpoints::ALL, Effect::redirect(Redirect::Temporary)).nth([1]),
        );
        sandbox
            .faults()
            .add(fault(Endpoints::ALL, Effect::status(503, BodyKind::Empty)).nth([2]))
            .expect("there is room");
        sandbox.faults().add(fault(Endpoints::ALL, effect).nth([3])).expect("there is room");
        let mut socket = Socket::open(&server);
        socket.send(&get_numbers(&key, "").repeat(3));
        assert_eq!([socket.reply().status, socket.reply().status], [307, 503], "{effect}");
        if effect == Effect::hang() {
            socket.say_no_more();
        }
        let (bytes, _) = socket.rest();
        assert_eq!(bytes.is_empty(), !has_bytes(effect), "{effect}");
    }
}

#[test]
fn a_fault_after_which_the_connection_goes_on_is_followed_by_the_next_reply() {
    let server = start(frozen());
    let effects = [
        (Effect::dribble(real_millis(40)), 500),
        (Effect::redirect(Redirect::Permanent), 308),
        (Effect::status(502, BodyKind::Json), 502),
        (Effect::status(502, BodyKind::Html), 502),
        (Effect::status(502, BodyKind::Empty), 502),
        (Effect::error(ErrorCode::NoNumbers), 409),
    ];
    for (number, (effect, code)) in effects.into_iter().enumerate() {
        let key = format!("ci-{number}");
        let sandbox = with_fault(&server, &key, fault(Endpoints::ALL, effect).nth([2]));
        let mut socket = Socket::open(&server);
        let asked = [get_numbers(&key, ""), rent(&key, ""), rent(&key, ""), get_numbers(&key, "")];
        socket.send(&asked.concat());
        let got: [u16; 4] = std::array::from_fn(|_| socket.reply().status);
        assert_eq!(got, [200, code, 200, 200], "{effect}");
        assert_eq!(heard(&sandbox), got.map(Some), "{effect}");
        assert_eq!(sandbox.rentals().live(), 1, "{effect}");
    }
}

#[test]
fn a_request_behind_the_end_of_a_connection_never_takes_effect() {
    let server = start(frozen());
    for (number, effect) in ends().into_iter().enumerate() {
        for phase in [Phase::Before, Phase::After] {
            let key = format!("ci-{number}-{phase:?}");
            let rule = fault([Endpoint::GetNumbers], effect).phase(phase);
            let sandbox = with_fault(&server, &key, rule);
            exchange(&server, &(get_numbers(&key, "") + &rent(&key, "").repeat(20)));
            assert_eq!(sandbox.rentals().live(), 0, "{effect}");
            assert_eq!(heard(&sandbox).len(), 1, "{effect}");
        }
    }
}

#[test]
fn replies_that_wait_for_a_client_to_read_come_before_the_fault() {
    let all = Country::all().fold(scenario("all"), |s, c| s.country(country(c).available(9)));
    let server = start(frozen().scenario(all));
    let sandbox = sandbox(&server, "ci");
    let mut socket = Socket::open(&server);
    // More replies than the system buffers, so that the server cannot send them all.
    socket.send(&get_numbers("ci", "").repeat(1_500));
    let mut idle = Socket::open(&server);
    let mut answered = 0;
    while answered == 0 || answered < sandbox.journal().entries().len() {
        answered = sandbox.journal().entries().len();
        assert!(idle.is_silent_for(Duration::from_millis(50)));
    }
    assert!(answered < 1_500, "the server waits for the client to read");
    sandbox.faults().add(fault(Endpoints::ALL, Effect::empty_response())).expect("there is room");
    for nth in 0..answered {
        assert_eq!(socket.reply().status, 200, "{nth}");
    }
    assert_eq!(socket.rest(), (vec![], End::Closed));
    assert_eq!(heard(&sandbox).len(), answered + 1);
}

#[test]
fn a_fault_spoils_neither_the_next_connection_nor_that_of_another() {
    let server = start(frozen());
    let other = Client::new(&server, "other");
    let mut open = Socket::open(&server);
    for (number, effect) in all_wire_faults().into_iter().enumerate() {
        let key = format!("ci-{number}");
        with_fault(&server, &key, fault(Endpoints::ALL, effect).times(1));
        let mut met = Socket::open(&server);
        met.send(&get_numbers(&key, "connection: close\r\n"));
        if effect != Effect::hang() {
            met.rest();
        }
        assert_eq!(Client::new(&server, &key).rent("US").status, 200, "{effect}");
        assert_eq!(other.get_numbers().status, 200, "{effect}");
        open.send(&get_numbers(&key, ""));
        assert_eq!(open.reply().status, 200, "{effect}");
    }
}

#[test]
fn http_1_0_clients_and_those_that_expect_100_continue_meet_the_same_faults() {
    let server = start(frozen());
    let sandbox =
        with_fault(&server, "ci", fault([Endpoint::GetNumbers], Effect::empty_response()));
    let old = get_numbers("ci", "").replace("HTTP/1.1", "HTTP/1.0");
    assert_eq!(exchange(&server, &old), (vec![], End::Closed));
    sandbox
        .faults()
        .add(fault([Endpoint::RentNumber], Effect::connection_reset_by_peer()).nth([1]))
        .expect("there is room");
    let (head, body) = {
        let whole = rent("ci", "expect: 100-continue\r\n");
        let (head, body) = whole.split_once("\r\n\r\n").expect("a head");
        (format!("{head}\r\n\r\n"), body.to_owned())
    };
    let mut asks = Socket::open(&server);
    asks.send(&head);
    assert_eq!(asks.so_far(b"\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    asks.send(&body);
    let (bytes, end) = asks.rest();
    assert_eq!((&*bytes, end), (&b"HTTP/1.1 100 Continue\r\n\r\n"[..], End::Reset));
    // One that does not wait for the answer.
    sandbox
        .faults()
        .add(fault([Endpoint::RentNumber], Effect::empty_response()).nth([2]))
        .expect("there is room");
    let (bytes, end) = exchange(&server, &(head + &body));
    assert_eq!((&*bytes, end), (&b"HTTP/1.1 100 Continue\r\n\r\n"[..], End::Closed));
    // What the partner does not answer, no fault spoils.
    let head = get_numbers("ci", "connection: close\r\n").replace("GET", "HEAD");
    let refused = Raw::of(&exchange(&server, &head).0);
    assert_eq!((refused.status, &*refused.body), (405, ""));
}

//! Each fault on the wire, as the socket sees it.

use std::time::Duration;

use ringer::FaultId;
use ringer::Server;
use ringer::scenario::*;

use super::socket::*;
use crate::support::{frozen, start};

/// What becomes of each of [`requests`] where this strikes.
fn strike(effect: Effect, phase: Phase) -> Vec<(Vec<u8>, End)> {
    let server = start(frozen());
    let meet = |(nth, request)| {
        let key = format!("ci-{nth}");
        let rule = fault(Endpoints::ALL, effect).phase(phase);
        let sandbox = with_fault(&server, &key, rule);
        let met = exchange(&server, request);
        assert_eq!(sandbox.journal().entries()[0].fault, Some(FaultId::Rule(1)), "{request}");
        met
    };
    let requests: [_; 4] = std::array::from_fn(|nth| requests(&format!("ci-{nth}"))[nth].clone());
    requests.iter().map(String::as_str).enumerate().map(meet).collect()
}

/// What would become of them otherwise: the same, since the seed is the same.
fn plain() -> Vec<Raw> {
    let server = start(frozen());
    let reply = |nth: usize| {
        let mut socket = Socket::open(&server);
        socket.send(&requests(&format!("ci-{nth}"))[nth]);
        socket.reply()
    };
    (0..4).map(reply).collect()
}

const PHASES: [Phase; 2] = [Phase::Before, Phase::After];

#[test]
fn a_reset_is_a_tcp_reset_and_no_byte_comes_before_it() {
    for phase in PHASES {
        for met in strike(Effect::connection_reset_by_peer(), phase) {
            assert_eq!(met, (vec![], End::Reset), "{phase:?}");
        }
    }
}

#[test]
fn an_empty_response_is_a_clean_close_without_a_byte() {
    for phase in PHASES {
        for met in strike(Effect::empty_response(), phase) {
            assert_eq!(met, (vec![], End::Closed), "{phase:?}");
        }
    }
}

#[test]
fn every_close_is_clean_even_if_more_requests_were_sent() {
    let server = start(frozen());
    let headers = "x-padding: ".to_owned() + &"x".repeat(4_000) + "\r\n";
    for (nth, effect) in ends().into_iter().enumerate().skip(1) {
        let key = format!("ci-{nth}");
        with_fault(&server, &key, fault(Endpoints::ALL, effect));
        for half_of_a_request in ["", "POST /rentNumber HTTP/1.1\r\ncontent-length: 99\r\n\r\n{"] {
            let many = get_numbers(&key, &headers).repeat(40) + half_of_a_request;
            let (_, end) = exchange(&server, &many);
            assert_eq!(end, End::Closed, "{effect}");
        }
    }
}

#[test]
fn a_client_that_still_sends_when_its_connection_is_closed_is_not_reset() {
    let server = start(frozen());
    with_fault(&server, "ci", fault(Endpoints::ALL, Effect::empty_response()));
    // More than the system buffers: all of it can be sent only if the server reads on.
    let headers = "x-padding: ".to_owned() + &"x".repeat(16_000) + "\r\n";
    let many = get_numbers("ci", &headers).repeat(600);
    assert_eq!(exchange(&server, &many), (vec![], End::Closed));
}

#[test]
fn random_data_is_no_http_and_the_same_for_the_same_seed_and_call() {
    let noises = |seed: u64| -> Vec<Vec<u8>> {
        let server = start(frozen().seed(seed));
        with_fault(&server, "ci", fault(Endpoints::ALL, Effect::random_data_then_close()));
        let noise = |request: &String| {
            let (noise, end) = exchange(&server, request);
            assert!(!noise.is_empty() && noise[0] >= 0x80, "{noise:?}");
            assert_eq!(end, End::Closed);
            noise
        };
        requests("ci").iter().map(noise).collect()
    };
    let first = noises(1);
    assert_eq!(first, noises(1));
    assert!(first[0] != first[1] && first[2] != first[3] && first[0] != first[2], "{first:?}");
    assert_ne!(first[0], noises(2)[0]);
}

#[test]
fn a_truncated_body_is_announced_whole_and_comes_in_part() {
    for fraction in [0.1, 0.5, 0.99] {
        let met = strike(Effect::truncated_body(fraction), Phase::After);
        for ((bytes, end), plain) in met.iter().zip(plain()) {
            let raw = Raw::of(bytes);
            assert_eq!((raw.status, *end), (200, End::Closed));
            assert_eq!(raw.header("content-length"), plain.header("content-length"));
            assert_eq!(raw.header("content-type"), Some("application/json"));
            assert_eq!(raw.header("date"), Some("Thu, 01 Jan 2026 00:00:00 GMT"), "the sandbox's");
            let part = (plain.body.len() as f64 * fraction) as usize;
            assert_eq!(raw.body, plain.body[..part]);
        }
    }
}

#[test]
fn a_malformed_chunk_comes_behind_a_good_one() {
    let met = strike(Effect::malformed_response_chunk(), Phase::After);
    for ((bytes, end), plain) in met.iter().zip(plain()) {
        let raw = Raw::of(bytes);
        assert_eq!((raw.status, *end), (200, End::Closed));
        assert_eq!(raw.header("transfer-encoding"), Some("chunked"));
        assert_eq!(raw.header("content-length"), None);
        let (length, rest) = raw.body.split_once("\r\n").expect("a chunk's length");
        let length = usize::from_str_radix(length, 16).expect("the first chunk is good");
        let (chunk, rest) = rest.split_at(length);
        assert!(length > 0 && plain.body.starts_with(chunk) && chunk != plain.body, "{chunk}");
        let broken = rest.strip_prefix("\r\n").expect("the end of the first chunk");
        let length = broken.split("\r\n").next().unwrap_or_default();
        assert!(usize::from_str_radix(length, 16).is_err(), "{broken}");
    }
}

#[test]
fn what_is_spoilt_before_the_call_took_effect_is_an_internal_error() {
    for effect in [
        Effect::truncated_body(0.95),
        Effect::malformed_response_chunk(),
        Effect::dribble(real_millis(20)),
    ] {
        let server = start(frozen());
        let sandbox =
            with_fault(&server, "ci", fault([Endpoint::RentNumber, Endpoint::GetNumbers], effect));
        let close = "connection: close\r\n";
        for request in [rent("ci", close), get_numbers("ci", close)] {
            let (bytes, end) = exchange(&server, &request);
            let raw = Raw::of(&bytes);
            assert_eq!((raw.status, end), (500, End::Closed), "{effect}");
            let said = r#"{"status":"error","code":"INTERN"#;
            assert!(raw.body.contains(said), "{effect}: {}", raw.body);
        }
        assert_eq!(sandbox.rentals().live(), 0, "{effect}");
    }
}

#[test]
fn a_dribbled_body_takes_its_time_and_comes_whole_over_a_connection_that_goes_on() {
    let server = start(frozen());
    let plain = plain();
    for (nth, plain) in plain.iter().enumerate() {
        let key = format!("ci-{nth}");
        let rule =
            fault(Endpoints::ALL, Effect::dribble(real_millis(300))).phase(Phase::After).times(1);
        with_fault(&server, &key, rule);
        let mut socket = Socket::open(&server);
        let sent = now();
        socket.send(&requests(&key)[nth]);
        let (reply, reads) = socket.reply_in_pieces();
        let took = sent.elapsed();
        assert_eq!((reply.status, &reply.body), (200, &plain.body));
        assert!(took >= Duration::from_millis(290), "{took:?}");
        assert!(reads >= 2, "the head comes before the rest");
        if nth % 2 == 0 {
            socket.send(&get_numbers(&key, ""));
            assert_eq!(socket.reply().status, 200);
        } else {
            assert_eq!(socket.rest(), (vec![], End::Closed));
        }
    }
}

#[test]
fn a_dribble_starts_with_the_head_at_once() {
    let server = start(frozen());
    with_fault(&server, "ci", fault([Endpoint::GetNumbers], Effect::dribble(RealDuration::MAX)));
    let mut socket = Socket::open(&server);
    socket.send(&get_numbers("ci", ""));
    let head = socket.so_far(b"\r\n\r\n");
    assert!(head.ends_with("\r\n\r\n"), "nothing of the body: {head}");
    assert!(socket.is_silent_for(Duration::from_millis(100)));
}

#[test]
fn a_redirect_leads_to_the_same_path_and_the_connection_goes_on() {
    for by in [Redirect::MovedPermanently, Redirect::Temporary, Redirect::Permanent] {
        let server = start(frozen());
        let sandbox =
            with_fault(&server, "ci", fault(Endpoints::ALL, Effect::redirect(by)).times(2));
        let mut socket = Socket::open(&server);
        let requests =
            [(get_numbers("ci", ""), "/getNumbers?api_key=ci"), (rent("ci", ""), "/rentNumber")];
        for (request, path) in &requests {
            socket.send(request);
            let reply = socket.reply();
            assert_eq!((reply.status, reply.header("location")), (by.status(), Some(*path)));
            assert_eq!(reply.body, "");
        }
        assert_eq!(sandbox.rentals().live(), 0);
        socket.send(&requests[1].0);
        assert_eq!((socket.reply().status, sandbox.rentals().live()), (200, 1));
    }
}

#[test]
fn a_status_comes_with_the_body_it_says() {
    let server = start(frozen());
    let sandbox = sandbox(&server, "ci");
    let mut socket = Socket::open(&server);
    for code in [400, 408, 418, 431, 500, 502, 503, 504] {
        for body in [BodyKind::Json, BodyKind::Html, BodyKind::Empty] {
            let id = sandbox
                .faults()
                .add(fault(Endpoints::ALL, Effect::status(code, body)))
                .expect("there is room");
            for request in [get_numbers("ci", ""), rent("ci", "")] {
                socket.send(&request);
                let reply = socket.reply();
                assert_eq!(reply.status, code);
                match body {
                    BodyKind::Json => assert_eq!(reply.json()["status"], "error"),
                    BodyKind::Html => {
                        assert!(reply.body.starts_with("<!DOCTYPE html>"), "{}", reply.body);
                        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
                    }
                    BodyKind::Empty => assert_eq!(reply.body, ""),
                }
                let last = sandbox.journal().entries().pop().expect("an entry");
                assert_eq!((last.status, last.fault), (Some(code), Some(id)));
            }
            sandbox.faults().remove(id).expect("it is there");
        }
    }
}

#[test]
fn an_empty_400_by_a_rule_is_told_from_the_servers_own() {
    let server = start(frozen());
    for (nth, code) in [400, 408, 431].into_iter().enumerate() {
        for rest in ["", "in another write"] {
            let key = format!("ci-{nth}{}", rest.len());
            with_fault(
                &server,
                &key,
                fault([Endpoint::GetNumbers], Effect::status(code, BodyKind::Empty)).times(2),
            );
            let mut socket = Socket::open(&server);
            let faulty = get_numbers(&key, "");
            if rest.is_empty() {
                socket.send(&(faulty.repeat(3) + "GARBAGE\r\n\r\n"));
            } else {
                socket.send(&faulty.repeat(3));
            }
            let replies = [socket.reply(), socket.reply(), socket.reply()];
            assert_eq!(replies.each_ref().map(|r| r.status), [code, code, 200]);
            assert_eq!((&*replies[0].body, &*replies[1].body), ("", ""));
            if !rest.is_empty() {
                socket.send("GARBAGE\r\n\r\n");
            }
            let refused = socket.reply();
            assert_eq!((refused.status, &refused.json()["code"]), (400, &"INVALID_REQUEST".into()));
            assert_eq!(socket.rest(), (vec![], End::Closed));
        }
    }
}

#[test]
fn a_preference_does_on_the_wire_what_a_rule_does() {
    let server: Server = start(frozen());
    let prefer = |fault: &str| {
        let (bytes, end) = exchange(&server, &rent("ci", &format!("prefer: fault={fault}\r\n")));
        let status = if bytes.starts_with(b"HTTP") { Raw::of(&bytes).status } else { 0 };
        (bytes.len(), status, end)
    };
    assert_eq!(prefer("CONNECTION_RESET_BY_PEER"), (0, 0, End::Reset));
    assert_eq!(prefer("EMPTY_RESPONSE"), (0, 0, End::Closed));
    assert_eq!(prefer("RANDOM_DATA_THEN_CLOSE"), (256, 0, End::Closed));
    for partly in ["TRUNCATED_BODY", "MALFORMED_RESPONSE_CHUNK"] {
        let (_, status, end) = prefer(partly);
        assert_eq!((status, end), (200, End::Closed));
    }
    let journal = sandbox(&server, "ci").journal().entries();
    assert!(journal.iter().all(|entry| entry.fault == Some(FaultId::Prefer)), "{journal:?}");
    let statuses: Vec<_> = journal.iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [None, None, None, Some(200), Some(200)]);
    assert_eq!(sandbox(&server, "ci").rentals().live(), 5, "it acts after the call took effect");
}

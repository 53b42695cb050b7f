//! Clients that offer another protocol than HTTP/1.1, or speak one.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use proptest::prelude::*;
use ringer::{Server, ServerBuilder};

use crate::malformed_requests::{assert_refused, exchange, exchange_at};
use crate::process::{Running, ringer};
use crate::support::{frozen, start};

/// What Java's HttpClient, browsers and WebSocket libraries add to a first request.
const OFFERS: [&str; 6] = [
    "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n",
    "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n",
    "UPGRADE:WebSocket\r\nCONNECTION:upgrade\r\n",
    "upgrade: websocket\r\n",
    "connection: upgrade\r\n",
    "upgrade:\t h2c, websocket ,x\r\nconnection: x,upgrade\r\n",
];

/// Requests to every kind of path: method, target, body.
const REQUESTS: [(&str, &str, &str); 9] = [
    ("GET", "/getNumbers?api_key=ci&country=DE", ""),
    ("POST", "/rentNumber", r#"{"api_key":"ci","country":"??"}"#),
    ("POST", "/cancelNumber", r#"{"api_key":"ci","rental_id":"rent_1"}"#),
    ("DELETE", "/getSMS", ""),
    ("GET", "/nothing", ""),
    ("POST", "/", "body"),
    ("GET", "/__admin/scenarios", ""),
    ("PATCH", "/__admin/sandboxes/ci/countries/DE", r#"{"available":7}"#),
    ("GET", "/__admin/nothing", ""),
];

/// A server that does not wait long for the rest of a request.
fn impatient() -> ServerBuilder {
    frozen().request_timeout(Duration::from_secs(1))
}

fn request((method, target, body): (&str, &str, &str), headers: &str) -> String {
    let length = body.len();
    format!(
        "{method} {target} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         {headers}content-length: {length}\r\n\r\n{body}"
    )
}

/// All replies as they came, without what depends on the time.
fn replies(text: &str) -> String {
    assert!(!text.contains("connection: upgrade"), "{text}");
    let varies = |line: &&str| {
        ["date: ", "allow: ", "connection: close"].iter().any(|name| line.starts_with(name))
    };
    text.split_inclusive("\r\n").filter(|line| !varies(line)).collect()
}

#[test]
fn an_offer_to_upgrade_changes_no_reply_and_leaves_the_connection_open() {
    let answers = |headers: &str| {
        let server = start(impatient());
        let all: String = REQUESTS.iter().map(|asked| request(*asked, headers)).collect();
        let end = request(REQUESTS[0], "connection: close\r\n");
        replies(&exchange(&server, (all + &end).as_bytes(), false))
    };
    let without = answers("");
    assert_eq!(without.matches("HTTP/1.1 ").count(), REQUESTS.len() + 1, "{without}");
    assert!(without.contains("UNKNOWN_COUNTRY"), "the body was not read: {without}");
    for offer in OFFERS {
        assert_eq!(answers(offer), without, "with {offer:?}");
    }
}

#[test]
fn a_client_that_closes_after_each_request_may_offer_an_upgrade_too() {
    let server = start(impatient());
    let close = "connection: close, upgrade\r\nupgrade: websocket\r\n";
    let reply = exchange(&server, request(REQUESTS[0], close).as_bytes(), false);
    assert!(reply.starts_with("HTTP/1.1 200 ") && reply.contains("Germany"), "{reply}");
}

#[test]
fn an_upgrade_behind_a_slow_reply_loses_no_later_request() {
    let server = start(impatient());
    let slow = request(REQUESTS[0], "prefer: delay=50ms\r\n");
    let rest = request(REQUESTS[0], OFFERS[1]) + &request(REQUESTS[0], "connection: close\r\n");
    let reply = exchange(&server, (slow + &rest).as_bytes(), false);
    assert_eq!(reply.matches("HTTP/1.1 200 ").count(), 3, "{reply}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn an_offer_is_seen_however_its_bytes_are_cut(
        offer in prop::sample::select(OFFERS.to_vec()),
        cuts in prop::collection::vec(0usize..400, 0..12),
    ) {
        thread_local! {
            static SERVER: Server = start(impatient());
        }
        SERVER.with(|server| {
            let asked = request(REQUESTS[1], offer) + &request(REQUESTS[0], "connection: close\r\n");
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|cut| *cut < asked.len()).collect();
            cuts.extend([0, asked.len()]);
            cuts.sort_unstable();
            let mut socket = TcpStream::connect(server.address()).expect("the server accepts");
            socket.set_nodelay(true).expect("the socket is open");
            for piece in cuts.windows(2) {
                socket.write_all(&asked.as_bytes()[piece[0]..piece[1]]).expect("the server reads");
                // Another thread reads, so that pieces mostly arrive one by one.
                std::thread::yield_now();
            }
            let reply = std::io::read_to_string(socket).expect("the server answers and closes");
            prop_assert!(reply.contains("UNKNOWN_COUNTRY") && reply.contains("Germany"), "{reply}");
            Ok(())
        })?;
    }
}

#[test]
fn connect_is_refused_at_once_on_every_path() {
    let server = start(impatient());
    for (target, status) in [("/getNumbers", 405), ("localhost:443", 404), ("/__admin/reset", 405)]
    {
        let sent = format!("CONNECT {target} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        let reply = exchange(&server, sent.as_bytes(), false);
        assert!(reply.starts_with(&format!("HTTP/1.1 {status} ")), "{target}: {reply}");
    }
}

#[test]
fn a_client_of_another_protocol_is_told_the_url_to_use() {
    let hello = b"\x16\x03\x01\x00\xf1\x01\x00\x00\xed\x03\x03\x20\x21";
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";
    for (bytes, named) in [(&hello[..], "TLS"), (&preface[..], "HTTP/2")] {
        let running = Running::start(ringer());
        let reply = exchange_at(&running.address(), bytes, false);
        assert_refused(&reply, 400, "INVALID_REQUEST");
        let url = running.url.clone();
        running.signal("TERM");
        let (_, _, log) = running.wait();
        let lines: Vec<&str> = log.lines().filter(|line| line.contains("unreadable")).collect();
        let [line] = lines[..] else { panic!("one line a connection: {log}") };
        assert!(line.contains(" WARN ") && line.contains(named) && line.contains(&url), "{line}");
        assert!(reply.contains(&url), "{reply}");
    }
}

//! What no HTTP client would send: half requests, garbage, and too much of everything.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use proptest::prelude::*;
use ringer::Server;

use crate::support::{Client, frozen, start};

/// Sends bytes, says that no more will come, and reads to the end.
pub(crate) fn exchange(server: &Server, bytes: &[u8], then_close: bool) -> String {
    exchange_at(&server.address().to_string(), bytes, then_close)
}

pub(crate) fn exchange_at(address: &str, bytes: &[u8], then_close: bool) -> String {
    let mut socket = TcpStream::connect(address).expect("the server accepts");
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("the socket is open");
    socket.write_all(bytes).expect("the server reads");
    if then_close {
        socket.shutdown(Shutdown::Write).expect("the socket is open");
    }
    let mut reply = Vec::new();
    socket.read_to_end(&mut reply).expect("the server answers and closes cleanly");
    String::from_utf8(reply).expect("the reply is text")
}

#[track_caller]
pub(crate) fn assert_refused(reply: &str, status: u16, code: &str) {
    let (head, body) =
        reply.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no reply: {reply:?}"));
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
    let length = format!("content-length: {}", body.len());
    assert!(head.lines().any(|line| line == length), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).expect("the body is JSON");
    assert_eq!((body["status"].as_str(), body["code"].as_str()), (Some("error"), Some(code)));
    assert!(body["message"].as_str().is_some_and(|message| message.len() > 20), "{body}");
}

#[test]
fn what_is_not_http_gets_a_400_in_the_documented_style() {
    let server = start(frozen());
    for bytes in [
        &b"GARBAGE\r\n\r\n"[..],
        b"GET /getNumbers\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /getNumbers HTTP/9.9\r\n\r\n",
        b"POST /rentNumber HTTP/1.1\r\nhost: a\r\ncontent-length: many\r\n\r\n",
        b"POST /rentNumber HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
    ] {
        assert_refused(&exchange(&server, bytes, false), 400, "INVALID_REQUEST");
    }
}

#[test]
fn garbage_behind_a_good_request_gets_its_400_behind_the_good_reply() {
    let server = start(frozen());
    let bytes = b"GET /getNumbers?api_key=ci&country=DE HTTP/1.1\r\nhost: a\r\n\r\nGARBAGE\r\n\r\n";
    let reply = exchange(&server, bytes, false);
    let (good, bad) = reply.split_at(reply.rfind("HTTP/1.1 4").expect("two replies"));
    assert!(good.starts_with("HTTP/1.1 200 ") && good.contains("Germany"), "{good}");
    assert_refused(bad, 400, "INVALID_REQUEST");
}

#[test]
fn a_malformed_chunk_is_distinguished_from_a_body_that_ended_early() {
    let server = start(frozen());
    let bytes = b"POST /rentNumber HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
    let reply = exchange(&server, bytes, false);
    assert_refused(&reply, 400, "INVALID_REQUEST");
}

#[test]
fn a_head_without_end_gets_a_431_in_the_documented_style() {
    let server = start(frozen());
    let endless = format!("GET /getNumbers?api_key={} HTTP/1.1\r\n", "k".repeat(200_000));
    assert_refused(&exchange(&server, endless.as_bytes(), false), 431, "INVALID_REQUEST");
}

#[test]
fn a_request_target_that_is_too_long_is_refused_with_the_limit() {
    let server = start(frozen());
    let ask = |length: usize| {
        let start = "/getNumbers?api_key=";
        let target = format!("{start}{}", "k".repeat(length - start.len()));
        let request = format!("GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        exchange(&server, request.as_bytes(), false)
    };
    assert_refused(&ask(65_534), 401, "INVALID_API_KEY");
    for length in [65_535, 70_000, 130_000, 140_000] {
        let reply = ask(length);
        assert_refused(&reply, 431, "INVALID_REQUEST");
        assert!(
            reply.contains("too long") && reply.contains("65534 bytes for the target"),
            "{reply}"
        );
    }
}

#[test]
fn garbage_after_a_long_body_is_not_called_too_long() {
    let server = start(frozen());
    let mut socket = TcpStream::connect(server.address()).expect("the server accepts");
    let body = " ".repeat(100_000);
    let post =
        format!("POST /rentNumber HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n{body}");
    socket.write_all(post.as_bytes()).expect("the server reads");
    let mut reply = [0; 4_096];
    let read = socket.read(&mut reply).expect("the server answers");
    assert!(reply[..read].starts_with(b"HTTP/1.1 413 "));
    socket.write_all(b"\r\nGARBAGE\r\n\r\n").expect("the connection is open");
    let reply = std::io::read_to_string(socket).expect("the server answers and closes");
    assert_refused(&reply, 400, "INVALID_REQUEST");
}

/// Every kind of path.
const TARGETS: [&str; 6] =
    ["/getNumbers?api_key=ci", "/getSMS", "/nothing", "/__admin/health", "/__admin/x", "/__docs"];

#[test]
fn a_host_that_is_missing_repeated_or_invalid_is_a_400_on_every_path() {
    let server = start(frozen());
    for target in TARGETS {
        for hosts in [
            "",
            "host: a\r\nhost: a\r\n",
            "host: bad host\r\n",
            "host: a/b\r\n",
            "host: a@b\r\n",
            "host: a?\r\n",
            "host: a:port\r\n",
            "host: a:1:2\r\n",
            "host: [::1\r\n",
            "host: [a]\r\n",
            "host: [::1]x\r\n",
            "host: %4\r\n",
            "host: \u{fc}\r\n",
        ] {
            for target in [target.to_owned(), format!("http://a{target}")] {
                let sent = format!("GET {target} HTTP/1.1\r\nconnection: close\r\n{hosts}\r\n");
                let reply = exchange(&server, sent.as_bytes(), false);
                assert_refused(&reply, 400, "INVALID_REQUEST");
                assert!(reply.contains("Host"), "{reply}");
            }
        }
    }
    let post = b"POST /rentNumber HTTP/1.1\r\nhost: a b\r\ncontent-length: 2\r\n\r\n{}";
    let reply = exchange(&server, post, false);
    assert_refused(&reply, 400, "INVALID_REQUEST");
    assert!(reply.contains(r#"the Host \"a b\" is not a host name"#), "{reply}");
}

#[test]
fn every_host_that_a_url_can_have_is_taken_and_http_1_0_needs_none() {
    let server = start(frozen());
    for host in [
        "a",
        "localhost:7464",
        "ringer.internal",
        "my_service:80",
        "a:",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:7464",
        "[fe80::1%25eth0]:7464",
        "xn--mnchen-3ya.de",
        "a%20b",
        "A-.~!$&'()*+,;=",
        "",
    ] {
        for target in ["", "http://other:1"] {
            let sent = format!(
                "GET {target}/getNumbers?api_key=ci&country=DE HTTP/1.1\r\nhost: {host}\r\n\
                 connection: close\r\n\r\n"
            );
            let reply = exchange(&server, sent.as_bytes(), false);
            assert!(
                reply.starts_with("HTTP/1.1 200 ") && reply.contains("Germany"),
                "{host}: {reply}"
            );
        }
    }
    let old = b"GET /getNumbers?api_key=ci&country=DE HTTP/1.0\r\n\r\n";
    assert!(exchange(&server, old, false).starts_with("HTTP/1.0 200 "));
}

#[test]
fn a_body_that_ends_early_gets_a_400_that_says_so() {
    let server = start(frozen());
    let half = b"POST /rentNumber HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"api_key\":\"ci\"";
    let reply = exchange(&server, half, true);
    assert_refused(&reply, 400, "INVALID_REQUEST");
    assert!(reply.contains("ended early, after 15 bytes"), "{reply}");
}

#[test]
fn a_body_or_head_that_never_arrives_gets_its_4xx_after_the_timeout() {
    let server = start(frozen().request_timeout(Duration::from_secs(1)));
    let half_body = b"POST /rentNumber HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let reply = exchange(&server, half_body, false);
    assert_refused(&reply, 400, "INVALID_REQUEST");
    assert!(reply.contains("did not arrive within 1 s"), "{reply}");
    assert_refused(&exchange(&server, b"GET /getNumb", false), 408, "INVALID_REQUEST");
    assert_eq!(exchange(&server, b"", false), "", "who says nothing is told nothing");
}

#[test]
fn a_client_that_reads_only_after_it_has_sent_a_huge_body_still_gets_its_413() {
    let server = start(frozen());
    let size = 20_000_000;
    let head = format!(
        "POST /rentNumber HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {size}\r\n\r\n"
    );
    let reply = exchange(&server, &[head.as_bytes(), &vec![b' '; size]].concat(), false);
    assert_refused(&reply, 413, "PAYLOAD_TOO_LARGE");
}

#[test]
fn a_refused_post_leaves_its_connection_open_for_the_next_request() {
    let server = start(frozen());
    let mut socket = TcpStream::connect(server.address()).expect("the server accepts");
    let post = |length: usize, body: &str| {
        format!(
            "POST /rentNumber HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let wrong = r#"{"country":"DE"}"#;
    let right = r#"{"api_key":"ci","country":"DE"}"#;
    for (body, status) in [(wrong, "401"), (right, "200"), (wrong, "401"), (right, "200")] {
        socket.write_all(post(body.len(), body).as_bytes()).expect("the connection is open");
        let mut reply = [0; 4_096];
        let read = socket.read(&mut reply).expect("the server answers");
        let reply = String::from_utf8_lossy(&reply[..read]);
        assert!(reply.starts_with(&format!("HTTP/1.1 {status} ")), "{reply}");
    }
}

#[test]
fn requests_sent_at_once_are_answered_in_order() {
    let server = start(frozen());
    let get = |query: &str, end: &str| {
        format!("GET /getNumbers?{query} HTTP/1.1\r\nhost: a\r\n{end}\r\n")
    };
    let both = get("api_key=ci&country=DE", "") + &get("api_key=", "connection: close\r\n");
    let reply = exchange(&server, both.as_bytes(), false);
    let (first, second) = (reply.find("Germany"), reply.find("MISSING_API_KEY"));
    assert!(first.is_some() && second > first, "{reply}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_query_and_no_body_is_ever_a_5xx(
        path in prop::sample::select(vec!["/getNumbers", "/rentNumber", "/getSMS", "/cancelNumber", "/", "/%"]),
        post in any::<bool>(),
        content_type in prop::sample::select(vec!["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=X", "x"]),
        junk in "[ -~&&[^# ]]{0,60}",
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "[{}\\[\\]\":,a-z_0-9 ]{0,80}".prop_map(String::into_bytes),
            "(api_key|country|rental_id|service)=[a-zA-Z_0-9%&=@+]{0,60}".prop_map(String::into_bytes),
        ],
    ) {
        thread_local! {
            static SERVER: Server = start(frozen());
        }
        SERVER.with(|server| {
            let method = if post { "POST" } else { "GET" };
            let mut request = format!("{method} {path}?{junk} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
            request.extend_from_slice(&body);
            let reply = exchange(server, &request, false);
            let status = &reply[9..12];
            prop_assert!(status == "200" || status.starts_with('4'), "{reply}");
            let body = reply.split("\r\n\r\n").nth(1).unwrap_or_default();
            prop_assert!(serde_json::from_str::<serde_json::Value>(body).is_ok(), "{reply}");
            Ok(())
        })?;
    }
}

#[test]
fn one_connection_that_misbehaves_does_not_disturb_another() {
    let server = start(frozen());
    let stuck: Vec<TcpStream> = (0..50)
        .map(|_| {
            let mut socket = TcpStream::connect(server.address()).expect("the server accepts");
            socket.write_all(b"POST /rentNumber HTTP/1.1\r\n").expect("the server reads");
            socket
        })
        .collect();
    assert_eq!(Client::new(&server, "ci").rent("DE").status, 200);
    drop(stuck);
}

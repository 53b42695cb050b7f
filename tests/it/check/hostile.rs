//! Servers that misbehave: a run ends in time with an explanation, and mentions every rental.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::stub::{Asked, forward, serve};
use super::{Check, server};
use crate::support::start;

/// Why nothing can be checked at a server.
fn refused(url: &str) -> String {
    Check::of(url).with(&["--timeout", "300ms"]).setup_error()
}

/// A server that reads a request and replies with these bytes.
fn replies(bytes: &'static [u8]) -> String {
    serve(move |mut stream| {
        Asked::read(&mut stream);
        let _ = stream.write_all(bytes);
    })
}

#[test]
fn if_nothing_listens_it_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    let error = refused(&url);
    assert!(error.contains("nothing listens there"), "{error}");
    let error = Check::of("http://no-such-host.invalid").with(&["--yes"]).setup_error();
    assert!(error.contains("host name is unknown"), "{error}");
}

#[test]
fn a_server_that_never_replies_runs_into_the_timeout() {
    let error = refused(&serve(|stream| hold(&stream)));
    assert!(error.contains("no complete reply arrived within 300ms"), "{error}");
}

/// Keeps the connection open until the client closes it.
fn hold(mut stream: &TcpStream) {
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
}

#[test]
fn a_server_that_dribbles_runs_into_the_timeout_of_the_whole_reply() {
    let url = serve(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
        let client = stream.try_clone().expect("a second handle");
        client.set_read_timeout(Some(Duration::from_millis(50))).expect("a time-out");
        // A byte every 50 ms, so that no single gap is long.
        while stream.write_all(b" ").is_ok() {
            let _ = std::io::Read::read(&mut &client, &mut [0; 512]);
        }
    });
    let error = refused(&url);
    assert!(error.contains("no complete reply arrived within 300ms"), "{error}");
}

#[test]
fn an_endless_body_is_read_up_to_the_limit() {
    let url = serve(|mut stream| {
        Asked::read(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 8_192]).is_ok() {}
    });
    let error = Check::of(&url).with(&["--timeout", "30s"]).setup_error();
    assert!(error.contains("larger than 1048576 bytes"), "{error}");
}

#[test]
fn what_is_not_http_is_named_as_such() {
    for bytes in
        [&b"SSH-2.0-OpenSSH_9.6\r\n"[..], b"\x00\xff\x00\xff\r\n\r\n", b"220 mail ready\r\n"]
    {
        let error = refused(&replies(bytes));
        assert!(error.contains("gave no reply to getNumbers"), "{error}");
        assert!(error.contains("not an HTTP reply") || error.contains("broke before"), "{error}");
    }
}

#[test]
fn an_incomplete_body_and_an_empty_reply_are_named_as_such() {
    let error = refused(&replies(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"status\":"));
    assert!(error.contains("broke before") || error.contains("not an HTTP reply"), "{error}");
    let error = refused(&replies(b""));
    assert!(error.contains("gave no reply to getNumbers"), "{error}");
}

#[test]
fn a_web_page_is_not_taken_for_the_api() {
    let page =
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>";
    let error = refused(&replies(page));
    assert!(error.contains("no endpoint") && error.contains("<html></html>"), "{error}");
}

#[test]
fn a_redirect_is_reported_and_not_followed() {
    let moved = b"HTTP/1.1 301 x\r\nlocation: https://example.com/x\r\ncontent-length: 0\r\n\r\n";
    let error = refused(&replies(moved));
    assert!(error.contains("redirected to https://example.com/x"), "{error}");
    assert!(error.contains("RINGER_BASE_URL"), "{error}");
}

#[test]
fn a_key_that_every_endpoint_refuses_is_not_a_failed_case() {
    let server = start(server());
    let error = Check::of(&server.url()).with(&["--api-key", "not-a-key-of-it"]).setup_error();
    assert!(error.contains("--api-key") && error.contains("INVALID_API_KEY"), "{error}");
    assert!(!error.contains("not-a-key-of-it"), "{error}");
}

#[test]
fn a_server_that_stops_replying_ends_the_run_soon_and_its_rentals_are_listed() {
    let behind = start(server());
    let url = behind.url();
    let calls = std::sync::atomic::AtomicU32::new(0);
    let proxy = serve(move |mut stream| {
        let Some(asked) = Asked::read(&mut stream) else { return };
        match calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0..=12 => forward(&url, &asked).write(&mut stream),
            _ => hold(&stream),
        }
    });
    let report = Check::of(&proxy).with(&["--timeout", "200ms"]).report();
    let failed = report.failed("must");
    assert!(failed.contains(&"still-answers-at-the-end"), "{:?}", report.failures());
    let (made, cancelled) = report.rentals();
    let left = report.not_cancelled();
    assert!(!left.is_empty());
    assert_eq!(left.len() as u64, made - cancelled);
    let is_id = |id: &str| id.starts_with("rent_");
    assert!(left.iter().all(|left| left["rental_id"].as_str().is_some_and(is_id)), "{left:?}");
}

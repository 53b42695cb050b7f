//! Servers that are none: a run ends in time with a sentence, and leaves no rental unmentioned.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use ringer::scenario::RealDuration;

use super::stub::{Asked, forward, serve};
use super::{check, checked, failures, options, server, within};
use crate::support::start;

/// Longer than the time-outs of such a run by far.
const LIMIT: Duration = Duration::from_secs(20);

/// Why nothing can be checked there.
fn refused(url: &str) -> String {
    let mut options = options(url);
    options.timeout = RealDuration::millis(300);
    within(LIMIT, move || check(&options).expect_err("there is nothing to check").to_string())
}

/// A server that reads a request and answers these bytes.
fn answers(bytes: &'static [u8]) -> String {
    serve(move |mut stream| {
        Asked::read(&mut stream);
        let _ = stream.write_all(bytes);
    })
}

#[test]
fn where_nobody_listens_it_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    let said = refused(&url);
    assert!(said.contains("nothing listens there"), "{said}");
    assert!(refused("http://no-such-host.invalid").contains("host name is not known"));
}

#[test]
fn a_server_that_never_answers_ends_with_the_time() {
    let said = refused(&serve(|stream| hold(&stream)));
    assert!(said.contains("no whole reply came within 300ms"), "{said}");
}

/// Until the client goes.
fn hold(mut stream: &TcpStream) {
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
}

#[test]
fn a_server_that_dribbles_ends_with_the_time_of_the_whole_reply() {
    let url = serve(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
        let client = stream.try_clone().expect("a second handle");
        client.set_read_timeout(Some(Duration::from_millis(50))).expect("a time-out");
        // The read waits 50 ms, then a byte follows: no single gap is ever long.
        while stream.write_all(b" ").is_ok() {
            let _ = std::io::Read::read(&mut &client, &mut [0; 512]);
        }
    });
    let said = refused(&url);
    assert!(said.contains("no whole reply came within 300ms"), "{said}");
}

#[test]
fn a_body_without_end_is_read_to_its_bound() {
    let url = serve(|mut stream| {
        Asked::read(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 8_192]).is_ok() {}
    });
    let mut options = options(&url);
    options.timeout = RealDuration::millis(10_000);
    let said = within(LIMIT, move || check(&options).expect_err("it has no end").to_string());
    assert!(said.contains("larger than 1048576 bytes"), "{said}");
}

#[test]
fn what_is_no_http_is_called_so() {
    for bytes in
        [&b"SSH-2.0-OpenSSH_9.6\r\n"[..], b"\x00\xff\x00\xff\r\n\r\n", b"220 mail ready\r\n"]
    {
        let said = refused(&answers(bytes));
        assert!(said.contains("gave no reply to getNumbers"), "{said}");
        assert!(said.contains("no HTTP reply") || said.contains("broke before"), "{said}");
    }
}

#[test]
fn half_a_body_and_no_reply_at_all_are_called_so() {
    let said = refused(&answers(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"status\":"));
    assert!(said.contains("broke before the end") || said.contains("no HTTP reply"), "{said}");
    let said = refused(&answers(b""));
    assert!(said.contains("gave no reply to getNumbers"), "{said}");
}

#[test]
fn a_web_page_is_not_taken_for_the_api() {
    let page =
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>";
    let said = refused(&answers(page));
    assert!(said.contains("no endpoint") && said.contains("<html></html>"), "{said}");
}

#[test]
fn a_redirect_is_told_and_not_followed() {
    let moved = b"HTTP/1.1 301 x\r\nlocation: https://example.com/x\r\ncontent-length: 0\r\n\r\n";
    let said = refused(&answers(moved));
    assert!(said.contains("redirected to https://example.com/x"), "{said}");
    assert!(said.contains("--base-url"), "{said}");
}

#[test]
fn a_right_key_that_is_refused_everywhere_is_no_failed_case() {
    let server = start(server());
    let mut wrong = options(&server.url());
    wrong.api_key = "not-a-key-of-it".parse().expect("a key");
    let said = check(&wrong).expect_err("it is refused").to_string();
    assert!(said.contains("--api-key") && said.contains("INVALID_API_KEY"), "{said}");
    assert!(!said.contains("not-a-key-of-it"), "{said}");
}

#[test]
fn a_server_that_goes_away_in_the_middle_ends_the_run_soon_and_its_rentals_are_listed() {
    let behind = start(server());
    let url = behind.url();
    let calls = std::sync::atomic::AtomicU32::new(0);
    let proxy = serve(move |mut stream| {
        let Some(asked) = Asked::read(&mut stream) else { return };
        if calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 12 {
            return hold(&stream);
        }
        let answer = forward(&url, &asked);
        let body = answer.json.to_string();
        let head =
            format!("HTTP/1.1 {} x\r\ncontent-length: {}\r\n\r\n", answer.status, body.len());
        let _ = stream.write_all((head + &body).as_bytes());
    });
    let mut options = options(&proxy);
    options.timeout = RealDuration::millis(200);
    let run = within(LIMIT, move || checked(&options));
    assert!(super::fails_at_must(&run, "still-answers-at-the-end"), "{:?}", failures(&run));
    assert!(run.rentals.made > 0);
    assert_eq!(run.rentals.left.len(), run.rentals.made - run.rentals.cancelled);
    assert!(!run.rentals.left.is_empty());
    assert!(run.rentals.left.iter().all(|left| left.rental_id.starts_with("rent_")));
}

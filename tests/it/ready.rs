//! `ringer ready`: what it waits for, and what it does not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

use crate::process::{Running, ringer, run};

/// `ringer ready`, which would wait for longer than any test runs.
fn ready(url: &str) -> Command {
    let mut command = ringer();
    command.args(["ready", "--url", url, "--timeout", "1h"]);
    command
}

/// The URL of a server that answers everything with this.
fn answering(head: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.expect("it asks");
            let (mut asked, mut byte) = (Vec::new(), [0]);
            while !asked.ends_with(b"\r\n\r\n") && socket.read(&mut byte).is_ok_and(|n| n == 1) {
                asked.push(byte[0]);
            }
            let head = format!("HTTP/1.1 {head}\r\nconnection: close");
            let reply = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let _ = socket.write_all(reply.as_bytes());
        }
    });
    url
}

#[test]
fn ready_waits_for_a_server_and_says_why_it_gave_up() {
    let running = Running::start(ringer());
    let mut ready = ringer();
    ready.args(["ready", "--url", &format!("{}/", running.url), "--timeout", "30s"]);
    assert_eq!(run(ready), (Some(0), String::new(), String::new()));

    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    let url = format!("http://{}", nobody.expect("a free port"));
    let mut ready = ringer();
    ready.args(["ready", "--url", &url, "--timeout", "50ms"]);
    let (code, _, told) = run(ready);
    assert_eq!(code, Some(1));
    assert!(told.contains(&format!("{url} was not ready within 50ms: ")), "{told}");
    assert!(told.contains("refused"), "the cause, not that the time is over: {told}");
}

#[test]
fn ready_goes_on_asking_a_server_that_is_not_ready_yet() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let mut ready = ringer();
    ready.args(["ready", "--url", &format!("http://{address}"), "--timeout", "30s"]);
    let mut waiting = ready.spawn().expect("it runs");
    drop(listener.accept().expect("it asks"));
    for status in ["503 Service Unavailable", "200 OK"] {
        let (mut socket, _) = listener.accept().expect("it asks again");
        let _ = socket.read(&mut [0; 1_024]).expect("it sends a request");
        let reply = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        socket.write_all(reply.as_bytes()).expect("it reads");
    }
    assert_eq!(waiting.wait().expect("it ends").code(), Some(0));
}

#[test]
fn what_waiting_cannot_mend_is_told_at_once_with_the_reason_that_the_server_gives() {
    let problem = r#"{"type":"about:blank","status":403,"detail":"the Host is not known here"}"#;
    let partner =
        r#"{"status":"error","code":"NOT_FOUND","message":"no such path: ask elsewhere"}"#;
    for (head, body, said) in [
        ("403 Forbidden", problem, "HTTP 403: the Host is not known here"),
        ("401 Unauthorized", problem, "HTTP 401: the Host is not known here"),
        ("401 Unauthorized", "<h1>Who are you?</h1>", "HTTP 401"),
        (
            "404 Not Found",
            "<h1>nothing</h1>",
            "another server than ringer answers there (HTTP 404)",
        ),
        ("404 Not Found", partner, "HTTP 404: no such path: ask elsewhere"),
    ] {
        let url = answering(head, body);
        let (code, _, told) = run(ready(&url));
        assert_eq!(code, Some(1), "{told}");
        let whole = format!("{url} will not become ready: ");
        assert!(told.contains(&whole) && told.contains(said), "{told}");
    }
}

#[test]
fn a_server_that_speaks_no_tls_is_told_at_once() {
    let running = Running::start(ringer());
    let (code, _, told) = run(ready(&running.url.replace("http://", "https://")));
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("ringer itself speaks http:// only"), "{told}");
}

#[test]
fn a_url_that_is_none_is_told_at_once_with_a_right_one() {
    for url in ["http://", "http://a b", "127.0.0.1:7464", "http://127.0.0.1:port"] {
        let (code, _, told) = run(ready(url));
        assert_eq!(code, Some(2), "{url}: {told}");
        assert!(told.contains("http://127.0.0.1:7464"), "{url}: {told}");
    }
}

#[test]
fn what_is_busy_is_asked_again_and_its_reason_told_in_the_end() {
    let url = answering("503 Service Unavailable", r#"{"detail":"the disk is being mended"}"#);
    let mut command = ringer();
    command.args(["ready", "--url", &url, "--timeout", "200ms"]);
    let (code, _, told) = run(command);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("within 200ms: HTTP 503: the disk is being mended"), "{told}");
}

#[test]
fn no_proxy_is_asked_for_this_machine() {
    let running = Running::start(ringer());
    let proxy = answering("403 Forbidden", r#"{"detail":"this is the proxy"}"#);
    for host in ["127.0.0.1", "localhost"] {
        let mut command = ready(&running.url.replace("127.0.0.1", host));
        command.env("http_proxy", &proxy).env("ALL_PROXY", &proxy).env_remove("no_proxy");
        command.env_remove("NO_PROXY");
        assert_eq!(run(command), (Some(0), String::new(), String::new()), "{host}");
    }
    // The proxy is asked for any other host.
    let mut command = ringer();
    command.args(["ready", "--url", "http://ringer.internal", "--timeout", "500ms"]);
    command.env("http_proxy", &proxy).env_remove("no_proxy").env_remove("NO_PROXY");
    let (code, _, told) = run(command);
    assert_eq!(code, Some(1));
    assert!(told.contains("proxy"), "{told}");
}

#[test]
fn a_page_of_another_server_is_no_sign_that_ringer_is_ready() {
    for body in ["<html>hello</html>", r#"{"status": "sick"}"#, "[]"] {
        let (code, _, told) = run(ready(&answering("200 OK", body)));
        assert_eq!(code, Some(1), "{body}");
        assert!(told.contains("another server than ringer answers there"), "{told}");
    }
    let mut apart = ringer();
    apart.args(["--admin-addr", "127.0.0.1:0"]);
    let running = Running::start(apart);
    let (code, _, told) = run(ready(&running.url));
    assert_eq!(code, Some(1));
    assert!(told.contains("--admin-addr"), "{told}");
}

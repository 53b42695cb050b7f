//! Who may use the control API.

use ringer::{Server, ServerBuilder};
use serde_json::json;

use super::Admin;
use super::admin::Answer;
use crate::support::start;

fn guarded(builder: ServerBuilder) -> (Server, Admin) {
    let server = start(builder);
    let admin = Admin::new(&server);
    (server, admin)
}

/// Everything that changes state.
const CHANGES: [(&str, &str); 13] = [
    ("PUT", "/sandboxes/ci"),
    ("DELETE", "/sandboxes/ci"),
    ("POST", "/sandboxes/ci/reset"),
    ("POST", "/reset"),
    ("PUT", "/sandboxes/ci/clock"),
    ("POST", "/sandboxes/ci/clock/advance"),
    ("PATCH", "/sandboxes/ci/countries/US"),
    ("POST", "/sandboxes/ci/rentals/rent_1/messages"),
    ("POST", "/sandboxes/ci/faults"),
    ("DELETE", "/sandboxes/ci/faults"),
    ("DELETE", "/sandboxes/ci/requests"),
    ("POST", "/sandboxes/ci/verify"),
    ("POST", "/shutdown"),
];

fn has_no_cors(answer: &Answer) -> bool {
    !answer.head.to_lowercase().contains("access-control-")
}

#[test]
fn everything_but_health_requires_the_token() {
    let (_server, admin) = guarded(Server::builder().admin_token("s3cret"));
    assert_eq!(admin.get("/health").status, 200);
    let looks = ["/sandboxes", "/scenarios", "/metrics", "/events", "/sandboxes/ci/rentals", "/no"];
    let looks = looks.map(|path| ("GET", path));
    for (method, path) in CHANGES.into_iter().chain(looks) {
        let answer = admin.call(method, path, "");
        assert!(answer.problem(401).contains("Authorization: Bearer TOKEN"), "{answer:?}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{method} {path}");
        assert!(has_no_cors(&answer), "{answer:?}");
    }
    for wrong in ["s3cre", "s3cret2", "S3CRET", "", "x s3cret"] {
        let answer = admin.with(&format!("authorization: Bearer {wrong}")).get("/sandboxes");
        answer.problem(401);
        assert!(!answer.text.contains("s3cret"), "{answer:?}");
    }
    admin.with("authorization: Basic s3cret").get("/sandboxes").problem(401);
    for scheme in ["Bearer", "bearer"] {
        let right = admin.with(&format!("authorization: {scheme} s3cret"));
        assert_eq!(right.get("/sandboxes").list().len(), 0, "nothing was done");
    }
}

#[test]
fn only_addresses_and_known_host_names_are_accepted() {
    let (_server, admin) = guarded(Server::builder().admin_host("ringer.test"));
    for host in [
        "127.0.0.1",
        "127.0.0.1:7464",
        "10.1.2.3:80",
        "[::1]",
        "[::1]:7464",
        "[fe80::1]:1",
        "localhost",
        "localhost:7464",
        "LOCALHOST:1",
        "localhost.",
        "ringer.test",
        "ringer.test.:80",
        "Ringer.Test:7464",
    ] {
        let answer = admin.with(&format!("host: {host}")).put("/sandboxes/ci", "");
        assert_eq!(answer.status, 200, "{host}: {answer:?}");
    }
    for host in [
        "",
        "evil.example",
        "evil.example:7464",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "xringer.test",
        "ringer.test.evil",
        "2130706433",
        "0x7f000001",
    ] {
        assert_eq!(admin.with(&format!("host: {host}")).get("/health").status, 200, "{host}");
        for (method, path) in [("GET", "/sandboxes"), ("DELETE", "/sandboxes/ci")] {
            let answer = admin.with(&format!("host: {host}")).call(method, path, "");
            assert!(answer.problem(403).contains("--admin-host NAME"), "{host}: {answer:?}");
        }
    }
    // No name at all is no HTTP either.
    for host in [
        "evil.example:@127.0.0.1",
        "127.0.0.1@evil.example",
        "[::1].evil.example",
        "evil.example:80:80",
        "\u{e9}.example",
    ] {
        let answer = admin.with(&format!("host: {host}")).call("DELETE", "/sandboxes/ci", "");
        assert_eq!(answer.status, 400, "{host}: {answer:?}");
    }
    assert_eq!(admin.get("/sandboxes").list().len(), 1);
}

#[test]
fn a_foreign_page_changes_nothing() {
    let (server, admin) = guarded(Server::builder());
    admin.put("/sandboxes/ci", "").ok();
    let address = server.address();
    let port = address.port();
    for origin in [
        "null".into(),
        "https://evil.example".into(),
        "http://127.0.0.1".into(),
        "http://127.0.0.1:1".into(),
        format!("http://localhost:{port}"),
        format!("http://{address}.evil.example"),
        "\u{e9}".into(),
        String::new(),
    ] {
        for (method, path) in CHANGES {
            let page = admin.with(&format!("origin: {origin}"));
            let answer = page.call(method, path, "");
            assert!(answer.problem(403).contains("may not change"), "{origin}: {answer:?}");
            assert!(has_no_cors(&answer), "{answer:?}");
        }
        let looks = admin.with(&format!("origin: {origin}")).get("/sandboxes");
        assert!(looks.status == 200 && has_no_cors(&looks), "its browser shows it nothing");
        let preflight =
            admin.with(&format!("origin: {origin}")).call("OPTIONS", "/sandboxes/ci", "");
        assert!(preflight.status >= 400 && has_no_cors(&preflight), "{preflight:?}");
    }
    assert_eq!(admin.get("/sandboxes/ci").status, 200, "nothing was done");
    let own = admin.with(&format!("origin: http://{address}"));
    assert_eq!(own.delete("/sandboxes/ci").status, 204);
}

#[test]
fn the_page_that_a_flag_names_may_use_it() {
    let origin = "http://localhost:3000";
    let (_server, admin) = guarded(Server::builder().admin_token("t").admin_cors_origin(origin));
    let page = admin.with(&format!("origin: {origin}"));
    let preflight = page
        .with("access-control-request-method: PUT")
        .with("access-control-request-headers: authorization,content-type")
        .call("OPTIONS", "/sandboxes/ci", "");
    assert_eq!((preflight.status, preflight.text.as_str()), (204, ""), "{preflight:?}");
    let allowed = preflight.header("access-control-allow-methods").expect("methods");
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        assert!(allowed.contains(method), "{allowed}");
    }
    let headers = preflight.header("access-control-allow-headers").expect("headers");
    assert!(headers.contains("Authorization") && headers.contains("Content-Type"), "{headers}");
    let refused = page.put("/sandboxes/ci", "");
    refused.problem(401);
    let made = page.with("authorization: Bearer t").put("/sandboxes/ci", "");
    assert_eq!(made.status, 200);
    for answer in [&preflight, &refused, &made] {
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{answer:?}");
        assert_eq!(answer.header("vary"), Some("Origin"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
    let other = admin.with("origin: http://localhost:3001").with("authorization: Bearer t");
    other.put("/sandboxes/ci", "").problem(403);
    assert_eq!(other.call("OPTIONS", "/sandboxes/ci", "").status, 403);
}

#[test]
fn the_partner_api_requires_none_of_this() {
    let (server, _) = guarded(Server::builder().admin_token("t"));
    let client = crate::support::Client::new(&server, "ci");
    let reply = client.get_with_header("/getNumbers?api_key=ci", "origin", "https://evil.example");
    assert_eq!(reply.status, 200);
}

#[test]
fn an_embedded_server_that_others_reach_generates_a_token() {
    let server = start(Server::builder().host("0.0.0.0"));
    let token = server.admin_token().expect("it has one").to_owned();
    let admin = Admin::at(&format!("127.0.0.1:{}", server.address().port()));
    admin.get("/sandboxes").problem(401);
    assert_eq!(admin.with(&format!("authorization: Bearer {token}")).get("/sandboxes").status, 200);
    assert!(
        token.len() >= 32 && start(Server::builder().host("0.0.0.0")).admin_token() != Some(&token)
    );
    assert_eq!(start(Server::builder()).admin_token(), None);
    let apart = Server::builder().host("0.0.0.0").admin_address("127.0.0.1", 0);
    assert_eq!(start(apart).admin_token(), None, "only this machine reaches it");
    let told = json!(admin.get("/health").status);
    assert_eq!(told, 200);
}

#[test]
fn a_request_without_the_token_is_refused_before_its_body_arrives() {
    use std::io::{Read, Write};
    let patience = std::time::Duration::from_secs(3_600);
    let server = start(Server::builder().admin_token("s3cret").request_timeout(patience));
    for more in ["", "expect: 100-continue\r\n"] {
        let mut socket = std::net::TcpStream::connect(server.address()).expect("it accepts");
        socket.set_read_timeout(Some(std::time::Duration::from_secs(30))).expect("it can be set");
        let head = format!(
            "PUT /__admin/sandboxes/ci HTTP/1.1\r\nhost: localhost\r\n{more}content-length: 900000\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).expect("it reads");
        let mut reply = Vec::new();
        while !String::from_utf8_lossy(&reply).contains("HTTP/1.1 401 ") {
            let mut byte = [0];
            assert_eq!(socket.read(&mut byte).expect("it answers"), 1, "{reply:?}");
            reply.extend_from_slice(&byte);
        }
    }
}

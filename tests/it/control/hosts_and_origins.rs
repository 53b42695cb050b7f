//! The names under which the control API answers, and the pages that may use it.

use ringer::Server;

use super::Admin;
use crate::process::{ringer, run};
use crate::support::start;

const ANY_NAMES: [&str; 4] = ["ringer:7464", "host.docker.internal", "evil.example", ""];

#[test]
fn any_host_name_is_accepted_with_the_right_token_and_by_open_routes() {
    for builder in [Server::builder().admin_token("t"), Server::builder()] {
        let server = start(builder);
        let admin = Admin::new(&server);
        for name in ANY_NAMES {
            let named = admin.with(&format!("host: {name}"));
            assert_eq!(named.get("/health").status, 200, "{name}");
            if server.admin_token().is_none() {
                assert!(named.get("/sandboxes").problem(403).contains("--admin-host"), "{name}");
                continue;
            }
            let right = named.with("authorization: Bearer t");
            assert_eq!(right.put("/sandboxes/ci", "").status, 200, "{name}");
            // What is missing is the token: no name would help.
            assert!(named.get("/sandboxes").problem(401).contains("RINGER_ADMIN_TOKEN"), "{name}");
            let wrong = named.with("authorization: Bearer x").get("/sandboxes").problem(401);
            assert!(wrong.contains("token is wrong"), "{wrong}");
        }
    }
}

#[test]
fn a_host_pattern_accepts_the_names_that_it_matches() {
    for (pattern, welcome, unknown) in [
        (
            "ringer",
            &["ringer", "RINGER:80", "ringer."][..],
            &["ringer.x", "xringer", "x.ringer"][..],
        ),
        ("ringer:7464", &["ringer", "ringer:7464", "ringer:1"], &["xringer", "ringer.x:7464"]),
        (" my_app-1.Corp. ", &["my_app-1.corp:80"], &["corp", "app-1.corp"]),
        ("*.internal", &["a.internal", "a.b.internal:1", "internal"], &["xinternal", "internal.x"]),
        (".internal", &["a.internal", "a.b.INTERNAL", "internal"], &["xinternal", "a.internal.x"]),
        ("*.internal:80", &["a.internal"], &["a"]),
        ("10.0.0.7", &["10.0.0.7:7464", "127.0.0.1"], &["evil.example"]),
        ("[::1]:7464", &["[::1]"], &["evil.example"]),
        ("*", &["a", "a.b:80"], &[]),
        ("*:7464", &["a"], &[]),
    ] {
        let server = start(Server::builder().admin_host(pattern));
        let admin = Admin::new(&server);
        let status = |name: &&str| admin.with(&format!("host: {name}")).get("/sandboxes").status;
        for name in welcome {
            assert_eq!(status(name), 200, "{pattern}: {name}");
        }
        for name in unknown {
            assert_eq!(status(name), 403, "{pattern}: {name}");
        }
    }
}

/// What `--admin-host` refuses, and the right value that it names.
const NO_HOSTS: [(&str, &str); 17] = [
    ("http://ringer", "write ringer"),
    ("https://ringer:7464/__admin?x", "write ringer:7464"),
    ("user@ringer", "write ringer"),
    ("ringer/__admin", "write ringer"),
    ("http://*.internal/", "write *.internal"),
    ("a b", "*.internal"),
    ("", "or * (any)"),
    (" ", "or * (any)"),
    ("a..b", "ringer"),
    ("a.*.b", "ringer"),
    ("ring*", "ringer"),
    ("*.", "or * (any)"),
    ("*.*", "ringer"),
    ("*internal", "ringer"),
    ("ringer:http", "ringer"),
    ("ringer:70000", "ringer"),
    ("r\u{ef}nger", "ringer"),
];

/// What `--admin-cors-origin` refuses, and the right value that it names.
const NO_ORIGINS: [(&str, &str); 17] = [
    ("http://localhost:3000/", "write http://localhost:3000"),
    ("HTTPS://App.Example:443/x?y#z", "write https://app.example"),
    ("http://me:pw@localhost:3000", "write http://localhost:3000"),
    ("localhost:3000", "write http://localhost:3000"),
    ("app.example/", "write http://app.example"),
    ("javascript:", "write http://localhost:3000"),
    ("javascript:alert(1)", "write http://localhost:3000"),
    ("file:///x", "write http://localhost:3000"),
    ("ftp://a", "write http://localhost:3000"),
    ("", "write http://localhost:3000"),
    ("*", "write http://localhost:3000"),
    ("null", "http://localhost:3000"),
    ("http://", "write http://localhost:3000"),
    ("http://a b", "write http://localhost:3000"),
    ("http://*.a", "write http://localhost:3000"),
    ("http://a:70000", "write http://localhost:3000"),
    ("http://a,http://b", "a web page"),
];

#[test]
fn settings_that_can_never_work_are_refused_at_start_with_what_would() {
    let hosts = NO_HOSTS.map(|(value, right)| ("--admin-host", value, right));
    let origins = NO_ORIGINS.map(|(value, right)| ("--admin-cors-origin", value, right));
    for (flag, value, right) in hosts.into_iter().chain(origins) {
        let (setting, builder) = match flag {
            "--admin-host" => ("admin_host", Server::builder().admin_host(value)),
            _ => ("admin_cors_origin", Server::builder().admin_cors_origin(value)),
        };
        let in_process = builder.start().expect_err(value).to_string();
        let mut command = ringer();
        command.args([flag, value]);
        let (code, _, told) = run(command);
        assert_eq!(code, Some(2), "{flag} {value:?}: {told}");
        for (name, told) in [(setting, in_process), (flag, told)] {
            assert!(told.contains(name) && told.contains(right), "{value:?}: {told}");
            assert!(told.contains(&format!("{:?} is ", value.trim())), "{value:?}: {told}");
        }
    }
    let mistakes = Server::builder().admin_host("a b").admin_token("").start();
    let told = mistakes.expect_err("two mistakes").to_string();
    assert!(told.starts_with("admin_host: "), "the first is told: {told}");
    let told = Server::builder().admin_token("a b").start().expect_err("a blank").to_string();
    assert!(told.starts_with("admin_token: must") && !told.contains("a b"), "{told}");
}

#[test]
fn an_origin_is_matched_as_browsers_write_it() {
    for (given, sent) in [
        ("http://localhost:3000", "http://localhost:3000"),
        ("HTTP://LocalHost:080", "http://localhost"),
        ("https://app.example:443", "https://app.example"),
        ("https://app.example:80", "https://app.example:80"),
        ("http://[0:0::1]:3000", "http://[::1]:3000"),
    ] {
        let server = start(Server::builder().admin_cors_origin(given));
        let page = Admin::new(&server).with(&format!("origin: {sent}"));
        let answer = page.put("/sandboxes/ci", "");
        assert_eq!(answer.status, 200, "{given}: {answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(sent), "{given}");
    }
}

#[test]
fn a_refused_page_is_told_of_the_flag_only_if_it_would_help() {
    let server = start(Server::builder());
    for (origin, hint) in [("http://localhost:3000", true), ("null", false), ("x", false)] {
        let page = Admin::new(&server).with(&format!("origin: {origin}"));
        let told = page.put("/sandboxes/ci", "").problem(403);
        assert_eq!(told.contains("--admin-cors-origin"), hint, "{told}");
    }
}

#[test]
fn only_the_named_page_passes_a_preflight_and_only_with_a_known_host() {
    let origin = "http://localhost:3000";
    let asks = "access-control-request-method: PUT";
    let without_token = start(Server::builder().admin_cors_origin(origin));
    let with_token = start(Server::builder().admin_cors_origin(origin).admin_token("t"));
    for (server, foreign_name) in [(&without_token, 403), (&with_token, 204)] {
        let ask = |origin: &str, host: &str| {
            let page = Admin::new(server).with(&format!("origin: {origin}")).with(asks);
            page.with(&format!("host: {host}")).call("OPTIONS", "/sandboxes/ci", "").status
        };
        assert_eq!(ask(origin, "127.0.0.1"), 204);
        assert_eq!(ask(origin, "ringer:7464"), foreign_name);
        assert!(matches!(ask("http://localhost:3001", "127.0.0.1"), 401 | 403));
        // One that asks for nothing is no preflight.
        let plain = Admin::new(server).with(&format!("origin: {origin}"));
        let plain = plain.call("OPTIONS", "/sandboxes/ci", "").status;
        assert_eq!(plain, if foreign_name == 403 { 405 } else { 401 });
    }
}

#[test]
fn the_named_page_may_also_read_open_routes() {
    let origin = "http://localhost:3000";
    let server = start(Server::builder().admin_cors_origin(origin).admin_token("t"));
    for path in ["/openapi.json", "/docs", "/__admin/health"] {
        let url = format!("{}{path}", server.url());
        let reply = ureq::get(url).header("origin", origin).call().expect("it is open");
        assert_eq!(reply.headers()["access-control-allow-origin"], origin, "{path}");
        assert_eq!(reply.headers()["vary"], "Origin", "{path}");
    }
    let file = ureq::get(format!("{}/__console/app.js", server.url())).call().expect("it is open");
    let vary: Vec<_> = file.headers().get_all("vary").iter().collect();
    assert_eq!(vary, ["Accept", "Origin"]);
}

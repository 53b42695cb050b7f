//! Figures, health and a graceful end.

use std::collections::{HashMap, HashSet};
use std::net::TcpStream;
use std::thread;

use serde_json::json;

use super::{Admin, one_sms, play};
use crate::faults::socket::until;
use crate::process::{Running, ringer};
use crate::support::Client;

/// Reads the text as Prometheus does; what it could not read fails.
fn samples(admin: &Admin) -> HashMap<String, f64> {
    let answer = admin.get("/metrics");
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    assert!(answer.text.ends_with('\n'), "the last line ends too");
    let (mut helped, mut types, mut samples) = (HashSet::new(), HashMap::new(), HashMap::new());
    let is_name = |name: &str| {
        let mut bytes = name.bytes();
        bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    for line in answer.text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect("a help");
            assert!(helped.insert(name.to_owned()) && !help.is_empty(), "{line}");
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a type");
            assert!(["gauge", "counter"].contains(&kind), "{line}");
            assert_eq!(types.insert(name.to_owned(), kind.to_owned()), None, "{line}");
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
            assert!(is_name(name) && helped.contains(name), "{line}");
            assert_eq!(types[name] == "counter", name.ends_with("_total"), "{line}");
            for label in labels.trim_end_matches('}').split(',').filter(|l| !l.is_empty()) {
                let (label, value) = label.split_once('=').expect("a label");
                assert!(is_name(label) && value.starts_with('"') && value.ends_with('"'), "{line}");
            }
            let value = value.parse().expect("a number");
            assert_eq!(samples.insert(series.to_owned(), value), None, "{line} stands twice");
        }
    }
    samples
}

#[test]
fn the_metrics_can_be_read_and_the_counters_rise() {
    let (server, admin, client) = play(one_sms());
    let before = samples(&admin);
    assert_eq!((before["ringer_sandboxes"], before["ringer_live_rentals"]), (0.0, 0.0));
    let id = client.rent("DE").rental_id();
    Client::new(&server, "other").rent("DE");
    client.rent("FR");
    client.poll(&id);
    let first = samples(&admin);
    assert_eq!((first["ringer_sandboxes"], first["ringer_live_rentals"]), (2.0, 2.0));
    let count = |samples: &HashMap<String, f64>, endpoint: &str, outcome: &str| {
        let series =
            format!("ringer_requests_total{{endpoint=\"{endpoint}\",outcome=\"{outcome}\"}}");
        samples.get(&series).copied().unwrap_or_default()
    };
    assert_eq!(count(&first, "rentNumber", "success"), 2.0);
    assert_eq!(count(&first, "rentNumber", "NO_NUMBERS"), 1.0);
    assert_eq!(count(&first, "getSMS", "success"), 1.0);
    client.poll(&id);
    admin.post("/reset", "").ok();
    let second = samples(&admin);
    assert_eq!(count(&second, "getSMS", "success"), 2.0, "a reset takes nothing from a counter");
    assert_eq!(second["ringer_live_rentals"], 0.0);
    assert!(second["ringer_uptime_seconds"] >= first["ringer_uptime_seconds"]);
}

#[test]
fn a_call_whose_client_disconnected_is_counted() {
    use std::io::Write;
    let (server, admin, client) = play(one_sms());
    let rule = r#"{"where": ["getNumbers"], "what": {"delay": "1h"}}"#;
    admin.post("/sandboxes/ci/faults", rule);
    let mut socket = TcpStream::connect(server.address()).expect("it accepts");
    let get = b"GET /getNumbers?api_key=ci HTTP/1.1\r\nhost: a\r\n\r\n";
    socket.write_all(get).expect("it reads");
    until("it is held up", || admin.get("/sandboxes/ci/faults").list()[0]["fired"] == 1);
    drop(socket);
    until("it is given up", || admin.get("/sandboxes/ci").ok()["requests"] == 1);
    let series = "ringer_requests_total{endpoint=\"getNumbers\",outcome=\"no_reply\"}";
    // It is written into the journal a moment before it is counted.
    until("it is counted", || samples(&admin).get(series) == Some(&1.0));
    assert_eq!(client.rent("DE").status, 200);
}

#[test]
fn health_says_that_the_server_is_healthy() {
    let (_server, admin, _) = play(one_sms());
    let mut health = admin.get("/health").ok();
    assert!(health["uptime_seconds"].take().is_u64());
    assert_eq!(
        health,
        json!({"status": "healthy", "version": env!("CARGO_PKG_VERSION"), "uptime_seconds": null,
               "default_scenario": "one-sms"})
    );
}

#[test]
fn a_shutdown_ends_the_process_with_0() {
    let running = Running::start(ringer());
    let admin = Admin::at(&running.address());
    let mut events = admin.listen("/events");
    let answer = admin.post("/shutdown", "");
    assert_eq!((answer.status, &answer.json), (202, &json!({"status": "stopping"})));
    assert_eq!(events.by_ref().find(|(name, _)| name != "resync"), None, "who listens is let go");
    let (code, _, log) = running.wait();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopping on request"), "{log}");
}

#[test]
fn a_shutdown_ends_a_server_in_this_process_and_answers_what_is_in_flight() {
    let (mut server, admin, client) = play(one_sms());
    let address = server.address();
    let rule = r#"{"where": ["rentNumber"], "what": {"delay": "1h"}}"#;
    admin.post("/sandboxes/ci/faults", rule);
    let held = thread::spawn(move || client.rent("DE"));
    until("it is held up", || admin.get("/sandboxes/ci/faults").list()[0]["fired"] == 1);
    let waiting = {
        let admin = admin.clone();
        let body = r#"{"endpoint": "getSMS", "timeout": "1h"}"#;
        thread::spawn(move || admin.post("/sandboxes/waiting/verify", body))
    };
    until("it waits", || admin.get("/sandboxes/waiting").status == 200);
    assert_eq!(admin.post("/shutdown", "").status, 202);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(server.ended());
    assert_eq!(held.join().expect("it ends").status, 200, "held up no longer");
    assert_eq!(waiting.join().expect("it ends").status, 406, "waited for no longer");
    assert!(TcpStream::connect(address).is_err());
}

//! The report on a client: each mistake is found, and a client that nearly makes it is not blamed.

mod calls;
mod capsule;
mod careful;
mod door;
mod formats;
mod numbers;
mod rentals;
mod renting;
mod replay;
mod style;

use std::io::{Read, Write};
use std::net::TcpStream;

use ringer::Sandbox;
use ringer::scenario::{Clock, Scenario, seconds, sms, steps, usual_countries};
use ringer::{ScenarioChoice, Server};
use serde_json::Value;

use crate::support::{Client, start};

/// A server with a scenario and a clock, a client of it, and the client's sandbox.
struct Play {
    server: Server,
    client: Client,
    sandbox: Sandbox,
}

fn play(scenario: impl Into<ScenarioChoice>, clock: Clock) -> Play {
    let server = start(Server::builder().scenario(scenario).clock(clock));
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    Play { server, client, sandbox }
}

fn frozen_play(scenario: impl Into<ScenarioChoice>) -> Play {
    play(scenario, Clock::frozen())
}

/// The usual countries, and an SMS after 8 s.
fn base() -> Scenario {
    ringer::scenario::scenario("base")
        .countries(usual_countries())
        .script(steps().sms(seconds(8), sms()))
}

impl Play {
    fn report(&self, query: &str) -> Value {
        let reply = self.client.get(&format!("/__admin/sandboxes/ci/report{query}"));
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json
    }

    /// Each finding with its severity.
    fn found(&self) -> Vec<String> {
        names(&self.report(""))
    }

    /// The same, as if the client had finished.
    fn found_at_the_end(&self) -> Vec<String> {
        names(&self.report("?final=true"))
    }

    fn finding(&self, id: &str) -> Value {
        let report = self.report("?final=true");
        let findings = report["findings"].as_array().expect("a list");
        let found = findings.iter().find(|finding| finding["id"] == id);
        found.unwrap_or_else(|| panic!("no {id}: {report}")).clone()
    }

    /// Sends a rentNumber whose reply may be lost or damaged; returns the bytes that came.
    fn rent_raw(&self, country: &str) -> Vec<u8> {
        let mut socket = self.send_rent(country);
        let mut bytes = Vec::new();
        // A reset ends the reply too.
        let _ = socket.read_to_end(&mut bytes);
        bytes
    }

    /// Sends these bytes and gives the reply.
    fn raw(&self, request: &str) -> String {
        let mut socket = TcpStream::connect(self.server.address()).expect("it accepts");
        socket.write_all(request.as_bytes()).expect("it reads");
        let mut bytes = Vec::new();
        let _ = socket.read_to_end(&mut bytes);
        String::from_utf8(bytes).expect("text")
    }

    fn send_rent(&self, country: &str) -> TcpStream {
        let mut socket = TcpStream::connect(self.server.address()).expect("it accepts");
        let body = format!("api_key=ci&country={country}");
        let head = "POST /rentNumber HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                    content-type: application/x-www-form-urlencoded\r\n";
        let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        socket.write_all(request.as_bytes()).expect("it reads");
        socket
    }

    fn advance(&self, by: u64) {
        self.sandbox.clock().advance(seconds(by));
    }
}

fn names(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings.iter().map(|f| format!("{} {}", text(&f["severity"]), text(&f["id"]))).collect()
}

#[test]
fn a_good_client_has_no_findings() {
    let play = frozen_play("happy-path");
    assert_eq!(play.found(), [""; 0]);
    let id = play.client.rent("US").rental_id();
    assert_eq!(play.found(), [""; 0], "it has only begun");
    play.client.poll(&id);
    play.advance(8);
    play.client.poll(&id);
    assert_eq!(play.found_at_the_end(), [""; 0]);
    play.advance(1_192);
    assert_eq!(play.found_at_the_end(), [""; 0], "it is sold, and ends by itself");
    let report = play.report("");
    let keys: Vec<&String> = report.as_object().expect("an object").keys().collect();
    let expected = [
        "api_key",
        "audit",
        "coverage",
        "findings",
        "grade",
        "label",
        "scenario",
        "story",
        "summary",
        "unfired_faults",
    ];
    assert_eq!(keys, expected);
}

#[test]
fn a_client_is_not_blamed_for_requests_that_the_journal_has_forgotten() {
    let builder = Server::builder().clock(Clock::frozen()).max_journal_entries(1);
    let server = start(builder);
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    let read = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(8));
    client.poll(&read);
    client.get_numbers();
    sandbox.clock().advance(seconds(1_192));
    assert!(sandbox.final_report().findings.is_empty());

    let play = frozen_play("happy-path");
    play.client.rent("US");
    play.advance(1_200);
    assert_eq!(play.found(), ["error leaked-rental", "warning never-polled"]);
    play.sandbox.journal().clear();
    assert_eq!(play.found(), [""; 0]);
}

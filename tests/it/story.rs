//! Whether the story of a scenario has been told: the report's `story`.

use std::io::Write;
use std::net::TcpStream;

use ringer::report::Story;
use ringer::scenario::*;
use ringer::{Sandbox, Server, bundled_scenarios};
use serde_json::{Value, json};

use crate::support::{Client, frozen, start};

/// A client that hears whatever comes, and minds nothing.
struct Listener {
    agent: ureq::Agent,
    url: String,
    key: String,
    sandbox: Sandbox,
    /// Whether the test moves the clock; else the polls do.
    moves_clock: bool,
}

impl Listener {
    /// On this scenario, with this clock unless the scenario's own.
    fn new(server: &Server, scenario: &str, clock: Clock) -> Self {
        let key = format!("told@{scenario}");
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = config.max_redirects(0).build().into();
        let sandbox = server.sandbox(&key).expect("the key is good");
        let moves_clock = !matches!(clock, Clock::PerPoll { .. });
        Self { agent, url: server.url(), key, sandbox, moves_clock }
    }

    fn post(&self, endpoint: &str, name: &str, value: &str) -> Value {
        let url = format!("{}/{endpoint}", self.url);
        let sent = self.agent.post(url).send_form([("api_key", self.key.as_str()), (name, value)]);
        let text = sent.and_then(|mut reply| reply.body_mut().read_to_string());
        text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    fn get(&self, endpoint: &str, more: &str) {
        let url = format!("{}/{endpoint}?api_key={}{more}", self.url, self.key);
        let _ = self.agent.get(url).call().and_then(|mut it| it.body_mut().read_to_string());
    }

    /// The id of the rental, where one was made and told.
    fn rent(&self, country: &str) -> String {
        let rented = self.post("rentNumber", "country", country);
        rented["rental_id"].as_str().unwrap_or_default().to_owned()
    }

    /// Rents a number, and does not wait for the reply: it comes after 35 s.
    fn rent_and_leave(&self, server: &Server) {
        let body = format!("api_key={}&country=US", self.key);
        let mut socket = TcpStream::connect(server.address()).expect("it listens");
        let head = "POST /rentNumber HTTP/1.1\r\nHost: localhost\r\nContent-Type: \
                    application/x-www-form-urlencoded";
        let sent = write!(socket, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        sent.expect("it is read");
        let until = json!({"endpoint": "rentNumber", "timeout": "60s"}).to_string();
        let url = format!("{}/sandboxes/{}/verify", server.admin_url(), self.key);
        let seen = self.agent.post(url).send(until).expect("it is seen");
        assert_eq!(seen.status(), 200);
    }

    fn cancel(&self, id: &str) {
        self.post("cancelNumber", "rental_id", id);
    }

    fn poll(&self, id: &str) {
        self.get("getSMS", &format!("&rental_id={id}"));
    }

    /// Polls every four seconds of virtual time.
    fn poll_for(&self, id: &str, span: u64) {
        for _ in 0..=span / 4 {
            if self.moves_clock {
                self.sandbox.clock().advance(seconds(4));
            }
            self.poll(id);
        }
    }

    fn story(&self) -> Story {
        self.sandbox.report().story
    }

    /// Goes through the story of a scenario.
    fn live_through(&self, scenario: &str, server: &Server) {
        match scenario {
            "rent-timeout-but-rented" => self.rent_and_leave(server),
            "documentation" => self.poll_for(&self.rent("US"), 15 * 60),
            "no-sms-expires" | "late-sms-after-expiry" => self.poll_for(&self.rent("US"), 1_210),
            "cancel-refund" | "early-cancel-denied" | "sms-during-cancel" => {
                self.cancel(&self.rent("US"));
            }
            "cancel-after-sms-refused" => {
                let id = self.rent("US");
                self.poll_for(&id, 8);
                self.cancel(&id);
            }
            "double-cancel-refused" => {
                let id = self.rent("US");
                self.cancel(&id);
                self.cancel(&id);
            }
            "out-of-stock" | "ghost-stock" | "errors-as-200" => drop(self.rent("DE")),
            "stale-stock" => (0..4).for_each(|_| drop(self.rent("DE"))),
            // Without a rental there is no poll that could move a per_poll clock.
            "restock" => {
                self.rent("DE");
                self.sandbox.clock().advance(seconds(60));
                self.rent("DE");
            }
            "rate-limited" => {
                let id = self.rent("US");
                self.poll(&id);
                self.poll(&id);
            }
            "maintenance-window" => self.poll_for(&self.rent("US"), 32),
            "flaky-soup" => {
                let is_told = |_: &u32| self.story().met;
                (0..100).find(|turn| {
                    self.get("getNumbers", "");
                    is_told(turn)
                });
            }
            "slow-sms" => self.poll_for(&self.rent("US"), 95),
            "two-sms-second-good" | "out-of-order" => self.poll_for(&self.rent("US"), 14),
            "same-code-resent" => self.poll_for(&self.rent("US"), 40),
            _ => self.poll_for(&self.rent("US"), 10),
        }
    }
}

fn clocks() -> [Clock; 4] {
    // Realtime and scaled clocks are moved by hand too, since no test may sleep.
    let scaled = Clock::scaled(Rate::new(2.0).expect("above 0"));
    [Clock::realtime(), scaled, Clock::frozen(), Clock::per_poll(seconds(4))]
}

#[test]
fn every_bundled_story_can_be_told_under_each_of_the_four_clocks() {
    let under = |clock: Clock| {
        std::thread::spawn(move || {
            let server = start(Server::builder().clock(clock));
            for Scenario { name, .. } in bundled_scenarios() {
                let client = Listener::new(&server, &name, clock);
                assert!(!client.story().met, "{name} under {clock}: nothing has happened");
                client.live_through(&name, &server);
                let story = client.story();
                assert!(story.met, "{name} under {clock}: {:?}", story.missing);
                assert_eq!(story.missing, None);
            }
        })
    };
    for played in clocks().map(under) {
        played.join().expect("all were told");
    }
}

#[test]
fn a_client_that_only_looks_is_told_of_no_story_and_how_it_gets_there() {
    let server = start(frozen());
    for Scenario { name, .. } in bundled_scenarios() {
        let client = Listener::new(&server, &name, Clock::frozen());
        client.get("getNumbers", "");
        let Story { met, missing, .. } = client.story();
        assert!(!met, "{name}");
        let missing = missing.expect("it says what is missing");
        assert!(missing.contains(": ") && missing.ends_with('.'), "{name}: {missing}");
    }
}

#[test]
fn a_client_that_reads_one_sms_and_leaves_misses_the_stories_that_need_more() {
    let server = start(frozen());
    let mut scenarios = bundled_scenarios();
    // Its reply comes after 35 s, and whether a fault of flaky-soup strikes is a matter of luck.
    scenarios.retain(|it| !["rent-timeout-but-rented", "flaky-soup"].contains(&&*it.name));
    let missed = scenarios.into_iter().filter(|scenario| {
        let client = Listener::new(&server, &scenario.name, Clock::frozen());
        let id = client.rent("US");
        client.sandbox.clock().advance(seconds(8));
        client.poll(&id);
        !client.story().met
    });
    let missed: Vec<String> = missed.map(|scenario| scenario.name).collect();
    let right = "documentation slow-sms no-sms-expires cancel-refund early-cancel-denied \
        cancel-after-sms-refused double-cancel-refused out-of-stock stale-stock restock \
        two-sms-second-good same-code-resent duplicate-sms out-of-order multipart-scrambled \
        late-sms-after-expiry sms-during-cancel rate-limited maintenance-window errors-as-200";
    assert_eq!(missed.join(" "), right);
}

/// A sandbox on a scenario with these milestones.
fn expecting(expects: Value) -> (Server, Client, impl Fn() -> Value) {
    let server = start(frozen());
    let client = Client::new(&server, "own");
    let scenario = json!({
        "name": "own", "countries": [{"country": "US", "available": 3}], "expects": expects,
    });
    let put = json!({"scenario": scenario}).to_string();
    let reply = ureq::put(format!("{}/sandboxes/own", server.admin_url())).send(put);
    assert_eq!(reply.expect("it is taken").status(), 200);
    let reader = client.clone();
    let story = move || reader.get("/__admin/sandboxes/own/report").json["story"].clone();
    (server, client, story)
}

#[test]
fn a_scenario_of_ones_own_says_in_json_what_must_have_happened() {
    let expects = json!([
        {"endpoint": "getNumbers", "outcome": "success", "count": 2, "hint": "look twice"},
        {"endpoint": "cancelNumber", "status": 404},
        {"event": "expiry"},
    ]);
    let (server, client, story) = expecting(expects);
    let missing = |said: &str| assert_eq!(story(), json!({"met": false, "missing": said}));
    missing("No getNumbers call succeeded: look twice.");
    client.get_numbers();
    missing("Only 1 of 2 times a getNumbers call succeeded: look twice.");
    client.get_numbers();
    missing("No cancelNumber call got the status 404.");
    client.cancel("rent_1");
    let frozen = "No rental expired. The clock is frozen: it moves only when a test moves it.";
    missing(frozen);
    client.rent("US");
    let sandbox = server.sandbox("own").expect("it is open");
    sandbox.clock().advance(seconds(1_200));
    assert_eq!(story(), json!({"met": true, "missing": null}));
    // The record outlives the journal, and a reset begins the story anew.
    sandbox.journal().clear();
    assert_eq!(story()["met"], true);
    client.post_json("/__admin/sandboxes/own/reset", &json!({}));
    missing("No getNumbers call succeeded: look twice.");
}

#[test]
fn without_milestones_every_story_is_told() {
    let (_server, _client, story) = expecting(json!([]));
    assert_eq!(story(), json!({"met": true, "missing": null}));
}

#[test]
fn a_story_is_not_forgotten_by_a_journal_that_keeps_one_request() {
    let builder = frozen().scenario("out-of-stock").max_journal_entries(1);
    let server = start(builder);
    let client = Client::new(&server, "ci");
    client.rent("DE");
    client.get_numbers();
    assert!(server.sandbox("ci").expect("it is open").report().story.met);
}

#[test]
fn a_key_that_asks_for_an_error_has_that_error_for_its_story() {
    let server = start(Server::builder());
    let client = Client::new(&server, "test_banned");
    let story = || server.sandbox("test_banned").expect("it is open").report().story;
    assert_eq!(story().missing.as_deref(), Some("No call was refused with KEY_BANNED."));
    client.get_numbers();
    assert!(story().met);
}

#[test]
fn a_milestone_that_makes_no_sense_is_refused_by_its_field() {
    for (milestone, said) in [
        (json!({}), "says nothing; give a call"),
        (json!({"hint": "x"}), "says nothing; give a call"),
        (json!({"event": "expiry", "endpoint": "getSMS"}), "leave endpoint, code, status"),
        (json!({"endpoint": "getSMS", "code": "NO_NUMBERS", "status": 409}), "give one of code"),
        (json!({"event": "expired"}), "did you mean expiry?"),
        (json!({"endpont": "getSMS"}), "did you mean `endpoint`?"),
        (json!({"endpoint": "getSMS", "count": 0}), "1 or more is right"),
        (json!({"endpoint": "getSMS", "hint": "x".repeat(501)}), "more than 500 characters"),
    ] {
        let scenario = json!({
            "name": "own", "countries": [{"country": "US"}], "expects": [milestone],
        });
        let problems = Scenario::from_json(&scenario.to_string()).expect_err("it makes no sense");
        assert!(problems[0].path.starts_with("expects[0]"), "{problems:?}");
        assert!(problems[0].message.contains(said), "{problems:?}");
    }
}

#[test]
fn milestones_come_back_from_json_as_they_were() {
    for scenario in bundled_scenarios() {
        assert!(!scenario.expects.is_empty(), "{}", scenario.name);
        let json = serde_json::to_string(&scenario.expects).expect("plain data");
        let read: Vec<Milestone> = serde_json::from_str(&json).expect(&json);
        assert_eq!(read, scenario.expects);
        let told = scenario.timeline();
        assert!(told.contains(&format!("told once:\n  {}", scenario.expects[0])), "{told}");
    }
}

//! docs/clock.md: which scenarios a clock disarms is measured by playing them.

use std::collections::HashMap;
use std::time::Duration;

use ringer::Server;
use ringer::scenario::*;
use serde_json::Value;

use super::{part, run_lines_of, text};
use crate::careful::Careful;
use crate::support::{Client, frozen, start};

const PAGE: &str = "docs/clock.md";

/// How a client waits, and so how much virtual time passes.
#[derive(Clone, Copy, Debug)]
enum Waiting {
    /// `per_poll`, and every pause is 0.
    Step { seconds: u64 },
    /// The client pauses while virtual time runs at this rate. No test may sleep, so a frozen clock
    /// stands in: it moves by the pause times the rate.
    Pause { rate: u64 },
}

const HOOK: Waiting = Waiting::Pause { rate: 1 };
const NO_PAUSE: Waiting = Waiting::Step { seconds: 4 };
const OWN_PAUSE: Waiting = Waiting::Pause { rate: 60 };

/// A call of the client, as the control API shows it.
struct Call(Value);

impl Call {
    fn is(&self, endpoint: &str) -> bool {
        self.0["endpoint"] == endpoint
    }

    fn code(&self) -> &str {
        self.0["code"].as_str().unwrap_or_default()
    }

    fn has_worked(&self) -> bool {
        self.0["status"] == 200 && self.0["code"].is_null() && self.0["fault"].is_null()
    }

    /// How many messages a getSMS showed.
    fn messages(&self) -> usize {
        let body = self.0["body"].as_str().unwrap_or_default();
        body.matches(r#""received_at":"#).count()
    }
}

/// All calls of a client, in their order.
struct Story(Vec<Call>);

impl Story {
    fn polls(&self) -> impl Iterator<Item = &Call> {
        self.0.iter().filter(|call| call.is("getSMS") && call.has_worked())
    }

    fn empty_polls(&self) -> usize {
        self.polls().take_while(|poll| poll.messages() == 0).count()
    }

    fn saw(&self, messages: usize) -> bool {
        self.polls().any(|poll| poll.messages() == messages)
    }

    fn met(&self, endpoint: &str, code: &str) -> bool {
        self.0.iter().any(|call| call.is(endpoint) && call.code() == code)
    }

    /// A call of the endpoint was refused so, and a later one of the same endpoint worked.
    fn got_past(&self, endpoint: &str, code: &str) -> bool {
        let mut calls = self.0.iter().filter(|call| call.is(endpoint));
        calls.any(|call| call.code() == code) && calls.any(Call::has_worked)
    }

    fn faults(&self, endpoint: &str) -> usize {
        self.0.iter().filter(|call| call.is(endpoint) && !call.0["fault"].is_null()).count()
    }

    /// Whether what the scenario is about has happened to the client.
    fn happened(&self, scenario: &str) -> bool {
        match scenario {
            // A client with a patience of a minute would have given up.
            "slow-sms" => self.empty_polls() >= 15 && self.saw(1),
            "no-sms-expires" => self.met("cancelNumber", "RENTAL_EXPIRED"),
            "cancel-refund" => self.0.iter().any(|c| c.is("cancelNumber") && c.has_worked()),
            "early-cancel-denied" => self.got_past("cancelNumber", "EARLY_CANCEL_DENIED"),
            "cancel-after-sms-refused" | "sms-during-cancel" => {
                self.met("cancelNumber", "SMS_ALREADY_RECEIVED")
            }
            "double-cancel-refused" => self.met("cancelNumber", "ALREADY_CANCELLED"),
            "ghost-stock" | "stale-stock" => self.met("rentNumber", "NO_NUMBERS"),
            "errors-as-200" => self.met("rentNumber", "NO_NUMBERS"),
            "out-of-stock" => {
                self.0.iter().any(|call| call.is("rentNumber") && call.0["country"] == "US")
            }
            "restock" => {
                let listings = self.0.iter().filter(|call| call.is("getNumbers")).count();
                listings > 1 && self.0.iter().any(|c| c.is("rentNumber") && c.has_worked())
            }
            // The first alone, so that a client may stop there.
            "two-sms-second-good" | "same-code-resent" => self.saw(1) && self.saw(2),
            "duplicate-sms" | "out-of-order" => self.saw(2),
            "multipart-scrambled" => self.saw(3),
            "late-sms-after-expiry" => self.met("cancelNumber", "RENTAL_EXPIRED") && self.saw(1),
            "rent-timeout-but-rented" | "rent-reply-lost" => self.faults("rentNumber") == 1,
            "truncated-json" => self.faults("rentNumber") == 1 && self.faults("getSMS") == 1,
            "cdn-html-error" => self.faults("rentNumber") == 2 && self.faults("getSMS") == 2,
            "redirect-post" => self.faults("rentNumber") == 2,
            "rate-limited" => self.met("getSMS", "RATE_LIMITED"),
            "maintenance-window" => ["getNumbers", "rentNumber", "getSMS", "cancelNumber"]
                .iter()
                .any(|endpoint| self.got_past(endpoint, "MAINTENANCE")),
            "slow-network" | "flaky-soup" => self.0.iter().any(|c| !c.0["fault"].is_null()),
            _ => self.saw(1),
        }
    }
}

/// Plays a scenario with a client that does what its story needs.
fn play(scenario: &str, waiting: Waiting) -> Story {
    play_with(scenario, waiting, 30)
}

/// The same, where a client that gives up does so after `patience` seconds.
fn play_with(scenario: &str, waiting: Waiting, patience: u64) -> Story {
    let builder = match waiting {
        Waiting::Step { seconds: step } => frozen().clock(Clock::per_poll(seconds(step))),
        Waiting::Pause { .. } => frozen(),
    };
    let server = start(builder.scenario(scenario));
    let sandbox = server.sandbox("ci").expect("the key is good");
    let wait = move |pause: u64| {
        if let Waiting::Pause { rate } = waiting {
            sandbox.clock().advance(seconds(rate * pause));
        }
    };
    match scenario {
        // A client that polls every second: what this scenario teaches it not to do.
        "rate-limited" => hammer(&Client::new(&server, "ci"), &server.url(), wait),
        // Its replies are late in real time, so one is enough.
        "slow-network" => drop(Client::new(&server, "ci").get_numbers()),
        _ => {
            let mut client = Careful::new(&server.url(), "ci", wait);
            client = match scenario {
                "cancel-refund" | "sms-during-cancel" => client.patience(patience),
                "double-cancel-refused" => client.patience(4),
                "same-code-resent" => client.linger(60),
                "duplicate-sms" | "out-of-order" => client.linger(12),
                "rent-timeout-but-rented" => client.timeout(Duration::from_millis(800)),
                _ => client,
            };
            let countries: &[&str] = match scenario {
                "out-of-stock" | "ghost-stock" | "stale-stock" | "restock" | "errors-as-200" => {
                    &["DE", "GB", "US"]
                }
                _ => &["US"],
            };
            let users = match scenario {
                "out-of-stock" => 3,
                "stale-stock" => 4,
                "maintenance-window" => 6,
                _ => 1,
            };
            for _ in 0..users {
                let mut outcome = client.verify(countries, "telegram");
                if scenario == "double-cancel-refused" {
                    let rental = outcome.rental.expect("it rented");
                    client.give_back(&rental, &mut outcome.inbox);
                }
            }
        }
    }
    read(&server.admin_url())
}

fn hammer(client: &Client, url: &str, mut wait: impl FnMut(u64)) {
    let id = client.rent("US").rental_id();
    for _ in 0..20 {
        let _ = ureq::get(format!("{url}/getSMS?api_key=ci&rental_id={id}")).call();
        wait(1);
    }
}

/// The journal says what became of each call, and the capsule has its reply.
fn read(admin_url: &str) -> Story {
    let get = |what: &str| -> Value {
        let reply = ureq::get(format!("{admin_url}/sandboxes/ci/{what}")).call();
        let text = reply.expect("it is there").body_mut().read_to_string().expect("it is text");
        serde_json::from_str(&text).expect("it is JSON")
    };
    let (journal, capsule) = (get("requests?limit=10000"), get("capsule"));
    let steps = capsule["steps"].as_array().expect("a list").iter();
    let replies: HashMap<_, _> =
        steps.filter_map(|step| Some((step["seq"].as_u64()?, &step["reply"]["body"]))).collect();
    let entries = journal.as_array().expect("a list").iter();
    let call = |entry: &Value| {
        let mut call = entry.clone();
        let seq = entry["seq"].as_u64().expect("a number");
        call["body"] = replies.get(&seq).map_or(Value::Null, |body| (*body).clone());
        Call(call)
    };
    Story(entries.map(call).collect())
}

/// Whether each of these scenarios happens to a client that waits in these ways.
fn play_all<const N: usize>(names: Vec<String>, ways: [Waiting; N]) -> Vec<(String, [bool; N])> {
    let started = names.into_iter().map(|name| {
        let plays = ways.map(|waiting| {
            let name = name.clone();
            std::thread::spawn(move || play(&name, waiting).happened(&name))
        });
        (name, plays)
    });
    let started: Vec<_> = started.collect();
    let ended = started.into_iter();
    ended.map(|(name, plays)| (name, plays.map(|play| play.join().expect("it plays")))).collect()
}

#[test]
fn the_table_says_which_scenarios_do_not_happen_under_which_clock() {
    let said = rows();
    let names = ringer::bundled_scenarios().into_iter().map(|scenario| scenario.name);
    let played = play_all(names.collect(), [HOOK, NO_PAUSE, OWN_PAUSE]);
    let count = played.len();
    let disarmed = played.into_iter().filter(|(_, happened)| happened.contains(&false));
    assert_eq!(said, disarmed.collect::<Vec<_>>());
    let others = format!("The other {} scenarios happen under all three", count - said.len());
    assert!(text(PAGE).contains(&others), "{others}");
}

/// The rows of the table: a scenario, and whether it happens in each of the three ways.
fn rows() -> Vec<(String, [bool; 3])> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let is_yes = |cell: &str| match cell {
            "yes" => true,
            "no" => false,
            other => panic!("{other:?} in {line}"),
        };
        (cells[1].trim_matches('`').to_owned(), [cells[2], cells[3], cells[4]].map(is_yes))
    };
    part(PAGE, "disarmed").lines().skip(2).map(row).collect()
}

#[test]
fn the_advice_helps_a_client_that_keeps_its_own_pause_or_is_never_too_fast() {
    let scaled_by_two = Waiting::Pause { rate: 2 };
    let names = rows().into_iter().map(|(name, _)| name).collect();
    let played = play_all(names, [scaled_by_two]);
    let disarmed = played.into_iter().filter(|(_, [happened])| !happened);
    let disarmed: Vec<String> = disarmed.map(|(name, _)| name).collect();
    assert_eq!(disarmed, ["slow-sms", "rate-limited"]);
    assert!(play("rate-limited", Waiting::Step { seconds: 1 }).happened("rate-limited"));
    let quick = Waiting::Pause { rate: 60 };
    assert!(play_with("cancel-refund", quick, 16).happened("cancel-refund"));
}

#[test]
fn the_lines_with_a_hook_and_those_with_a_start_of_its_own_run() {
    let server = start(Server::builder());
    let variables = [("RINGER_URL", server.url()), ("RINGER_ADMIN_URL", server.admin_url())];
    assert!(run_lines_of(PAGE, "hook", &variables).contains("login code is"));
    let said = run_lines_of(PAGE, "expires", &variables);
    let rented = said.rsplit_once("\"expires_at\":\"").expect("it rented").1;
    assert!(!rented.starts_with("2026-01-01"), "it starts where the clock of the client is");
}

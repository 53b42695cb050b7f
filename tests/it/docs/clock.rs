//! docs/clock.md: which scenarios a clock disarms is measured by playing them, and asking the
//! report.

use std::time::Duration;

use ringer::Server;
use ringer::scenario::*;

use super::{part, run_lines_of, text};
use crate::careful::Careful;
use crate::support::{frozen, start};

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

/// Whether the story of a scenario is told to a client that does what it needs.
fn is_told(scenario: &str, waiting: Waiting) -> bool {
    is_told_with(scenario, waiting, 30)
}

/// The same, where a client that gives up does so after `patience` seconds.
fn is_told_with(scenario: &str, waiting: Waiting, patience: u64) -> bool {
    let builder = match waiting {
        Waiting::Step { seconds: step } => frozen().clock(Clock::per_poll(seconds(step))),
        Waiting::Pause { .. } => frozen(),
    };
    let server = start(builder.scenario(scenario));
    let sandbox = server.sandbox("ci").expect("the key is good");
    let clock = sandbox.clone();
    let wait = move |pause: u64| {
        if let Waiting::Pause { rate } = waiting {
            clock.clock().advance(seconds(rate * pause));
        }
    };
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
    sandbox.report().story.met
}

/// Whether each of these scenarios happens to a client that waits in these ways.
fn play_all<const N: usize>(names: Vec<String>, ways: [Waiting; N]) -> Vec<(String, [bool; N])> {
    let started = names.into_iter().map(|name| {
        let plays = ways.map(|waiting| {
            let name = name.clone();
            std::thread::spawn(move || is_told(&name, waiting))
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
fn the_advice_helps_a_client_that_keeps_its_own_pause() {
    let scaled_by_two = Waiting::Pause { rate: 2 };
    let names = rows().into_iter().map(|(name, _)| name).collect();
    let played = play_all(names, [scaled_by_two]);
    let disarmed = played.into_iter().filter(|(_, [happened])| !happened);
    let disarmed: Vec<String> = disarmed.map(|(name, _)| name).collect();
    assert_eq!(disarmed, ["out-of-stock", "rate-limited"]);
    assert!(is_told_with("cancel-refund", OWN_PAUSE, 16));
    assert!(is_told_with("sms-during-cancel", OWN_PAUSE, 16));
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

//! No false red: a careful client is accused in no scenario, however it waits.

use std::cell::Cell;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use ringer::report::Severity;
use ringer::scenario::{Clock, seconds};
use ringer::{Sandbox, Server};

use crate::careful::Careful;
use crate::support::start;

/// How a client lets time pass.
#[derive(Clone, Copy, Debug)]
enum Style {
    /// It sleeps.
    Sleeps,
    /// It sleeps a hundredth of the time, under a clock a hundred times as fast.
    SleepsScaled,
    /// Its sleep hook advances a frozen clock.
    Hook,
    /// The pause between two polls is the step of the clock, and its hook makes longer ones.
    PerPoll,
    /// The step of the clock is the only pause.
    NoPause,
}

const RATE: u64 = 100;
const POLL_EVERY: u64 = 4;

impl Style {
    fn clock(self) -> Clock {
        match self {
            Self::Sleeps => Clock::realtime(),
            Self::SleepsScaled => Clock::scaled("100".parse().expect("a rate")),
            Self::Hook => Clock::frozen(),
            Self::PerPoll | Self::NoPause => Clock::per_poll(seconds(POLL_EVERY)),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a client that sleeps is what is tried")]
    fn wait(self, sandbox: &Sandbox, pause: u64) {
        let advance = || drop(sandbox.clock().advance(seconds(pause)));
        match self {
            Self::Sleeps => thread::sleep(Duration::from_secs(pause)),
            Self::SleepsScaled => thread::sleep(Duration::from_millis(pause * 1_000 / RATE)),
            Self::Hook => advance(),
            Self::PerPoll if pause > POLL_EVERY => advance(),
            Self::PerPoll | Self::NoPause => {}
        }
    }
}

/// What a verification came to.
struct Played {
    /// The errors and warnings of the report, with what led to them.
    accusations: Vec<String>,
    /// The seconds that the client waited.
    waited: u64,
}

fn verify(scenario: &str, seed: u64, style: Style) -> Played {
    let server = Server::builder().scenario(scenario).seed(seed).clock(style.clock());
    let server = start(server);
    let sandbox = server.sandbox("ci").expect("the key is good");
    let (clock, waited) = (sandbox.clone(), Rc::new(Cell::new(0)));
    let wait = {
        let waited = Rc::clone(&waited);
        move |pause| {
            waited.set(waited.get() + pause);
            style.wait(&clock, pause);
        }
    };
    let late = scenario == "rent-timeout-but-rented";
    let timeout = Duration::from_millis(if late { 300 } else { 10_000 });
    let mut client = Careful::new(&server.url(), "ci", wait).patience(130).timeout(timeout);
    // With no pause at all, rounds through the countries would be a loop.
    let countries: &[&str] =
        if matches!(style, Style::NoPause) { &["US"] } else { &["DE", "GB", "US"] };
    client.verify(countries, "telegram");
    let report = sandbox.final_report();
    let accused = report.findings.iter().filter(|finding| finding.severity != Severity::Info);
    let accusations = accused.map(|finding| {
        let (id, advice) = (finding.id.as_str(), &finding.advice);
        format!("{scenario} with seed {seed}, {style:?}: {id}: {advice}")
    });
    Played { accusations: accusations.collect(), waited: waited.get() }
}

/// Plays so many at a time: most of it is waiting.
fn play_all(plays: &[(String, u64, Style)]) -> Vec<Played> {
    let played = plays.chunks(24).flat_map(|plays| {
        thread::scope(|scope| {
            let play =
                |(scenario, seed, style): &(String, u64, Style)| verify(scenario, *seed, *style);
            let started: Vec<_> = plays.iter().map(|one| scope.spawn(move || play(one))).collect();
            started.into_iter().map(|one| one.join().expect("it plays")).collect::<Vec<_>>()
        })
    });
    played.collect()
}

fn scenarios() -> Vec<String> {
    ringer::bundled_scenarios().into_iter().map(|scenario| scenario.name).collect()
}

fn assert_none(played: &[Played]) {
    let accusations: Vec<&String> = played.iter().flat_map(|one| &one.accusations).collect();
    assert!(accusations.is_empty(), "{} accusations: {accusations:#?}", accusations.len());
}

#[test]
fn a_careful_client_is_accused_in_no_scenario_however_it_waits() {
    for style in [Style::Hook, Style::PerPoll, Style::NoPause, Style::SleepsScaled] {
        let plays: Vec<_> = scenarios().into_iter().map(|name| (name, 0, style)).collect();
        assert_none(&play_all(&plays));
    }
}

/// Only where that is quick: what the client waits is known from the hook.
#[test]
fn a_careful_client_that_really_sleeps_is_not_accused_either() {
    let hooked: Vec<_> = scenarios().into_iter().map(|name| (name, 0, Style::Hook)).collect();
    let waited = play_all(&hooked).into_iter().map(|played| played.waited);
    let quick = hooked.iter().zip(waited).filter(|(_, waited)| *waited <= 16);
    let quick: Vec<_> =
        quick.map(|((name, seed, _), _)| (name.clone(), *seed, Style::Sleeps)).collect();
    assert!(quick.len() >= 15, "{} scenarios are quick", quick.len());
    assert_none(&play_all(&quick));
}

#[test]
fn a_careful_client_is_not_accused_with_any_of_a_hundred_seeds_where_the_seed_decides() {
    for style in [Style::Hook, Style::PerPoll] {
        let of = |name: &str| {
            (0..100).map(move |seed| (name.to_owned(), seed, style)).collect::<Vec<_>>()
        };
        assert_none(&play_all(&[of("flaky-soup"), of("tricky-codes")].concat()));
    }
}

//! A case that is judged by the latency of others.

use std::thread;
use std::time::{Duration, Instant};

use super::probe;
use super::table::{self, Row};
use crate::Outcome;
use crate::server::Server;
use crate::stats::{Latencies, median};

/// A latency below this is as good as none, in milliseconds.
const UNNOTICED: f64 = 2.0;
/// How much slower than before is still good.
const FACTOR: f64 = 2.0;

/// A case, and its figures in milliseconds, one a round.
pub(super) struct Case {
    name: String,
    before: Vec<f64>,
    during: Vec<f64>,
    longest: Vec<f64>,
}

impl Case {
    pub(super) fn new(name: impl Into<String>) -> Case {
        let (before, during, longest) = Default::default();
        Case { name: name.into(), before, during, longest }
    }

    /// Measures a round: for so long before, and then while `act` runs, once.
    pub(super) fn round(
        &mut self,
        server: &Server,
        window: Duration,
        act: impl FnOnce() -> Outcome<()>,
    ) -> Outcome<()> {
        let told = |error| format!("{}: {error}", self.name);
        let quiet = || {
            thread::sleep(window);
            Ok(())
        };
        let before = probe::beside(server, quiet).map_err(told)?;
        let during = probe::beside(server, act).map_err(told)?;
        let [p99] = milliseconds(&before, [0.99]);
        self.before.push(p99);
        let [p99, longest] = milliseconds(&during, [0.99, 1.0]);
        self.during.push(p99);
        self.longest.push(longest);
        Ok(())
    }

    pub(super) fn row(&self) -> Row {
        let (before, during) = (median(&self.before), median(&self.during));
        let limit = UNNOTICED.max(FACTOR * before);
        Row {
            case: self.name.clone(),
            before: format!("p99 {before:.2} ms"),
            during: format!("p99 {during:.2} ms"),
            ratio: during / before,
            note: format!("longest {:.1} ms", median(&self.longest)),
            target: format!("≤ {limit:.1} ms"),
            verdict: table::verdict(during <= limit),
        }
    }
}

fn milliseconds<const N: usize>(latencies: &Latencies, fractions: [f64; N]) -> [f64; N] {
    latencies.percentiles(fractions).map(|microseconds| microseconds / 1e3)
}

/// Does it over and over for so long, at least once, in as many threads at once.
pub(super) fn at_once(
    threads: usize,
    window: Duration,
    act: impl Fn() -> Outcome<()> + Sync,
) -> Outcome<()> {
    let again = || {
        let began = Instant::now();
        loop {
            act()?;
            if began.elapsed() >= window {
                return Ok(());
            }
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(again)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a thread of the load panicked")?)
    })
}

//! What a million live rentals in one sandbox do to latency and memory.
//!
//! Two sandboxes of one server, a small and a large one, are asked by turns: what differs between
//! them is their size alone. Requests go one at a time, so a latency here is a round trip and no
//! wait for others.

use std::time::{Duration, Instant};

use ringer::scenario::{self, Scenario};

use crate::Outcome;
use crate::client::{Connection, RENTAL_ID, contains, text_field};
use crate::options::Options;
use crate::request;
use crate::server::{Cores, Server};
use crate::stats::Latencies;

/// The name of [`scenario`].
pub(crate) const SCENARIO: &str = "a-million";
const SMALL: usize = 1000;
const PROBES: usize = 2000;

pub(crate) fn run(options: &Options) -> Outcome<()> {
    let cores = Cores::choose();
    let server = Server::playing(SCENARIO, options, &cores)?;
    measure(options, &server).map_err(|error| format!("{}: {error}", server.name))?;
    drop(server);
    advance(options.rentals)
}

/// More stock than the bundled scenarios have.
pub(crate) fn scenario() -> Scenario {
    scenario::scenario(SCENARIO).country(
        scenario::country(scenario::Country::US).available(2_000_000).price(scenario::cents(5)),
    )
}

/// How long the clock takes to pass a million due SMS. A thousand rentals are made each virtual
/// millisecond, so that they fall due at many different moments.
fn advance(rentals: usize) -> Outcome<()> {
    let builder = ringer::Server::builder().scenario(scenario()).clock(scenario::Clock::frozen());
    let server = builder.start()?;
    let sandbox = server.sandbox("bench").map_err(|refusal| refusal.to_string())?;
    let mut connection = Connection::open(server.address())?;
    let rent = request::rent("bench");
    for rental in 0..rentals {
        if rental % 1_000 == 0 {
            sandbox.clock().advance(scenario::millis(1));
        }
        connection.call(&rent)?;
    }
    let began = Instant::now();
    let happened = sandbox.clock().advance(scenario::seconds(9)).len();
    let taken = began.elapsed().as_secs_f64() * 1e3;
    println!("the clock passed {happened} due SMS in {taken:.1} ms, target 100");
    Ok(())
}

fn measure(options: &Options, server: &Server) -> Outcome<()> {
    let rounds = options.rounds.unwrap_or(5);
    let mut random = Random(1);
    let mut small = Sandbox::new("bench-small");
    let mut large = Sandbox::new("bench-large");
    let few = SMALL.min(options.rentals);

    // Both start small and are asked as much as they will be later: what is kept of past requests
    // is then there already, and what memory grows by after that is rentals.
    for sandbox in [&mut small, &mut large] {
        sandbox.fill(server, options.connections, few)?;
        for _ in 0..rounds {
            sandbox.probe(server, &mut random)?;
        }
        (sandbox.polls, sandbox.rents) = Default::default();
    }
    let before = server.memory("VmRSS");
    let began = Instant::now();
    let longest = large.fill(server, options.connections, options.rentals)?;
    let taken = began.elapsed();
    let after = server.memory("VmRSS");
    for _ in 0..rounds {
        small.probe(server, &mut random)?;
        large.probe(server, &mut random)?;
    }

    let more = large.rentals.len() - small.rentals.len();
    if large.rentals.len() < options.rentals {
        println!("the scenario has no more numbers than this for US");
    }
    println!(
        "rented {more} more in {taken:.1?}; the longest wait for {} at once was {longest:.1?}",
        options.connections
    );
    if let (Some(before), Some(after)) = (before, after) {
        let mebibytes = |bytes: u64| bytes >> 20;
        let each = (after as f64 - before as f64) / more as f64;
        println!(
            "VmRSS from {} to {} MiB: {each:.0} bytes a rental, target 300",
            mebibytes(before),
            mebibytes(after)
        );
    }
    println!(
        "\n{:<12}{:>14}{:>9}{:>9}{:>9}",
        "request", "live rentals", "p50 µs", "p99 µs", "max µs"
    );
    let sizes = [small.rentals.len(), large.rentals.len()];
    print("getSMS", sizes, [&small.polls, &large.polls]);
    print("rentNumber", sizes, [&small.rents, &large.rents]);
    Ok(())
}

fn print(endpoint: &str, sizes: [usize; 2], latencies: [&Latencies; 2]) {
    let [small, large] = latencies.map(|latencies| latencies.percentiles([0.5, 0.99, 1.0]));
    for (size, [p50, p99, max]) in sizes.into_iter().zip([small, large]) {
        println!("{endpoint:<12}{size:>14}{p50:>9.1}{p99:>9.1}{max:>9.0}");
    }
    let [p50, p99] = [0, 1].map(|at| large[at] / small[at]);
    println!("{:<12}{:>14}{p50:>9.2}{p99:>9.2}  target for p99 1.3\n", "", "ratio");
}

pub(crate) struct Sandbox {
    key: String,
    pub(crate) rentals: Vec<String>,
    polls: Latencies,
    rents: Latencies,
}

impl Sandbox {
    pub(crate) fn new(key: &str) -> Sandbox {
        let (polls, rents) = Default::default();
        Sandbox { key: key.to_owned(), rentals: Vec::new(), polls, rents }
    }

    /// Rents until so many are live or there are no more numbers, one on each connection at once;
    /// gives the longest time that such a batch took.
    pub(crate) fn fill(
        &mut self,
        server: &Server,
        connections: usize,
        goal: usize,
    ) -> Outcome<Duration> {
        let pool = (0..connections).map(|_| server.connect());
        let mut pool = pool.collect::<Outcome<Vec<Connection>>>()?;
        let rent = request::rent(&self.key);
        let mut longest = Duration::ZERO;
        let mut sold_out = false;
        while self.rentals.len() < goal && !sold_out {
            let began = Instant::now();
            let batch = pool.len().min(goal - self.rentals.len());
            for connection in &mut pool[..batch] {
                connection.send(&rent)?;
            }
            for connection in &mut pool[..batch] {
                let reply = connection.receive()?;
                if reply.status == 409 && contains(reply.body, br#""NO_NUMBERS""#) {
                    sold_out = true;
                    continue;
                }
                self.rentals.push(text_field(reply.successful()?, RENTAL_ID)?.to_owned());
            }
            longest = longest.max(began.elapsed());
        }
        if self.rentals.is_empty() {
            return Err("this scenario has no numbers for US".into());
        }
        // Probing rents one more at a time, so leave room for it.
        if sold_out && let Some(rental_id) = self.rentals.pop() {
            pool[0].call(&request::cancel(&self.key, &rental_id))?;
        }
        Ok(longest)
    }

    /// Polls rentals at random, then rents and at once cancels, which keeps the number of live
    /// rentals; the cancels are not timed.
    fn probe(&mut self, server: &Server, random: &mut Random) -> Outcome<()> {
        let mut connection = server.connect()?;
        for _ in 0..PROBES {
            let rental_id = &self.rentals[random.below(self.rentals.len())];
            let poll = request::get_sms(&self.key, rental_id);
            let began = Instant::now();
            connection.call(&poll)?;
            self.polls.add(began.elapsed());
        }
        let rent = request::rent(&self.key);
        for _ in 0..PROBES {
            let began = Instant::now();
            let rented = connection.call(&rent)?;
            self.rents.add(began.elapsed());
            let cancel = request::cancel(&self.key, text_field(rented, RENTAL_ID)?);
            connection.call(&cancel)?;
        }
        Ok(())
    }
}

/// SplitMix64, which is enough to jump about in memory.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

//! Requests per second, in rounds of the bare server and `ringer` by turns.

use std::str::FromStr;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::bare::Bodies;
use crate::client::{Connection, NUMBER, RENTAL_ID, Reply, contains, text_field};
use crate::options::Options;
use crate::request;
use crate::server::{Cores, Server, cpu_time};
use crate::stats::{Latencies, median, range};
use ringer::scenario::{self, Scenario};

const KEY: &str = "bench";
/// What the workload that reads an SMS plays.
const SMS_AT_ONCE: &str = "sms-at-once";
const POLLS: u8 = 3;
/// A server that was less busy than this did not set the pace, so its ratio says nothing.
const BUSY: f64 = 0.85;
const NO_MESSAGES: &[u8] = br#""messages":[]"#;

#[derive(Clone, Copy)]
pub(crate) enum Workload {
    GetNumbers,
    GetSms,
    ReadSms,
    LifeCycle,
}

impl Workload {
    pub(crate) const ALL: [Workload; 4] =
        [Workload::GetNumbers, Workload::GetSms, Workload::ReadSms, Workload::LifeCycle];

    fn name(self) -> &'static str {
        match self {
            Workload::GetNumbers => "getNumbers",
            Workload::GetSms => "getSMS",
            Workload::ReadSms => "getSMS+SMS",
            Workload::LifeCycle => "life-cycle",
        }
    }

    /// The share of the bare server's throughput that `ringer` is to hold.
    fn target(self) -> f64 {
        match self {
            Workload::GetNumbers | Workload::GetSms | Workload::ReadSms => 0.90,
            Workload::LifeCycle => 0.85,
        }
    }
}

impl FromStr for Workload {
    type Err = ();

    fn from_str(name: &str) -> Result<Workload, ()> {
        Workload::ALL.into_iter().find(|workload| workload.name() == name).ok_or(())
    }
}

/// Each rental has its SMS at once.
pub(crate) fn scenario() -> Scenario {
    scenario::scenario(SMS_AT_ONCE)
        .country(
            scenario::country(scenario::Country::US).available(1_000_000).price(scenario::cents(5)),
        )
        .script(scenario::steps().sms(scenario::seconds(0), scenario::sms()))
}

pub(crate) fn run(options: &Options) -> Outcome<()> {
    let rounds = options.rounds.unwrap_or(7);
    let cores = Cores::choose();
    print_heading(options, rounds);
    // The bodies that a rehearsal has are those of the documentation, before an SMS.
    let rehearsed = |workload: &Workload| !matches!(workload, Workload::ReadSms);
    for &workload in options.workloads.iter().filter(|it| !options.rehearse || rehearsed(it)) {
        // New servers for each workload, so that none inherits the rentals of another.
        let subject = match workload {
            Workload::ReadSms => Server::playing(SMS_AT_ONCE, options, &cores)?,
            _ => Server::subject(options, &cores)?,
        };
        let bodies = Bodies::sampled(&mut subject.connect()?, KEY)
            .map_err(|error| format!("{}: {error}", subject.name))?;
        let bare = Server::bare("bare", &bodies, &cores)?;
        compare(bare, subject, workload, workload.target(), options, rounds)?;
    }
    Ok(())
}

pub(crate) fn print_heading(options: &Options, rounds: usize) {
    println!(
        "{rounds} rounds of {:?} each, {} connections; latency is under this load",
        options.round, options.connections
    );
    println!(
        "\n{:<12}{:<8}{:>11}{:>9}{:>9}{:>16}{:>13}{:>7}",
        "workload",
        "server",
        "requests/s",
        "p50 µs",
        "p99 µs",
        "CPU µs/request",
        "of the load",
        "busy"
    );
}

/// What came of a comparison.
pub(crate) struct Comparison {
    /// Requests per second of CPU time, of the yardstick and of the subject.
    pub(crate) capacities: [f64; 2],
    /// It still runs, for those who are connected to it.
    _subject: Server,
}

/// Drives two servers by turns and prints how the second does beside the first.
pub(crate) fn compare(
    yardstick: Server,
    subject: Server,
    workload: Workload,
    target: f64,
    options: &Options,
    rounds: usize,
) -> Outcome<Comparison> {
    let mut yardstick = Side::new(yardstick, workload, options.connections)?;
    let mut subject = Side::new(subject, workload, options.connections)?;
    for side in [&mut yardstick, &mut subject] {
        side.round(workload, options.round)?;
        side.measured = Measured::default();
    }
    for _ in 0..rounds {
        yardstick.round(workload, options.round)?;
        subject.round(workload, options.round)?;
    }
    yardstick.print(workload.name());
    subject.print("");
    let (yardstick, measured) = (yardstick.measured, subject.measured);
    print_ratio(&yardstick, &measured, target);
    let capacities =
        [&yardstick, &measured].map(|it| it.requests as f64 / it.server_cpu.as_secs_f64());
    Ok(Comparison { capacities, _subject: subject.server })
}

fn print_ratio(bare: &Measured, subject: &Measured, target: f64) {
    let ratio = median(&subject.rates) / median(&bare.rates);
    let rounds = subject.rates.iter().zip(&bare.rates);
    let each: Vec<f64> = rounds.map(|(subject, bare)| subject / bare).collect();
    let (min, max) = range(&each);
    let verdict = match ratio {
        _ if bare.busy().min(subject.busy()) < BUSY => "not judged, see busy",
        ratio if ratio >= target => "held",
        _ => "missed",
    };
    println!(
        "{:<12}{:<8}{ratio:>11.3}  by round {min:.3}..{max:.3}, target {target:.2} {verdict}\n",
        "", "ratio"
    );
}

/// A server with its connections and what was measured of it.
struct Side {
    server: Server,
    callers: Vec<Caller>,
    measured: Measured,
}

#[derive(Default)]
struct Measured {
    rates: Vec<f64>,
    latencies: Latencies,
    requests: usize,
    elapsed: Duration,
    server_cpu: Duration,
    load_cpu: Duration,
}

impl Measured {
    /// The share of the time that the server was running; 0 where that cannot be known.
    fn busy(&self) -> f64 {
        self.server_cpu.as_secs_f64() / self.elapsed.as_secs_f64()
    }
}

impl Side {
    fn new(server: Server, workload: Workload, connections: usize) -> Outcome<Side> {
        let callers = (0..connections).map(|_| Caller::new(server.connect()?, workload));
        let callers = callers.collect::<Outcome<Vec<Caller>>>();
        let callers = callers.map_err(|error| format!("{}: {error}", server.name))?;
        Ok(Side { server, callers, measured: Measured::default() })
    }

    fn round(&mut self, workload: Workload, length: Duration) -> Outcome<()> {
        // New connections, as a server closes those that were idle for the other one's round.
        for caller in &mut self.callers {
            caller.connection =
                self.server.connect().map_err(|error| format!("{}: {error}", self.server.name))?;
        }
        let cpu = |server: &Server| (server.cpu_time(), cpu_time("self"));
        let (server_before, load_before) = cpu(&self.server);
        let (requests, elapsed) = drive(&mut self.callers, length, &mut self.measured.latencies)
            .map_err(|error| format!("{}, {}: {error}", self.server.name, workload.name()))?;
        let (server_after, load_after) = cpu(&self.server);

        let spent = |before: Option<Duration>, after: Option<Duration>| {
            after.zip(before).map_or(Duration::ZERO, |(after, before)| after - before)
        };
        self.measured.rates.push(requests as f64 / elapsed.as_secs_f64());
        self.measured.requests += requests;
        self.measured.elapsed += elapsed;
        self.measured.server_cpu += spent(server_before, server_after);
        self.measured.load_cpu += spent(load_before, load_after);
        Ok(())
    }

    fn print(&self, workload: &str) {
        let measured = &self.measured;
        let [p50, p99] = measured.latencies.percentiles([0.5, 0.99]);
        let per_request = |cpu: Duration| cpu.as_secs_f64() * 1e6 / measured.requests as f64;
        let busy = 100.0 * measured.busy();
        println!(
            "{workload:<12}{:<8}{:>11.0}{p50:>9.0}{p99:>9.0}{:>16.2}{:>13.2}{busy:>6.0}%",
            self.server.name,
            median(&measured.rates),
            per_request(measured.server_cpu),
            per_request(measured.load_cpu),
        );
    }
}

/// Goes round the connections for so long. Every request that it writes it also reads the reply
/// of, so requests and time belong together.
fn drive(
    callers: &mut [Caller],
    length: Duration,
    latencies: &mut Latencies,
) -> Outcome<(usize, Duration)> {
    let start = Instant::now();
    for caller in callers.iter_mut() {
        caller.send(start)?;
    }
    let mut requests = 0;
    let mut over = false;
    while !over {
        // Looked at once a lap, so that the last lap reads from all and writes to none.
        over = start.elapsed() >= length;
        for caller in callers.iter_mut() {
            caller.receive()?;
            // The clock is read once: the end of one request is the beginning of the next.
            let now = Instant::now();
            latencies.add(now - caller.sent);
            if !over {
                caller.send(now)?;
            }
        }
        requests += callers.len();
    }
    Ok((requests, start.elapsed()))
}

/// A connection, the request that it writes next, and how it checks the reply.
struct Caller {
    connection: Connection,
    request: Vec<u8>,
    expects: Expects,
    sent: Instant,
}

enum Expects {
    /// The same body each time.
    Constant(Vec<u8>),
    Rented,
    /// No messages, on this rental, and so many polls yet to come after this one.
    Polled {
        rental_id: String,
        number: String,
        left: u8,
    },
    Cancelled {
        rental_id: String,
    },
}

impl Caller {
    fn new(mut connection: Connection, workload: Workload) -> Outcome<Caller> {
        let (request, expects) = match workload {
            Workload::GetNumbers => constant(&mut connection, request::get_numbers(KEY))?,
            Workload::GetSms | Workload::ReadSms => {
                let rented = connection.call(&request::rent(KEY))?;
                let poll = request::get_sms(KEY, text_field(rented, RENTAL_ID)?);
                let first = connection.call(&poll)?;
                let waits = matches!(workload, Workload::GetSms);
                if contains(first, NO_MESSAGES) != waits {
                    let reply = Reply { status: 200, body: first };
                    let right = if waits { "no messages yet" } else { "a message" };
                    return Err(reply.wrong(right));
                }
                constant(&mut connection, poll)?
            }
            Workload::LifeCycle => (request::rent(KEY), Expects::Rented),
        };
        Ok(Caller { connection, request, expects, sent: Instant::now() })
    }

    fn send(&mut self, now: Instant) -> Outcome<()> {
        self.sent = now;
        self.connection.send(&self.request)
    }

    fn receive(&mut self) -> Outcome<()> {
        let reply = self.connection.receive()?;
        if let Some((request, expects)) = self.expects.check(reply)? {
            self.request = request;
            self.expects = expects;
        }
        Ok(())
    }
}

/// The first reply to a request is what all further ones are held to.
fn constant(connection: &mut Connection, request: Vec<u8>) -> Outcome<(Vec<u8>, Expects)> {
    let body = connection.call(&request)?.to_vec();
    Ok((request, Expects::Constant(body)))
}

impl Expects {
    /// Gives what to ask next, where that is something else.
    fn check(&mut self, reply: Reply) -> Outcome<Option<(Vec<u8>, Expects)>> {
        match self {
            Expects::Constant(body) => {
                if reply.status != 200 || reply.body != body {
                    return Err(reply.wrong(&String::from_utf8_lossy(body)));
                }
                Ok(None)
            }
            Expects::Rented => {
                let body = reply.successful()?;
                let rental_id = text_field(body, RENTAL_ID)?.to_owned();
                let number = text_field(body, NUMBER)?.to_owned();
                let poll = request::get_sms(KEY, &rental_id);
                Ok(Some((poll, Expects::Polled { rental_id, number, left: POLLS - 1 })))
            }
            Expects::Polled { rental_id, number, left } => {
                let body = reply.successful()?;
                if !contains(body, NO_MESSAGES) || text_field(body, NUMBER)? != number {
                    let reply = Reply { status: 200, body };
                    return Err(reply.wrong(&format!("no messages for {number}")));
                }
                if *left > 0 {
                    *left -= 1;
                    return Ok(None);
                }
                let rental_id = std::mem::take(rental_id);
                Ok(Some((request::cancel(KEY, &rental_id), Expects::Cancelled { rental_id })))
            }
            Expects::Cancelled { rental_id } => {
                let body = reply.successful()?;
                if text_field(body, RENTAL_ID)? != rental_id {
                    let reply = Reply { status: 200, body };
                    return Err(reply.wrong(&format!("{rental_id} cancelled")));
                }
                Ok(Some((request::rent(KEY), Expects::Rented)))
            }
        }
    }
}

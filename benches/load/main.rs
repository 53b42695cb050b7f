//! How fast `ringer` is, beside a bare actix-web server that answers constant bodies.
//!
//! ```text
//! cargo bench --bench load                    throughput, latency and CPU time per request
//! cargo bench --bench load -- --start         time from exec to the first 200, idle memory
//! cargo bench --bench load -- --million       latency and memory with a million live rentals
//! cargo bench --bench load -- --crowd         getNumbers beside 2000 clients that hang and dribble
//! cargo bench --bench load -- --flood         memory under floods of keys, requests and rentals
//! cargo bench --bench load -- --neighbours    getNumbers beside other keys' heavy work
//! cargo bench --bench load -- --help          the options
//! ```
//!
//! Figures of one machine on one day say little, so everything is taken in turn with its yardstick
//! and told as a ratio. The servers share one core and the load has another. The load is one
//! thread that goes round its connections: it reads a reply, checks it, writes the next request.
//! That is far less work than serving, so the server always has a request waiting, and latency
//! under load is mostly the wait for the other connections' turns.
//!
//! The column `busy` is the share of its core that a server had. Much below 100 % it was not the
//! server that set the pace, but something else on its core or a load that was too slow, and then
//! the ratio says nothing.
//!
//! This measures and asserts no time: it exits 0 whatever the ratios are, and 1 when a reply was
//! wrong or a server did not start.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is about real time, which the server itself only reads in one place"
)]

mod bare;
mod client;
mod crowd;
mod flood;
mod million;
mod neighbours;
mod options;
mod request;
mod server;
mod start;
mod stats;
mod throughput;

use std::process::ExitCode;

use options::{Mode, Options};

/// What can go wrong ends the benchmark, so an error is only a message for whoever runs it.
type Outcome<T> = Result<T, Error>;
type Error = Box<dyn std::error::Error + Send + Sync>;

/// Set in the environment of a child that is to be `ringer`.
const AS_RINGER: &str = "RINGER_LOAD_AS_RINGER";

fn main() -> ExitCode {
    if std::env::var_os(AS_RINGER).is_some() {
        return ringer::cli::main_with([
            throughput::scenario(),
            million::scenario(),
            crowd::scenario(),
        ]);
    }
    // Errors travel up to here, rather than ending the process where they occur, so that every
    // server that was started is dropped, and with that killed.
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    match options.mode {
        Mode::Help => println!("{}", options::HELP),
        Mode::Bare => bare::serve()?,
        Mode::Throughput => throughput::run(&options)?,
        Mode::Start => start::run(&options)?,
        Mode::Million => million::run(&options)?,
        Mode::Crowd => crowd::run(&options)?,
        Mode::Flood => flood::run(&options)?,
        Mode::Neighbours => neighbours::run(&options)?,
    }
    Ok(())
}

//! What clients that hang or read slowly cost the others.
//!
//! Two servers are asked by turns for the same; one of them has two thousand more connections, of
//! another key, half of which hang while half get their reply in little pieces.

use std::time::Duration;

use ringer::scenario::{Country, Effect, Endpoint, Scenario, cents, country, fault, real_seconds};

use crate::Outcome;
use crate::client::Connection;
use crate::options::Options;
use crate::server::{Cores, Server};
use crate::throughput::{self, Workload};

/// The name of [`scenario`].
const SCENARIO: &str = "a-crowd";
const HANGING: usize = 1_000;
const DRIBBLING: usize = 1_000;

/// DE hangs, GB dribbles for longer than the benchmark takes.
pub(crate) fn scenario() -> Scenario {
    let listing = [Endpoint::GetNumbers];
    ringer::scenario::scenario(SCENARIO)
        .country(country(Country::DE).available(9).price(cents(8)))
        .country(country(Country::GB).available(9).price(cents(6)))
        .fault(fault(listing, Effect::hang()).country(Country::DE))
        .fault(fault(listing, Effect::dribble(real_seconds(120))).country(Country::GB))
}

pub(crate) fn run(options: &Options) -> Outcome<()> {
    // As many files again as the crowd has connections.
    rlimit::increase_nofile_limit(u64::MAX)?;
    let rounds = options.rounds.unwrap_or(7);
    let cores = Cores::choose();
    let quiet = Server::for_a_crowd("quiet", &cores)?;
    let crowded = Server::for_a_crowd("crowded", &cores)?;
    let crowd = crowd(&crowded)?;
    println!("crowded has {HANGING} clients that hang and {DRIBBLING} that are dribbled to");
    throughput::print_heading(options, rounds);
    let workload = Workload::GetNumbers;
    let _running = throughput::compare(quiet, crowded, workload, 0.95, options, rounds)?;
    // What still hangs has not been answered by mistake.
    for mut connection in crowd.into_iter().take(HANGING) {
        connection.expect_silence(Duration::from_millis(1))?;
    }
    Ok(())
}

fn crowd(server: &Server) -> Outcome<Vec<Connection>> {
    let call = |country: &str| {
        let path = format!("/getNumbers?api_key=crowd@{SCENARIO}&country={country}");
        format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").into_bytes()
    };
    let hanging = std::iter::repeat_n(call("DE"), HANGING);
    let requests = hanging.chain(std::iter::repeat_n(call("GB"), DRIBBLING));
    requests
        .map(|request| {
            let mut connection = server.connect()?;
            connection.send(&request)?;
            Ok(connection)
        })
        .collect()
}

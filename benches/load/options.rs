//! The command line.

use std::str::FromStr;
use std::time::Duration;

use crate::Outcome;
use crate::neighbours::{Group, Scale};
use crate::throughput::Workload;

pub(crate) const HELP: &str = "\
cargo bench --bench load -- [MODE] [OPTIONS]

modes
  (none)             throughput, latency and CPU time per request
  --start            time from exec to the first 200, idle memory
  --million          latency and memory with very many live rentals
  --flood            memory under floods of keys, requests and rentals
  --crowd            getNumbers beside very many clients that hang and dribble
  --neighbours       getNumbers of one key beside the heavy work of others

options
  --rounds N         rounds of each server; 7 (--start: 20, --million: 5, --neighbours: 3)
  --seconds S        length of a round; 1
  --connections N    keep-alive connections; 32
  --workload NAME    only getNumbers, getSMS, getSMS+SMS or life-cycle; repeatable
  --scenario NAME    the scenario ringer plays; happy-path
  --rentals N        how many live rentals --million goes up to; 1000000
  --count N          how many keys, requests and rentals --flood sends; 300000
  --group NAME       only large, many, waiting, memory, idle or events of --neighbours
  --scale X          how large the neighbours are beside what their targets are about; 1
  --rehearse         the bare server plays both parts: shows what a ratio is worth here";

pub(crate) enum Mode {
    Help,
    /// Hidden: this process is the bare server.
    Bare,
    Throughput,
    Start,
    Million,
    Crowd,
    Flood,
    Neighbours,
}

pub(crate) struct Options {
    pub(crate) mode: Mode,
    pub(crate) rounds: Option<usize>,
    pub(crate) round: Duration,
    pub(crate) connections: usize,
    pub(crate) workloads: Vec<Workload>,
    pub(crate) scenario: String,
    pub(crate) rentals: usize,
    pub(crate) flood: usize,
    pub(crate) group: Option<Group>,
    pub(crate) scale: Scale,
    pub(crate) rehearse: bool,
}

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Outcome<Options> {
        let mut options = Options {
            mode: Mode::Throughput,
            rounds: None,
            round: Duration::from_secs(1),
            connections: 32,
            workloads: Vec::new(),
            scenario: "happy-path".to_owned(),
            rentals: 1_000_000,
            flood: 300_000,
            group: None,
            scale: Scale(1.0),
            rehearse: false,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| format!("{argument} needs a value"))
            };
            match argument.as_str() {
                // `cargo bench` gives this to every benchmark.
                "--bench" => {}
                "--help" | "-h" => options.mode = Mode::Help,
                "--bare" => options.mode = Mode::Bare,
                "--start" => options.mode = Mode::Start,
                "--million" => options.mode = Mode::Million,
                "--crowd" => options.mode = Mode::Crowd,
                "--flood" => options.mode = Mode::Flood,
                "--neighbours" => options.mode = Mode::Neighbours,
                "--group" => options.group = Some(parsed(&argument, &value()?)?),
                "--scale" => options.scale = Scale(parsed(&argument, &value()?)?),
                "--count" => options.flood = positive(&argument, &value()?)?,
                "--rounds" => options.rounds = Some(positive(&argument, &value()?)?),
                "--seconds" => {
                    let seconds: f64 = parsed(&argument, &value()?)?;
                    options.round = Duration::try_from_secs_f64(seconds)?;
                }
                "--connections" => options.connections = positive(&argument, &value()?)?,
                "--workload" => options.workloads.push(parsed(&argument, &value()?)?),
                "--scenario" => options.scenario = value()?,
                "--rentals" => options.rentals = positive(&argument, &value()?)?,
                "--rehearse" => options.rehearse = true,
                _ => return Err(format!("unknown argument {argument}\n\n{HELP}").into()),
            }
        }
        if options.workloads.is_empty() {
            options.workloads = Workload::ALL.to_vec();
        }
        Ok(options)
    }
}

fn parsed<T: FromStr>(argument: &str, value: &str) -> Outcome<T> {
    let wrong = || format!("{argument} cannot be {value:?}\n\n{HELP}");
    Ok(value.parse().map_err(|_| wrong())?)
}

fn positive(argument: &str, value: &str) -> Outcome<usize> {
    match parsed(argument, value)? {
        0 => Err(format!("{argument} must be at least 1").into()),
        number => Ok(number),
    }
}

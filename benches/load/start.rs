//! How soon a server answers after it was started, and how much memory it then holds.

use std::time::Instant;

use crate::Outcome;
use crate::bare::Bodies;
use crate::options::Options;
use crate::request;
use crate::server::{Cores, Server};
use crate::stats::{median, range};

#[derive(Default)]
struct Starts {
    milliseconds: Vec<f64>,
    resident: Vec<f64>,
    peak: Vec<f64>,
}

impl Starts {
    /// Starts a server, takes its figures after the first 200, and kills it.
    fn add(&mut self, start: impl FnOnce() -> Outcome<Server>) -> Outcome<()> {
        let began = Instant::now();
        let server = start()?;
        let reply = server.connect().and_then(|mut connection| {
            connection.call(&request::get_numbers("bench"))?;
            Ok(began.elapsed())
        });
        let taken = reply.map_err(|error| format!("{}: {error}", server.name))?;
        self.milliseconds.push(taken.as_secs_f64() * 1e3);

        let mebibytes = |bytes: Option<u64>| bytes.map(|bytes| bytes as f64 / f64::from(1 << 20));
        self.resident.extend(mebibytes(server.memory("VmRSS")));
        self.peak.extend(mebibytes(server.memory("VmHWM")));
        Ok(())
    }

    fn print(&self, name: &str) {
        let (min, max) = range(&self.milliseconds);
        println!(
            "{name:<8}{:>10.2}{min:>8.2}..{max:<8.2}{:>11.2}{:>11.2}",
            median(&self.milliseconds),
            median(&self.resident),
            median(&self.peak),
        );
    }
}

pub(crate) fn run(options: &Options) -> Outcome<()> {
    let rounds = options.rounds.unwrap_or(20);
    let cores = Cores::choose();
    let bodies = Bodies::documented();
    let (mut bare, mut subject) = (Starts::default(), Starts::default());
    // One of each beforehand, to have the executables in memory.
    Server::bare("bare", &bodies, &cores)?;
    Server::subject(options, &cores)?;
    for _ in 0..rounds {
        bare.add(|| Server::bare("bare", &bodies, &cores))?;
        subject.add(|| Server::subject(options, &cores))?;
    }
    println!("{rounds} starts of each, medians; target: 10 ms to the first 200, 10 MiB idle\n");
    println!(
        "{:<8}{:>10}{:>10}{:<8}{:>11}{:>11}",
        "server", "ms", "min..", "max", "VmRSS MiB", "VmHWM MiB"
    );
    bare.print("bare");
    subject.print(if options.rehearse { "again" } else { "ringer" });
    Ok(())
}

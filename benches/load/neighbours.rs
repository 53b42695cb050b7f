//! What the heavy work of one key costs the others.
//!
//! Each case does something expensive to sandboxes of its own, and a probe, a client of another key,
//! measures how that is felt: p99 of getNumbers, or the throughput that is left. Before and during
//! are measured by turns on the same server, and the medians of the rounds are printed.
//!
//! Latencies are of `ringer` as shipped: its own executable, two workers, no core of its own, and
//! whoever asks for the expensive work competes for the same cores. Throughput is measured as by
//! the other modes, one core for the server and one for the load.

mod case;
mod control;
mod events;
mod idle;
mod large;
mod many;
mod memory;
mod probe;
mod table;
mod waiting;

use std::str::FromStr;
use std::time::Duration;

use crate::Outcome;
use crate::options::Options;
use crate::server::{Cores, Server};

/// Cases that share their servers.
#[derive(Clone, Copy)]
pub(crate) enum Group {
    Large,
    Many,
    Waiting,
    Memory,
    Idle,
    Events,
}

impl Group {
    /// Those that pin this thread to a core come last.
    pub(crate) const ALL: [Group; 6] =
        [Group::Large, Group::Many, Group::Waiting, Group::Memory, Group::Idle, Group::Events];

    fn name(self) -> &'static str {
        match self {
            Group::Large => "large",
            Group::Many => "many",
            Group::Waiting => "waiting",
            Group::Memory => "memory",
            Group::Idle => "idle",
            Group::Events => "events",
        }
    }
}

impl FromStr for Group {
    type Err = ();

    fn from_str(name: &str) -> Result<Group, ()> {
        Group::ALL.into_iter().find(|group| group.name() == name).ok_or(())
    }
}

/// How large the neighbours are beside what the targets are about.
#[derive(Clone, Copy)]
pub(crate) struct Scale(pub(crate) f64);

impl Scale {
    fn count(self, full: usize) -> usize {
        ((full as f64 * self.0).round() as usize).max(1)
    }

    fn span(self, full: Duration) -> Duration {
        full.mul_f64(self.0.min(1.0))
    }
}

pub(crate) fn run(options: &Options) -> Outcome<()> {
    rlimit::increase_nofile_limit(u64::MAX)?;
    let groups = options.group.map_or(Group::ALL.to_vec(), |group| vec![group]);
    for group in groups {
        let rows = match group {
            Group::Large => large::run(options)?,
            Group::Many => many::run(options)?,
            Group::Waiting => waiting::run(options)?,
            Group::Memory => memory::run(options)?,
            Group::Idle => idle::run(options)?,
            Group::Events => events::run(options)?,
        };
        table::print(&rows);
    }
    Ok(())
}

fn rounds(options: &Options) -> usize {
    options.rounds.unwrap_or(3)
}

/// `ringer` with the two workers that it has on two cores.
fn shipped(flags: &[&str]) -> Outcome<Server> {
    let flags = [&["--workers", "2"], flags].concat();
    Server::executable("ringer", &flags, &Cores::shared())
}

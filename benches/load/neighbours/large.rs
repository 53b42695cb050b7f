//! One sandbox with very many live rentals.

use serde_json::json;

use super::case::{Case, at_once};
use super::control::Control;
use super::table::Row;
use crate::Outcome;
use crate::client::contains;
use crate::million::Sandbox;
use crate::options::Options;
use crate::request;
use crate::server::Server;

pub(super) const RENTALS: usize = 500_000;
/// How many ask at once.
pub(super) const CLIENTS: usize = 8;

/// What reads all of a sandbox.
#[derive(Clone, Copy)]
pub(super) enum Reading {
    Rentals,
    Report,
    Capsule,
}

impl Reading {
    const ALL: [Reading; 3] = [Reading::Rentals, Reading::Report, Reading::Capsule];

    fn name(self) -> &'static str {
        match self {
            Reading::Rentals => "rentals",
            Reading::Report => "report",
            Reading::Capsule => "capsule",
        }
    }

    pub(super) fn read(self, control: &Control, key: &str, rentals: usize) -> Outcome<()> {
        match self {
            Reading::Rentals => control.read_rentals(key, rentals),
            Reading::Report | Reading::Capsule => {
                control.read(&format!("/sandboxes/{key}/{}", self.name()))
            }
        }
    }
}

pub(super) fn run(options: &Options) -> Outcome<Vec<Row>> {
    let server = super::shipped(&[])?;
    let control = Control::of(&server);
    let rentals = options.scale.count(RENTALS);
    let window = options.round;

    let mut readings: Vec<(Reading, usize, Case)> = Vec::new();
    for reading in Reading::ALL {
        for clients in [1, CLIENTS] {
            let name = format!("{} of {rentals} rentals, {clients} at once", reading.name());
            readings.push((reading, clients, Case::new(name)));
        }
    }
    let mut advance = Case::new(format!("advance past {rentals} SMS"));
    let mut poll = Case::new(format!("getSMS, per_poll, past {rentals} SMS"));
    let mut delete = Case::new(format!("DELETE of {rentals} rentals"));

    for round in 0..super::rounds(options) {
        let key = format!("large-{round}");
        fill(&server, &key, options, rentals)?;
        for (reading, clients, case) in &mut readings {
            let read = || reading.read(&control, &key, rentals);
            case.round(&server, window, || at_once(*clients, window, read))?;
        }
        advance.round(&server, window, || {
            let path = format!("/sandboxes/{key}/clock/advance");
            control.post(&path, &json!({"by": "9s"}))
        })?;
        delete.round(&server, window, || control.delete(&key))?;

        let key = format!("polled-{round}");
        let rented = fill(&server, &key, options, rentals)?;
        control.set_clock(&key, &json!({"mode": "per_poll", "step": "9s"}))?;
        let mut connection = server.connect()?;
        poll.round(&server, window, || {
            let reply = connection.call(&request::get_sms(&key, &rented[0]))?;
            if contains(reply, br#""text":"#) {
                return Ok(());
            }
            Err("the SMS that was due has not come".into())
        })?;
        delete.round(&server, window, || control.delete(&key))?;
    }
    let cases = readings.iter().map(|(_, _, case)| case).chain([&advance, &poll, &delete]);
    Ok(cases.map(Case::row).collect())
}

/// Rents so many in a sandbox whose clock stands still, and with that fills its journal.
pub(super) fn fill(
    server: &Server,
    key: &str,
    options: &Options,
    rentals: usize,
) -> Outcome<Vec<String>> {
    Control::of(server).make_large(key)?;
    let mut sandbox = Sandbox::new(key);
    sandbox.fill(server, options.connections, rentals)?;
    if sandbox.rentals.len() < rentals {
        return Err(format!("only {} were rented", sandbox.rentals.len()).into());
    }
    Ok(sandbox.rentals)
}

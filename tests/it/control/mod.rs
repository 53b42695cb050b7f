//! The control API over HTTP: a file a resource or subject.

mod access;
pub(crate) mod admin;
mod bodies;
mod clock;
mod countries;
mod events;
mod faults;
mod guard;
mod head_requests;
mod hosts_and_origins;
mod laws;
mod methods_and_paths;
mod neighbours;
mod other_address;
mod paging;
mod recordings;
mod rentals;
mod replaced_sandboxes;
mod requests;
mod sandboxes;
mod scenarios;
mod sequences;
mod server;
mod verify;

pub(crate) use admin::Admin;
use ringer::scenario::{Clock, Scenario};
use ringer::{ScenarioChoice, Server};

use crate::support::{Client, start};

/// A server with a frozen clock, its control API and a client with the key `ci`.
fn play(scenario: impl Into<ScenarioChoice>) -> (Server, Admin, Client) {
    let server = start(Server::builder().scenario(scenario).clock(Clock::frozen()).workers(2));
    let (admin, client) = (Admin::new(&server), Client::new(&server, "ci"));
    (server, admin, client)
}

/// One country, and an SMS of one wording after 12 s.
fn one_sms() -> Scenario {
    use ringer::scenario::{cents, country, scenario, seconds, sms, steps};
    let sms = sms().sender("Bank").text("TAN {code}").code("1234");
    scenario("one-sms")
        .country(country(ringer::scenario::Country::DE).available(3).price(cents(8)))
        .script(steps().sms(seconds(12), sms))
}

//! What the vocabulary can say beyond the bundled scenarios.

mod glob;
mod mistakes;
mod scripts;
mod stock;
mod terms;

use ringer::Sandbox;
use ringer::Server;
use ringer::scenario::*;

use crate::support::{Client, frozen, start};

fn play(scenario: Scenario) -> (Server, Client, Sandbox) {
    play_with_seed(scenario, 0)
}

fn play_with_seed(scenario: Scenario, seed: u64) -> (Server, Client, Sandbox) {
    let server = start(frozen().scenario(scenario).seed(seed));
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    (server, client, sandbox)
}

fn plenty() -> Scenario {
    scenario("mine").country(country(Country::US).available(5_000).price(cents(5)))
}

fn says(text: &str) -> Steps {
    steps().sms(seconds(8), sms().text(text))
}

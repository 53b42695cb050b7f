//! The console: how it is served, and what a real browser makes of it.

mod all;
mod browser;
mod docs;
mod link;
mod load;
mod look;
mod markup;
mod moved;
mod open;
mod pictures;
mod served;
mod story;
mod token;

use browser::Browser;
use ringer::Server;
use ringer::scenario::Clock;

use crate::support::{Client, start};

/// A server with a frozen clock, its console in a browser on the sandbox `demo`, and a client with
/// its key; none where there is no browser.
fn play(scenario: &str) -> Option<(Server, Browser, Client)> {
    let server = start(Server::builder().scenario(scenario).clock(Clock::frozen()).workers(2));
    let client = Client::new(&server, "demo");
    let browser = Browser::live(&server.console_url())?;
    Some((server, browser, client))
}

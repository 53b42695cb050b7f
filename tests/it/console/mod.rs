//! The console: how the server sends it, and how it behaves in a real browser.
//!
//! The tests in a browser are ignored unless asked for: `cargo test --test it -- --ignored console`.

mod all_sandboxes;
mod appearance;
mod browser;
mod demo;
mod docs_page;
mod escaping;
mod load;
mod lost_connection;
mod open;
mod other_address;
mod pictures;
mod served;
mod token;

use browser::Browser;
use ringer::Server;
use ringer::scenario::Clock;

use crate::support::{Client, start};

/// A server with a frozen clock, a browser that shows the sandbox `demo`, and a client with its key.
fn play(scenario: &str) -> (Server, Browser, Client) {
    let server = start(Server::builder().scenario(scenario).clock(Clock::frozen()).workers(2));
    let client = Client::new(&server, "demo");
    let browser = Browser::live(&server.console_url());
    (server, browser, client)
}

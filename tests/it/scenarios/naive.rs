//! What the clients with a bug have in common. None of this is wrong by itself.

use ringer::registry::SandboxHandle;
use ringer::scenario::{Money, seconds};

use crate::support::{Client, Reply};

/// Polls every two seconds until there is an SMS; gives up after so many seconds. Gives the texts.
pub(super) fn poll_for(
    client: &Client,
    sandbox: &SandboxHandle,
    id: &str,
    patience: u64,
) -> Vec<String> {
    for _ in 0..patience / 2 {
        let texts = client.poll(id).texts();
        if !texts.is_empty() {
            return texts;
        }
        sandbox.advance(seconds(2));
    }
    client.poll(id).texts()
}

/// The first run of four or more digits.
pub(super) fn first_digits(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() >= 4).unwrap_or_default()
}

/// The price that the listing names for a country.
pub(super) fn price(client: &Client, country: &str) -> Money {
    let listed = client.get_numbers().json;
    let lines = listed["numbers"].as_array().expect("a listing");
    let line = lines.iter().find(|line| line["country"] == country).expect("it is listed");
    line["price_per_sms"].to_string().parse().expect("an amount")
}

/// The `refund_amount` of a reply; nothing where it has none.
pub(super) fn refund(reply: &Reply) -> Money {
    reply.refund().parse().unwrap_or_default()
}

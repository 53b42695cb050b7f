//! What the clients with a bug have in common. None of this is wrong by itself.

use ringer::Sandbox;
use ringer::scenario::{Money, seconds};

use super::socket::Socket;
use crate::support::{Client, Reply};

/// Polls every two seconds until there is an SMS; gives up after so many seconds. Gives the texts.
pub(super) fn poll_for(client: &Client, sandbox: &Sandbox, id: &str, patience: u64) -> Vec<String> {
    for _ in 0..patience / 2 {
        let texts = client.poll(id).texts();
        if !texts.is_empty() {
            return texts;
        }
        sandbox.clock().advance(seconds(2));
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

/// Rents, at once again whenever the reply is none that tells of a rental.
pub(super) fn rent_until_told(socket: &Socket, country: &str) -> String {
    let told = (0..40).find_map(|_| socket.rent(country).rental_id());
    told.expect("in the end it is told of one")
}

/// What became of a client that had to ask twice for its one number: another one that it does not
/// know of is paid for, gets a code, and lives on.
pub(super) fn assert_double_rental(scenario: &str, socket: &Socket, sandbox: &Sandbox) {
    let id = rent_until_told(socket, "US");
    sandbox.clock().advance(seconds(8));
    assert!(socket.poll(&id).body().contains("\"text\":"), "all looks well to it");
    assert_eq!(socket.cancel(&id).status(), Some(200));

    let (made, charged) = super::charged(scenario, sandbox);
    assert_eq!((made, charged.to_string().as_str()), (2, "0.10"), "for one number at 0.05");
    assert_eq!(sandbox.rentals().messages().len(), 2, "a code comes to each");
    sandbox.clock().advance(seconds(1_191));
    assert_eq!(sandbox.rentals().live(), 1, "leaked to the last second");
    sandbox.clock().advance(seconds(1));
    assert_eq!((sandbox.rentals().live(), sandbox.rentals().refunded()), (0, Money::ZERO));
}

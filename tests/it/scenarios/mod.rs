//! A file for each scenario: it lives through the whole timeline over HTTP on a virtual clock, and
//! shows whom it harms. A client with the bug that the scenario says it catches, written out in
//! the test, loses money, codes or numbers; the careful client, the same in all of them, comes
//! through:
//!
//! ```ignore
//! #[test]
//! fn a_careful_client_has_the_code() {
//!     let (_server, mut client, sandbox) = play_carefully("slow-sms");
//!     let outcome = client.verify(&["DE"], "whatsapp");
//!     assert_comes_through("slow-sms", &outcome, &sandbox);
//! }
//! ```

mod cancel_after_sms_refused;
mod cancel_refund;
mod cdn_html_error;
mod documentation;
mod double_cancel_refused;
mod duplicate_sms;
mod early_cancel_denied;
mod errors_as_200;
mod flaky_soup;
mod ghost_stock;
mod happy_path;
mod late_sms_after_expiry;
mod maintenance_window;
mod multipart_scrambled;
mod naive;
mod no_sms_expires;
mod odd_senders;
mod out_of_order;
mod out_of_stock;
mod rate_limited;
mod redirect_post;
mod rent_reply_lost;
mod rent_timeout_but_rented;
mod restock;
mod same_code_resent;
mod slow_network;
mod slow_sms;
mod sms_during_cancel;
mod socket;
mod stale_stock;
mod time_chaos;
mod tricky_codes;
mod truncated_json;
mod two_sms_second_good;
mod type_drift;
mod unicode_rtl;

use ringer::Sandbox;
use ringer::scenario::Endpoint;
use ringer::scenario::{Money, seconds};
use ringer::{Server, ServerBuilder};

use crate::careful::ledger::{Fate, Ledger};
use crate::careful::{Careful, Outcome};
use crate::support::{Client, frozen, start};

/// A server that plays a scenario on a frozen clock, a client of it, and the client's sandbox.
fn play(scenario: &str) -> (Server, Client, Sandbox) {
    let server = start(frozen().scenario(scenario));
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    (server, client, sandbox)
}

/// The codes that a client should find in the messages so far; "" where it should find none.
fn expected_codes(sandbox: &Sandbox) -> Vec<String> {
    sandbox
        .rentals()
        .messages()
        .into_iter()
        .map(|sms| sms.expected_code.unwrap_or_default())
        .collect()
}

/// Where the clock stands at a rental's end: its messages can be read for 24 h more.
fn assert_kept_for_24_hours(client: &Client, sandbox: &Sandbox, id: &str) {
    let kept = client.poll(id).text;
    sandbox.clock().advance(seconds(24 * 3_600 - 1));
    assert_eq!(client.poll(id).text, kept, "a second before the 24 h are over");
    sandbox.clock().advance(seconds(1));
    let gone = client.poll(id);
    assert_eq!((gone.status, gone.code()), (404, "RENTAL_NOT_FOUND"));
    assert_eq!(client.cancel(id).code(), "RENTAL_NOT_FOUND");
}

/// As [`play`], with the careful client: when it waits, the frozen clock moves on.
fn play_carefully(scenario: &str) -> (Server, Careful, Sandbox) {
    play_with_care(frozen().scenario(scenario))
}

/// The same with a server of one's own.
fn play_with_care(server: ServerBuilder) -> (Server, Careful, Sandbox) {
    let server = start(server);
    let sandbox = server.sandbox("ci").expect("the key is good");
    let clock = sandbox.clone();
    let wait = move |n| {
        clock.clock().advance(seconds(n));
    };
    let client = Careful::new(&server.url(), "ci", wait);
    (server, client, sandbox)
}

/// How many rentals were made, whoever was told, and what they cost at the scenario's prices.
fn charged(scenario: &str, sandbox: &Sandbox) -> (usize, Money) {
    let all = ringer::bundled_scenarios();
    let scenario = all.iter().find(|s| s.name == scenario).expect("it is bundled");
    let price = |country| scenario.countries.iter().find(|offer| offer.country == country);
    let made =
        sandbox.journal().entries().into_iter().filter(|entry| {
            entry.endpoint == Some(Endpoint::RentNumber) && entry.rental_id.is_some()
        });
    made.fold((0, Money::ZERO), |(count, sum), entry| {
        let offer = entry.country.and_then(price).expect("it is offered");
        (count + 1, sum + offer.price_per_sms)
    })
}

/// The client knows of every rental and of every cent, and nothing lives on for nobody.
fn assert_books_agree(scenario: &str, ledger: &Ledger, sandbox: &Sandbox) {
    let known = (ledger.rentals.len() + ledger.in_doubt.len(), ledger.charged());
    assert_eq!(known, charged(scenario, sandbox), "rentals and their price: {ledger:?}");

    // What becomes of a rental in doubt nobody can ask: it may have come back or not.
    let doubt = ledger.in_doubt.iter().fold(Money::ZERO, |sum, price| sum + *price);
    let refunds = ledger.refunded()..=ledger.refunded() + doubt;
    let refunded = sandbox.rentals().refunded();
    assert!(refunds.contains(&refunded), "{refunded} was paid back: {ledger:?}");

    assert_eq!(ledger.count(Fate::Live), 0, "it has ended all that it knows of: {ledger:?}");
    let excused = ledger.count(Fate::Sold) + ledger.in_doubt.len();
    assert!(sandbox.rentals().live() as usize <= excused, "a rental has leaked: {ledger:?}");
}

/// The client has the right code by the server's own account, and its books agree.
fn assert_comes_through(scenario: &str, outcome: &Outcome, sandbox: &Sandbox) {
    assert!(outcome.code.is_some(), "no code: {outcome:?}");
    let read = |text: &str| outcome.inbox.messages.iter().any(|sms| sms.text == text);
    let messages = sandbox.rentals().messages().into_iter();
    let with_code = messages.filter(|sms| sms.expected_code.is_some() && read(&sms.text));
    let newest = with_code.max_by_key(|sms| sms.received_at);
    assert_eq!(outcome.code, newest.and_then(|sms| sms.expected_code), "{outcome:?}");
    assert_books_agree(scenario, &outcome.ledger, sandbox);
}

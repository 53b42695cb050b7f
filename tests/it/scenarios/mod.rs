//! A file for each scenario: it lives through the whole timeline over HTTP on a virtual clock.

mod cancel_after_sms_refused;
mod cancel_refund;
mod documentation;
mod double_cancel_refused;
mod duplicate_sms;
mod early_cancel_denied;
mod ghost_stock;
mod happy_path;
mod late_sms_after_expiry;
mod multipart_scrambled;
mod no_sms_expires;
mod odd_senders;
mod out_of_stock;
mod restock;
mod same_code_resent;
mod slow_sms;
mod stale_stock;
mod tricky_codes;
mod two_sms_second_good;
mod unicode_rtl;

use ringer::registry::SandboxHandle;
use ringer::scenario::seconds;
use ringer::server::Server;

use crate::support::{Client, frozen, start};

/// A server that plays a scenario on a frozen clock, a client of it, and the client's sandbox.
fn play(scenario: &str) -> (Server, Client, SandboxHandle) {
    let server = start(frozen().scenario(scenario));
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    (server, client, sandbox)
}

/// The codes that a client should find in the messages so far; "" where it should find none.
fn expected_codes(sandbox: &SandboxHandle) -> Vec<String> {
    sandbox.messages().into_iter().map(|sms| sms.expected_code.unwrap_or_default()).collect()
}

/// Where the clock stands at a rental's end: its messages can be read for 24 h more.
fn assert_kept_for_24_hours(client: &Client, sandbox: &SandboxHandle, id: &str) {
    let kept = client.poll(id).text;
    sandbox.advance(seconds(24 * 3_600 - 1));
    assert_eq!(client.poll(id).text, kept, "a second before the 24 h are over");
    sandbox.advance(seconds(1));
    let gone = client.poll(id);
    assert_eq!((gone.status, gone.code()), (404, "RENTAL_NOT_FOUND"));
    assert_eq!(client.cancel(id).code(), "RENTAL_NOT_FOUND");
}

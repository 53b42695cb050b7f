//! A connection that is lost.

use super::browser::Browser;
use crate::support::{Client, frozen, start};

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn a_lost_connection_is_shown_and_the_page_catches_up_after_it() {
    let server = start(frozen());
    let browser = Browser::live(&server.console_url());
    let client = Client::new(&server, "demo");
    let id = client.rent("DE").rental_id();
    (0..4).for_each(|_| drop(client.poll(&id)));
    browser.until("document.querySelectorAll('#request-list li').length === 5");
    browser.reads("#rental-list", &id);
    browser.click(".rental .choose");
    let port = server.address().port();
    server.stop();
    browser.reads("#link", "connection lost, trying again");

    let again = start(frozen().port(port));
    let client = Client::new(&again, "demo");
    let other = client.rent("FR").rental_id();
    client.poll(&other);
    browser.reads("#link", "live");
    browser.until("document.querySelectorAll('.rental').length === 1");
    browser.reads(".rental .of", "FR");
    // Nothing of the server that is gone is left.
    browser.until("document.querySelectorAll('#request-list li').length === 2");
    browser.until(&format!("document.querySelector('#rental').value === '{other}'"));
    browser.until("document.querySelectorAll('#rental option').length === 1");
    client.poll(&other);
    browser.until("document.querySelectorAll('#request-list li').length === 3");
}

//! The page of the APIs, as a browser makes it.

use super::browser::Browser;
use crate::support::{frozen, start};

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn the_docs_page_lists_the_operations_in_order_and_sends_a_real_call() {
    let server = start(frozen());
    let browser = Browser::open(&format!("{}/docs", server.url()));
    browser.until("document.querySelector('#rentNumber')");
    browser.until(
        "[...document.querySelectorAll('#operations > details')].slice(0, 4).map((it) => it.id).join() \
         === 'getNumbers,rentNumber,getSMS,cancelNumber'",
    );
    browser.click("#rentNumber > summary");
    browser.reads("#rentNumber", "nothing left to rent in this country");
    browser.until("!document.querySelector('#operations').textContent.includes('`')");
    browser.click("#rentNumber form button");
    browser.reads("#rentNumber form + div", "\"status\": \"success\"");
    assert_eq!(server.sandbox("demo").expect("the key is good").rentals().live(), 1);
    browser.has_no_complaints();
}

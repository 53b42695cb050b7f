//! A control API that asks for a token.

use super::browser::Browser;
use crate::support::{frozen, start};

const TOKEN: &str = "s3cret-of-the-test";

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn the_page_asks_for_the_token_once_and_puts_it_into_no_url() {
    let server = start(frozen().admin_token(TOKEN));
    let browser = Browser::open(&server.console_url());
    browser.until(
        "document.querySelector('#token').open && document.querySelector('#token-wrong').hidden",
    );
    browser.write("#token-value", "wrong");
    browser.press("\u{e007}");
    // The wrong one is asked for anew; the right one is enough for everything.
    browser.until("document.querySelector('#token').open && document.querySelector('#token-value').value === ''");
    browser.reads("#token-wrong", "That is not the token of this server");
    browser.write("#token-value", TOKEN);
    browser.press("\u{e007}");
    browser.reads("#link", "live");
    browser.click("#rent-form .strong");
    browser.reads("#rental-list", "live");
    browser.click("#next");
    browser.reads("#moved", "an SMS arrived");
    assert_eq!(browser.js("return document.querySelector('#token').open"), false);
    // In this tab it is known.
    browser.go(&server.console_url());
    browser.reads("#link", "live");
    assert_eq!(browser.js("return document.querySelector('#token').open"), false);

    browser.until(
        "performance.getEntriesByType('resource').some(({name}) => name.includes('/requests?last'))",
    );
    let seen = browser.js(
        "return JSON.stringify([location.href, document.cookie, document.documentElement.outerHTML,
                 performance.getEntriesByType('resource').map((one) => one.name)])",
    );
    let seen = seen.as_str().expect("text");
    assert!(!seen.contains(TOKEN), "and the token with it");
}

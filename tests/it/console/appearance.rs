//! How the page looks: light and dark, wide and narrow, and to those who do not see it.

use serde_json::Value;

use super::browser::Browser;
use super::play;
use crate::support::Client;

/// A page with something of everything on it, one request unfolded.
fn furnished(browser: &Browser, client: &Client) {
    let id = client.rent_for("de", "telegram").rental_id();
    client.poll(&id);
    client.rent("USA");
    browser.click("#fault-form .strong");
    browser.click("#numbers");
    browser.reads("#fault-list", "NO_NUMBERS");
    browser.reads("#grade", "Pass: no errors or warnings, ");
    browser.reads("#calls .answer", "United States");
    browser.click("#request-list li:last-child .request");
    browser.until("document.querySelector('.explanation')");
}

const PAPER: &str = "return getComputedStyle(document.documentElement).backgroundColor";

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn the_page_follows_the_colour_scheme_of_the_system_until_the_user_changes_it() {
    let (_server, browser, _) = play("happy-path");
    browser.prefer("light");
    let light = browser.js(PAPER);
    browser.prefer("dark");
    let dark = browser.js(PAPER);
    assert_ne!(light, dark);
    browser.reads("#theme", "Light");
    browser.click("#theme");
    assert_eq!(browser.js(PAPER), light);
    browser.reads("#theme", "Dark");
    browser.has_no_complaints();
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn no_screen_width_needs_horizontal_scrolling() {
    let (_server, browser, client) = play("happy-path");
    furnished(&browser, &client);
    for width in [320, 390, 640, 768, 1024, 1101, 1440, 1920] {
        browser.window(width, 844);
        let [page, window] = ["scrollWidth", "clientWidth"]
            .map(|of| browser.js(&format!("return document.documentElement.{of}")));
        assert_eq!(page, window, "at {width}");
    }
    browser.has_no_complaints();
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn a_keyboard_is_enough() {
    let (_server, browser, client) = play("happy-path");
    let (tab, enter) = ("\u{e004}", "\u{e007}");
    browser.press(tab);
    assert_eq!(browser.js("return document.activeElement.className"), "skip");
    browser.press(enter);
    browser.until("document.activeElement.id === 'rentals'");
    let id = client.rent("DE").rental_id();
    browser.reads("#request-list", &id);
    browser.js("document.querySelector('.request').focus()");
    browser.press(enter);
    browser.until("document.querySelector('.request').getAttribute('aria-expanded') === 'true'");
    browser.reads(".explanation", &format!("was rented as {id}"));
    // What is drawn anew while it has the focus keeps it.
    client.poll(&id);
    browser.reads("#resume", "1 new request: show");
    assert_eq!(browser.js("return document.activeElement.className"), "request");
    browser.press(enter);
    browser.until("document.querySelectorAll('.request').length === 2");
    assert_eq!(browser.js("return document.activeElement.className"), "request");
    browser.has_no_complaints();
}

#[test]
#[ignore = "needs Chromium, chromedriver and axe-core; see CONTRIBUTING.md"]
fn axe_finds_no_accessibility_problem() {
    let (_server, browser, client) = play("happy-path");
    let axe =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/console/node_modules/axe-core/axe.min.js");
    let axe =
        std::fs::read_to_string(axe).expect("`npm ci --prefix tests/console` installs axe-core");
    furnished(&browser, &client);
    browser.js(&axe);
    for (scheme, width) in [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)] {
        browser.prefer(scheme);
        browser.window(width, 900);
        let found = browser.js_done("axe.run().then((found) => done(found.violations))");
        let found: Vec<String> = found
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| {
                let targets = one["nodes"].as_array().into_iter().flatten();
                let targets: Vec<&Value> = targets.map(|node| &node["target"]).collect();
                format!("{}: {} {targets:?}", one["id"], one["help"])
            })
            .collect();
        assert!(found.is_empty(), "{scheme}, {width}: {found:#?}");
    }
}

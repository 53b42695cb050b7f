//! Whatever a client sends is shown as text.

use ringer::scenario::*;
use serde_json::json;

use super::browser::Browser;
use crate::support::{Client, frozen, start};

/// Would be two elements more, wherever it is taken for markup, and an alert that stops the test.
fn markup(name: &str) -> String {
    format!("<img src=x onerror=alert()><b>{name}")
}

/// A scenario of somebody's own.
fn marked() -> Scenario {
    scenario("marked")
        .summary(&markup("summary"))
        .catches(&markup("catches"))
        .countries(usual_countries())
        .script(steps().sms(seconds(8), sms()))
}

/// Asserts that the page is nothing but itself, and shows these texts.
#[track_caller]
fn is_clean(browser: &Browser, selectors: &[(&str, &str)]) {
    for (selector, name) in selectors {
        browser.reads(selector, &format!("<b>{name}"));
    }
    let found = browser
        .js("return [document.title, document.images.length, document.scripts.length,
                 document.querySelectorAll('b, iframe, style, [style], [onerror]').length]");
    assert_eq!(found, json!(["ringer", 1, 1, 0]), "{selectors:?}");
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn what_a_client_sends_is_never_taken_for_markup() {
    let server = start(frozen().workers(2).with_scenarios([marked()]));
    // Of 128 bytes at the most.
    let key = markup("key");
    let browser = Browser::live(&server.console_url());
    browser.write("#new-key", &key);
    browser.click("#sandbox-form button");
    browser.reads("#sandbox", &key);
    is_clean(&browser, &[("#addresses", "key")]);

    browser.choose("#scenario", "marked");
    is_clean(&browser, &[("#summary", "summary"), ("#catches", "catches")]);
    browser.click("#scenario-form .strong");
    browser.until("document.querySelector('#plays').innerText === ''");
    // The name of a scenario is a word, or it does not get there in the first place.
    let mut scenario = serde_json::to_value(marked()).expect("it is data");
    scenario["name"] = json!(markup("scenario"));
    let sandbox = format!("/__admin/sandboxes/{}", percent(&key));
    let admin = Client::new(&server, "unused");
    assert_eq!(put(&server.url(), &sandbox, &json!({"scenario": scenario})), 400);

    let client = Client::new(&server, &key);
    let id = client.rent_for("DE", &markup("service")).rental_id();
    browser.reads(".rental .of", "<b>service");
    // An unknown parameter, a country that is none, a header that makes no sense, a lost rental.
    let unknown = json!({"api_key": key, "country": "DE", markup("field"): "1"});
    client.post_json("/rentNumber", &unknown);
    client.post_json("/rentNumber", &json!({"api_key": key, "country": markup("country")}));
    let numbers = format!("/getNumbers?api_key={}", percent(&key));
    client.get_with_header(&numbers, "prefer", &format!("code={}", markup("prefer")));
    client.get(&format!("{numbers}&rental_id={}", percent(&markup("id"))));
    client.get(&format!("/getSMS?api_key={}&rental_id={}", percent(&key), percent(&markup("id"))));
    let sms = json!({"sender": markup("sender"), "text": markup("text"),
                     "expected_code": markup("code")});
    let sent = admin.post_json(&format!("{sandbox}/rentals/{id}/messages"), &sms);
    assert_eq!(sent.status, 201, "{}", sent.text);
    let poll = format!("/getSMS?api_key={}&rental_id={id}", percent(&key));
    assert_eq!(client.get(&poll).texts(), [markup("text")]);

    browser.until("[...document.querySelectorAll('.timeline .code')].some((one) => one.textContent.includes('<b>code'))");
    browser.until("[...document.querySelectorAll('.timeline title')].some((one) => one.textContent.includes('<b>sender'))");
    browser.js("document.querySelectorAll('.rental details').forEach((one) => (one.open = true))");
    is_clean(&browser, &[(".words", "text"), (".words", "code")]);
    browser.reads("#findings", "is not a parameter of this endpoint");

    // Each request, unfolded.
    let shown = browser.js("return document.querySelectorAll('.request').length");
    let shown = shown.as_u64().expect("a number");
    assert_eq!(shown, 7);
    let mut told = String::new();
    for place in 1..=shown {
        browser.click(&format!("#request-list li:nth-child({place}) .request"));
        let at = format!("#request-list li:nth-child({place}) .exchange");
        browser.until(&format!("document.querySelector('{at}')"));
        is_clean(&browser, &[]);
        told += &browser.text(&at);
        browser.click(&format!("#request-list li:nth-child({place}) .request"));
    }
    // Of the name of a parameter, which may be a value, only the first word is shown.
    assert!(told.contains("\"<img …\" is not a parameter"), "{told}");
    for name in ["key", "service", "country", "prefer", "id", "text"] {
        assert!(told.contains(&format!("<b>{name}")), "{name} is not shown at all: {told}");
    }

    // The page's own client and the other view.
    browser.write("#rent-service", &markup("own"));
    browser.click("#rent-form .strong");
    is_clean(&browser, &[("#calls", "own")]);
    browser.choose("#sandbox", "all");
    is_clean(&browser, &[("#request-list .owner", "key"), ("#rental-list .owner", "key")]);
    browser.has_no_complaints();
}

fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn put(url: &str, path: &str, body: &serde_json::Value) -> u16 {
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let agent = ureq::Agent::new_with_config(config);
    let reply = agent.put(format!("{url}{path}")).send(body.to_string()).expect("it answers");
    reply.status().as_u16()
}

//! The demo, as two companies see it.

use serde_json::json;

use super::play;
use crate::support::Client;

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn the_demo_goes_from_choosing_a_scenario_to_the_sms_on_the_screen() {
    let (server, browser, client) = play("happy-path");
    browser.choose("#scenario", "two-sms-second-good");
    browser.reads("#catches", "It catches a client that takes the first SMS");
    browser.reads("#summary", "an SMS without a code after 6 s");
    browser.reads("#plays", "happy-path plays now; Start plays this one.");
    browser.click("#scenario-form .strong");
    browser.until("document.querySelector('#plays').innerText === ''");
    browser.until("document.querySelector('#clock .chip').innerText === 'frozen'");
    assert_eq!(shown(&client)["scenario"], "two-sms-second-good");
    let sandbox = server.sandbox("demo").expect("the page has made it");

    browser.choose("#rent-country", "SE");
    browser.click("#rent-form .strong");
    browser.reads(".rental .waits-for", "The client has not polled yet; an SMS comes in 6 s.");
    browser.reads("#calls code", "/rentNumber -d api_key=demo -d country=SE -d service=telegram");
    let number = browser.text(".rental .number");
    assert!(number.starts_with("+46"), "{number}");
    browser.click("#poll");
    browser.reads("#calls .answer", "\"messages\":[]");
    browser.reads(".waits-for", "The client polls and waits; an SMS comes in 6 s.");

    browser.click("#next");
    browser.reads("#moved", "00:00:06: an SMS arrived");
    browser.reads("#now", "00:00:06");
    browser.reads(".waits-for", "An SMS has waited for the client's poll");
    browser.until("document.querySelectorAll('.timeline .sms.unread').length === 1");
    browser.click("#next");
    browser.click("#poll");
    let code = sandbox.rentals().messages()[1].expected_code.clone().expect("the second has it");
    browser.reads("#calls .answer", &code);
    browser.until("document.querySelectorAll('.timeline .sms:not(.unread)').length === 2");
    browser.until(&format!("document.querySelector('.timeline .code').textContent === '{code}'"));
    browser.reads(".waits-for", "The client has its SMS.");

    browser.click(".rental summary");
    browser.reads(".words", "you read 2 SMS");
    browser.click("#cancel");
    browser.reads(".rental .state", "sold");
    browser.reads("#grade", "Pass: no problems found.");
    browser.reads("#audit", "sold\n1");
    browser.reads("#coverage", "cancelNumber ✓ ×1");

    browser.click("#reset");
    browser.until("!document.querySelector('#no-rentals').hidden");
    browser.until("document.querySelectorAll('#request-list li').length === 0");
    browser.has_no_complaints();
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn the_requests_of_another_client_appear_as_they_come() {
    let (_server, browser, client) = play("happy-path");
    browser.reads("#addresses", "/getNumbers?api_key=demo");
    let id = client.rent_for("gb", "whatsapp").rental_id();
    browser.reads(".rental .id", &id);
    browser.reads("#request-list .chips", "lower-case-country");
    client.rent("USA");
    browser.reads("#request-list .outcome", "400 UNKNOWN_COUNTRY");
    browser.click("#request-list li:first-child .request");
    browser.reads(".explanation", "Country \"USA\" is not an ISO 3166-1 alpha-2 code");
    browser.reads(".both", "\"code\":\"UNKNOWN_COUNTRY\"");

    // What is read stands still; what comes meanwhile is counted.
    client.poll(&id);
    client.poll(&id);
    browser.reads("#resume", "2 new requests: show");
    assert_eq!(browser.js("return document.querySelectorAll('#request-list li').length"), 2);
    browser.click("#resume");
    browser.until("document.querySelectorAll('#request-list li').length === 4");
    browser.until("document.querySelectorAll('.timeline .poll').length === 2");
    browser.reads("#grade", "Pass: no errors or warnings, 1 info.");
    browser.has_no_complaints();
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn an_injected_sms_arrives_on_the_screen_and_at_the_client() {
    let (_server, browser, client) = play("no-sms-expires");
    let id = client.rent("DE").rental_id();
    browser.reads("#sms-to", "+49");
    browser.reads(".waits-for", "No SMS is due.");
    browser.write("#sms-sender", "Bank");
    browser.write("#sms-text", "TAN 4711");
    browser.click("#sms-form .strong");
    browser.reads(".waits-for", "An SMS has waited for the client's poll");
    let sms = &client.poll(&id).json["messages"][0];
    assert_eq!((&sms["sender"], &sms["text"]), (&json!("Bank"), &json!("TAN 4711")));
    browser.reads(".waits-for", "The client has its SMS.");
    browser.write("#sms-after", "90");
    browser.click("#sms-form .strong");
    browser.until("[...document.querySelectorAll('.timeline .soon')].some((one) => one.textContent === 'SMS in 1 min 30 s')");
    browser.has_no_complaints();
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn a_fault_is_switched_on_strikes_and_is_explained() {
    let (_server, browser, client) = play("happy-path");
    browser.choose("#fault-what", "a web page with 502");
    browser.click("#fault-form .strong");
    browser.reads("#fault-list", "rentNumber: 502 html (1×)");
    browser.reads("#fault-list .fired", "waiting");
    assert_eq!(client.rent("DE").status, 502);
    assert_eq!(client.rent("DE").status, 200);
    browser.reads("#fault-list .fired", "fired 1 time");
    browser.reads("#request-list .chips", "fault_1");
    browser.click("#request-list li:nth-child(2) .request");
    browser.reads(".explanation", "The rule fault_1 answered 502.");
    browser.click("#fault-list button");
    browser.until("document.querySelectorAll('#fault-list li').length === 0");
    browser.has_no_complaints();
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn a_lost_reply_shows_that_a_browser_sends_a_call_again_by_itself() {
    let (_server, browser, _) = play("happy-path");
    browser.choose("#fault-what", "done, but its reply is lost");
    browser.click("#fault-form .strong");
    browser.reads("#resends", "sends its call again by itself");
    browser.click("#rent-form .strong");
    browser.until("document.querySelectorAll('.rental').length === 2");
    browser.reads("#request-list .outcome", "no reply");
    browser.reads("#findings", "retried-post");
    browser.reads("#verdict", "Fail: 1 error");
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn stock_and_clock_are_moved_by_hand() {
    let (_server, browser, client) = play("happy-path");
    browser.until("document.querySelector('[aria-label=\"Stock of Germany\"]').value === '1500'");
    browser.write("[aria-label='Stock of Germany']", "0");
    browser.press("\u{e007}");
    browser.until("document.querySelector('.countries .gone abbr').innerText === 'DE'");
    assert_eq!(client.rent("DE").code(), "NO_NUMBERS");
    let clock = || shown(&client)["clock"].clone();
    browser.click("#fast");
    browser.until("document.querySelector('#mode').innerText === '×60'");
    assert_eq!(clock()["rate"], 60.0);
    // It runs on the screen as it runs there.
    browser.until("document.querySelector('#now').innerText > '00:00:30'");
    browser.click("#real");
    browser.until("document.querySelector('#mode').innerText === 'real time'");
    browser.click("#freeze");
    browser.until("document.querySelector('#freeze').getAttribute('aria-pressed') === 'true'");
    assert_eq!(clock()["mode"], "frozen");
    browser.has_no_complaints();
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn an_error_of_the_control_api_is_shown_in_a_notice() {
    let (_server, browser, _) = play("happy-path");
    browser.click("#sms-form .strong");
    browser.reads("#notice", "There is no rental to send an SMS to; rent a number first.");
    browser.click("#notice button");
    browser.until("document.querySelector('#notice').hidden");
}

/// The sandbox of the page, as the control API shows it.
fn shown(client: &Client) -> serde_json::Value {
    client.get("/__admin/sandboxes/demo").json
}

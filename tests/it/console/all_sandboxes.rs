//! All sandboxes at once, and one after another.

use super::browser::Browser;
use crate::support::{Client, frozen, start};

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn the_page_shows_all_sandboxes_together_or_one_alone() {
    let server = start(frozen().workers(2));
    let (first, second) = (Client::new(&server, "ci-1"), Client::new(&server, "ci-2@slow-sms"));
    let id = first.rent("DE").rental_id();
    first.poll(&id);
    let other = second.rent("FR").rental_id();
    let browser = Browser::live(&server.console_url());
    // The busiest one is what it begins with.
    browser.until("document.querySelector('#sandbox').value === 'key ci-1'");
    browser.reads("#rental-list", &id);
    assert!(!browser.text("#rental-list").contains(&other));

    browser.choose("#sandbox", "all");
    browser.reads("#rental-list", &id);
    browser.reads("#rental-list", &other);
    browser.reads("#request-list .owner", "ci-2@slow-sms");
    browser.until("document.querySelector('#rent-form button').disabled");
    browser.reads("#moved", "Each sandbox has its own clock; choose a sandbox.");
    second.poll(&other);
    browser.until("document.querySelectorAll('#request-list li').length === 4");

    browser.click(&format!("[aria-label='Act on it: {other}']"));
    browser.until("document.querySelector('#sandbox').value === 'key ci-2@slow-sms'");
    browser.until(&format!("document.querySelector('#rental').value === '{other}'"));
    browser.reads(".waits-for", "an SMS comes in 1 min 35 s");
    browser.reads("#summary", "nothing for 95 s, th");
    browser.until("document.querySelectorAll('#request-list li').length === 2");
    assert!(!browser.text("#rental-list").contains(&id));
    browser.until("!document.querySelector('#rent-form button').disabled");

    // A tab that is loaded anew stays where it was.
    browser.go(&server.console_url());
    browser.reads(".rental .id", &other);
    browser.has_no_complaints();
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn a_sandbox_created_meanwhile_appears_among_all_sandboxes() {
    let server = start(frozen());
    let browser = Browser::live(&server.console_url());
    let keys: Vec<_> = (1..=5).map(|n| format!("job-{n}")).collect();
    keys.iter().for_each(|key| drop(Client::new(&server, key).rent("DE")));
    browser.choose("#sandbox", "all");
    keys.iter().for_each(|key| browser.reads("#rental-list .owner", key));
    browser.until("document.querySelectorAll('#request-list li').length === 5");
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn a_key_that_is_not_admitted_is_refused_with_the_reason() {
    let server = start(frozen().api_key("ours"));
    let browser = Browser::open(&server.console_url());
    browser.reads("#notice", "api_key is not one of the keys that this server accepts");
    browser.until("document.querySelector('#sandbox').value === 'all'");
    browser.reads("#link", "live");
    browser.write("#new-key", "ours");
    browser.click("#sandbox-form button");
    browser.reads("#addresses", "ours");
    browser.until("document.querySelector('#rent-country').value !== ''");
    browser.click("#rent-form .strong");
    browser.reads("#calls .outcome", "200");
}

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn a_sandbox_that_is_deleted_leaves_nothing_on_the_page() {
    let server = start(frozen());
    let client = Client::new(&server, "demo");
    let browser = Browser::live(&server.console_url());
    let id = client.rent("DE").rental_id();
    browser.reads("#rental-list", &id);
    let agent = ureq::Agent::new_with_defaults();
    let gone = agent.delete(format!("{}/sandboxes/demo", server.admin_url())).call();
    assert_eq!(gone.expect("it answers").status(), 204);
    browser.until("document.querySelectorAll('.rental, .request').length === 0");
    browser.reads("#now", "--:--:--");
    client.rent("FR");
    browser.reads("#rental-list", "FR");
    browser.until("document.querySelector('#now').innerText === '00:00:00'");
}

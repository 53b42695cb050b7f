//! A control API at an address of its own: the console lives there.

use super::browser::Browser;
use crate::support::{Client, frozen, start};

#[test]
#[ignore = "needs Chromium and chromedriver; see CONTRIBUTING.md"]
fn the_console_lives_with_the_control_api_and_calls_the_partner_api_across() {
    let server = start(frozen().admin_address("127.0.0.1", 0));
    let page = "text/html,*/*;q=0.8";
    let at_partner = Client::new(&server, "ci").get_with_header("/", "accept", page);
    assert_eq!(at_partner.code(), "NOT_FOUND");
    assert_ne!(server.console_url(), format!("{}/", server.url()));

    let browser = Browser::live(&server.console_url());
    browser.reads("#addresses", &server.url());
    browser.click("#rent-form .strong");
    browser.reads("#calls .answer", "The requests show its reply.");
    browser.reads("#rental-list", "an SMS comes in 8 s");
    browser.reads("#calls", &format!("curl {}/rentNumber", server.url()));
    browser.click("#poll");
    browser.reads(".waits-for", "The client polls and waits");
    browser.click("#cancel");
    browser.reads(".rental .state", "cancelled");
    browser.has_no_complaints();
}

#[test]
fn a_partner_api_on_all_addresses_is_called_by_the_host_name_of_the_page() {
    let server = start(frozen().host("0.0.0.0").admin_address("127.0.0.1", 0));
    let agent = ureq::Agent::new_with_defaults();
    let place = format!("{}__console/place.json", server.console_url());
    for (host, partner) in [
        ("127.0.0.1:1", Some("http://127.0.0.1")),
        ("pc.test", Some("http://pc.test")),
        ("[::1]:7465", Some("http://[::1]")),
        ("evil;script-src*", None),
    ] {
        let mut reply = agent.get(&place).header("host", host).call().expect("it answers");
        let json: serde_json::Value =
            serde_json::from_str(&reply.body_mut().read_to_string().expect("text")).expect("JSON");
        let wanted = partner.map(|name| format!("{name}:{}", server.address().port()));
        assert_eq!(json["partner"].as_str(), wanted.as_deref(), "{host}");
    }
}

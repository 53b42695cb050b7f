//! docs/faults.md.

use std::process::Command;

use ringer::ON_DEMAND_API_KEYS as API_KEYS;
use ringer::Server;
use ringer::scenario::*;

use super::{holds_in, part, text};
use crate::support::{Client, start};

const PAGE: &str = "docs/faults.md";

#[test]
fn the_tables_of_errors_on_demand_are_those_of_the_code() {
    let mut keys = "| api_key | every call is |\n|---|---|\n".to_owned();
    for (key, code) in API_KEYS {
        let (status, code_) = (code.status(), code.as_str());
        let only = if code == ErrorCode::InsufficientBalance { ", rentals only" } else { "" };
        keys += &format!("| `{key}` | {status} {code_}{only} |\n");
    }
    holds_in(PAGE, "magic-keys", &keys);

    let server = start(Server::builder());
    let client = Client::new(&server, "docs");
    let mut countries = "| country | listed with | rentNumber |\n|---|---|---|\n".to_owned();
    for country in Country::on_demand() {
        let listed = client.get(&format!("/getNumbers?api_key=docs&country={country}"));
        let available = listed.available(country.as_str());
        let what = country.name().trim_start_matches("On demand: ");
        // The replies of these two come late, or not at all.
        let refused = match country.as_str() {
            "XT" | "XH" => String::new(),
            code => client.rent(code).code().to_owned(),
        };
        let done = if refused.is_empty() { "rents" } else { refused.as_str() };
        countries += &format!("| `{country}` | {available} | {done}: {what} |\n");
    }
    holds_in(PAGE, "magic-countries", &countries);

    let mut faults = "| fault | what the client sees |\n|---|---|\n".to_owned();
    for fault in WireFault::ALL {
        faults += &format!("| `{}` | {} |\n", fault.name(), fault.meaning());
    }
    holds_in(PAGE, "wire-faults", &faults);
}

#[test]
fn the_header_that_asks_for_an_error_gets_it() {
    let server = start(Server::builder());
    let call = "-i -H 'Prefer: error=NO_NUMBERS' 'URL/getNumbers?api_key=demo'";
    let curl = format!("curl -s {}", call.replace("URL", &server.url()));
    let reply = Command::new("sh").args(["-c", &curl]).output().expect("curl runs").stdout;
    let reply = String::from_utf8(reply).expect("it is text").replace('\r', "");
    // When it was sent is another each time, and the order of headers too.
    let (head, body) = reply.split_once("\n\n").expect("a head and a body");
    let status = head.lines().next().expect("a status line");
    let applied = head.lines().find(|line| line.starts_with("preference-applied"));
    let applied = applied.expect("it says what was applied");
    let call = call.replace("URL", "http://127.0.0.1:7464");
    let shown = format!("$ curl {call}\n{status}\n{applied}\n…\n\n{body}\n");
    holds_in(PAGE, "prefer", &format!("```console\n{shown}```\n"));
}

#[test]
fn what_the_page_quotes_from_the_source_is_there() {
    let page = text(PAGE);
    let quotes = page.split("<!-- quoted from ").skip(1);
    assert_eq!(quotes.clone().count(), 3);
    for quote in quotes {
        let (file, rest) = quote.split_once(" -->\n```rust,ignore\n").expect("code follows");
        let (code, _) = rest.split_once("```").expect("the code ends");
        assert!(text(file).contains(code), "{file} does not contain\n{code}");
    }
}

#[test]
fn the_rules_that_are_shown_are_rules() {
    let part = part(PAGE, "fault-rules");
    let rules: Vec<&str> = part.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(rules.len(), 7);
    for rule in rules {
        let _: FaultRule =
            FaultRule::from_json(rule).unwrap_or_else(|problem| panic!("{rule}: {problem}"));
    }
}

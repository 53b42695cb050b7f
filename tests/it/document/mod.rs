//! The OpenAPI document is true: every reply that goes by in any test is held against it, and every
//! reply that it lists can be had.

mod book;
mod examples;
mod exchange;
mod excuse;
mod partner_tour;
mod tour;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

pub(crate) use exchange::Exchange;

pub(crate) use book::BOOK;

use crate::process::ringer;
use crate::support::{frozen, start};

/// Every client of these tests shows here what it got.
#[track_caller]
pub(crate) fn witness(exchange: &Exchange) {
    if let Err(wrong) = BOOK.check(exchange)
        && !excuse::excuses(&BOOK, exchange)
    {
        panic!("the document says otherwise: {wrong}\n{exchange:#?}");
    }
}

/// Each operation with each status that the document lists for it.
fn documented() -> BTreeSet<(String, u16)> {
    let operations = BOOK.operations().into_iter();
    let pairs = operations.flat_map(|(_, _, operation)| {
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        let replies = operation["responses"].as_object().expect("replies").clone();
        let status = |status: String| status.parse().expect("a status");
        replies.into_iter().map(move |(text, _)| (id.clone(), status(text)))
    });
    pairs.collect()
}

#[test]
fn every_documented_reply_can_be_provoked_and_the_examples_are_real() {
    let tour = tour::all();
    let seen = tour.iter().map(|seen| (seen.operation.clone(), seen.exchange.status)).collect();
    let never: Vec<_> = documented().difference(&seen).cloned().collect();
    assert!(never.is_empty(), "nothing provokes {never:?}");
    let new: Vec<_> = seen.difference(&documented()).cloned().collect();
    assert!(new.is_empty(), "not documented: {new:?}");

    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/http/openapi/examples.json");
    let right = serde_json::to_string_pretty(&examples::file(&tour)).expect("JSON") + "\n";
    if std::env::var_os("RINGER_UPDATE_DOCS").is_some() {
        fs::write(path, right).expect("it can be written");
    } else {
        let file = fs::read_to_string(path).expect("there are examples");
        assert_eq!(file, right, "RINGER_UPDATE_DOCS=1 cargo test writes the examples anew");
    }
}

#[test]
fn every_operation_has_a_summary_and_a_description() {
    for (path, method, operation) in BOOK.operations() {
        for text in ["operationId", "summary", "description"] {
            let text = operation[text].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{method} {path}: {operation}");
        }
        let end = operation["description"].as_str().expect("a text").chars().last();
        assert_eq!(end, Some('.'), "{method} {path} describes itself in sentences");
    }
}

fn listing(status: u16, body: &str) -> Exchange {
    Exchange {
        method: "GET".to_owned(),
        target: "/getNumbers?api_key=nobody".to_owned(),
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_owned(),
        ..Exchange::default()
    }
}

#[test]
fn a_reply_that_differs_from_the_document_is_noticed() {
    let right = r#"{"status":"success","numbers":[{"country":"DE","country_name":"Germany","available":7,"price_per_sms":0.08}]}"#;
    assert_eq!(BOOK.check(&listing(200, right)), Ok(()));
    for (from, to) in [
        ("0.08", "\"0.08\""),
        ("\"DE\"", "\"XX\""),
        ("7,", "-7,"),
        ("\"available\":7,", ""),
        ("success", "ok"),
        ("[{", "[{\"extra\":1,"),
        ("{\"status\"", "{\"extra\":1,\"status\""),
    ] {
        let wrong = right.replacen(from, to, 1);
        assert!(BOOK.check(&listing(200, &wrong)).is_err(), "{wrong}");
    }
    assert!(BOOK.check(&listing(409, right)).is_err(), "another status");
    let mut page = listing(200, right);
    page.headers = vec![("content-type".to_owned(), "text/html".to_owned())];
    assert!(BOOK.check(&page).is_err(), "another kind of body");
    let refusal = |code: &str| format!(r#"{{"status":"error","code":"{code}","message":"no"}}"#);
    assert_eq!(BOOK.check(&listing(403, &refusal("KEY_BANNED"))), Ok(()));
    assert!(BOOK.check(&listing(403, &refusal("NO_NUMBERS"))).is_err(), "another code");
    assert!(BOOK.check(&listing(403, &refusal("NO_NUMBER"))).is_err(), "no code");
    assert!(BOOK.check(&listing(503, &refusal("MAINTENANCE"))).is_err(), "Retry-After is missing");
}

#[test]
fn a_different_reply_is_excused_only_if_the_server_says_so() {
    let strange = r#"{"status":"success","numbers":null}"#;
    let told = |scenario: &str| {
        let server = start(frozen().scenario(scenario));
        server.sandbox("nobody").expect("it is made");
        let address = server.address().to_string();
        excuse::excuses(&BOOK, &Exchange { address, ..listing(200, strange) })
    };
    assert!(!told("happy-path"), "nothing there makes replies wrong");
    assert!(!told("cdn-html-error"), "no fault has fired");
    assert!(told("type-drift"), "replies have another shape there");
    let nobody = Exchange { address: "127.0.0.1:1".to_owned(), ..listing(200, strange) };
    assert!(!excuse::excuses(&BOOK, &nobody), "nobody says so");
}

#[test]
fn the_command_prints_the_bytes_that_the_server_answers_with() {
    let server = start(frozen());
    let served = ureq::get(format!("{}/openapi.json", server.url())).call().expect("it is served");
    let served = served.into_body().read_to_string().expect("it is text");
    let printed = ringer().arg("openapi").output().expect("it runs");
    assert!(printed.status.success());
    assert_eq!(String::from_utf8(printed.stdout).expect("it is text"), served);
}

/// The page and its files.
const FILES: [&str; 7] = [
    "/docs",
    "/docs/page.css",
    "/docs/page.js",
    "/docs/curl.js",
    "/docs/elements.js",
    "/docs/schema.js",
    "/docs/trial.js",
];

#[test]
fn the_document_and_the_page_are_at_both_addresses_for_everybody_under_any_name() {
    let server = start(frozen().admin_token("s3cret").admin_address("127.0.0.1", 0));
    let other = server.admin_url().replace("/__admin", "");
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let agent = ureq::Agent::new_with_config(config);
    for url in [server.url(), other] {
        for path in FILES.into_iter().chain(["/openapi.json"]) {
            let status = |request: ureq::RequestBuilder<ureq::typestate::WithoutBody>| {
                request.call().expect("it answers").status().as_u16()
            };
            let url = format!("{url}{path}");
            assert_eq!(status(agent.get(&url)), 200, "{url}");
            assert_eq!(status(agent.get(&url).header("host", "elsewhere.example")), 200, "{url}");
            assert_eq!(status(agent.delete(&url)), 405, "{url}");
        }
    }
}

#[test]
fn the_page_runs_only_its_own_script_and_asks_nobody_else() {
    let server = start(frozen());
    let mut files = Vec::new();
    for path in FILES {
        let mut reply = ureq::get(format!("{}{path}", server.url())).call().expect("it is served");
        let policy = reply.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        let text = reply.body_mut().read_to_string().expect("it is text");
        for foreign in ["http:", "https:", "\"//", "'//"] {
            assert!(!text.contains(foreign), "{path} has {foreign}");
        }
        if path.ends_with(".css") {
            assert!(!text.contains("@import") && !text.contains("url("), "{text}");
        }
        files.push(text);
    }
    let [page, _, scripts @ ..] = &files[..] else { panic!("the files of the page") };
    for inline in ["<style", "style=", "onclick", "onload", "javascript:"] {
        assert!(!page.contains(inline), "{inline}");
    }
    for script in page.split("<script").skip(1) {
        assert!(script.contains("src=\"/docs/page.js\"></script>"), "{script}");
    }
    // What a server or a client sent is text, never markup.
    for script in scripts {
        for markup in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!script.contains(markup), "{markup}");
        }
        for part in script.split("byId('").skip(1) {
            let id = part.split('\'').next().expect("an id");
            assert!(page.contains(&format!("id=\"{id}\"")), "the page has no {id}");
        }
    }
}

//! HEAD is answered wherever GET is, but for the partner API.

use std::collections::BTreeMap;

use ringer::Server;

use super::admin::{Admin, Answer};
use super::play;
use crate::document::BOOK;
use crate::support::{Client, frozen, start};

/// The headers of a reply without those that may differ from one second to the next. Of a length only
/// that there is one.
fn headers(answer: &Answer) -> BTreeMap<String, String> {
    let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
    let mut headers: BTreeMap<String, String> =
        lines.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    headers.remove("date");
    headers.entry("content-length".to_owned()).and_modify(|length| *length = "some".to_owned());
    headers
}

#[test]
fn head_returns_the_headers_of_get_and_no_body() {
    let (_server, admin, client) = play("happy-path");
    let id = client.rent("US").rental_id();
    let operations = BOOK.operations().into_iter();
    let read =
        operations.filter(|(path, method, _)| method == "GET" && path.starts_with("/__admin"));
    let mut seen = 0;
    for (path, ..) in read {
        let path = path.replace("{rental_id}", &id).replace("{name}", "happy-path");
        let path = path.replace("/__admin", "").replace("{seq}", "1");
        for key in ["ci", "nobody", "live_key"] {
            let path = path.replace("{key}", key);
            let head = admin.call("HEAD", &path, "");
            assert_eq!(head.text, "", "{path}");
            if path.ends_with("/events") && head.status == 200 {
                // The GET goes on for ever; that HEAD was read to its end is what is tested.
                assert_eq!(head.header("content-type"), Some("text/event-stream"));
            } else {
                let get = admin.get(&path);
                assert_eq!((head.status, headers(&head)), (get.status, headers(&get)), "{path}");
                assert!(!get.text.is_empty(), "{path}");
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn head_requires_the_same_token_as_get() {
    let server = start(Server::builder().admin_token("t"));
    let admin = Admin::new(&server);
    assert_eq!(admin.call("HEAD", "/sandboxes", "").status, 401);
    assert_eq!(admin.with("authorization: Bearer t").call("HEAD", "/sandboxes", "").status, 200);
    assert_eq!(admin.call("HEAD", "/health", "").status, 200);
}

type Response = ureq::http::Response<ureq::Body>;

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    ureq::Agent::new_with_config(config)
}

fn head(url: &str, accept: &str) -> Response {
    agent().head(url).header("accept", accept).call().expect("it answers")
}

fn allow(reply: &Response) -> &str {
    reply.headers()["allow"].to_str().expect("text")
}

#[test]
fn documents_and_console_files_support_head() {
    let server = start(frozen());
    let files = ["/openapi.json", "/docs", "/docs/page.js", "/docs/page.css"];
    for path in files.into_iter().chain(["/__console/app.js", "/__console/place.json"]) {
        let url = format!("{}{path}", server.url());
        let get = ureq::get(&url).call().expect("it is served");
        let mut head = head(&url, "*/*");
        assert_eq!(head.status(), 200, "{path}");
        for name in ["content-type", "content-length"] {
            assert_eq!(head.headers()[name], get.headers()[name], "{path}");
        }
        assert_eq!(head.body_mut().read_to_string().expect("nothing"), "", "{path}");
        let refused = agent().post(&url).send("").expect("it answers");
        assert_eq!((refused.status().as_u16(), allow(&refused)), (405, "GET, HEAD"), "{path}");
    }
}

#[test]
fn head_of_the_root_is_200_whatever_is_accepted_at_both_addresses() {
    let (beside, moved) = (start(frozen()), start(frozen().admin_address("127.0.0.1", 0)));
    for url in [beside.url(), moved.url(), moved.console_url()] {
        for accept in ["*/*", "application/json", "text/html", "image/png"] {
            assert_eq!(head(&url, accept).status(), 200, "{url} {accept}");
        }
    }
}

#[test]
fn the_partner_api_does_not_support_head() {
    let server = start(frozen());
    let url = format!("{}/getNumbers?api_key=ci", server.url());
    let reply = head(&url, "*/*");
    assert_eq!((reply.status().as_u16(), allow(&reply)), (405, "GET"));
    assert_eq!(Client::new(&server, "ci").get("/").code(), "NOT_FOUND", "GET is as it was");
}

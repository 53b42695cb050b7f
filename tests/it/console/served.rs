//! How the files of the console are served, and what may stand in them.

use std::fs;
use std::path::PathBuf;

use ringer::Server;

use crate::support::{Client, start};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/http/console")
}

/// The files of the page: their names and texts.
fn files() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder()).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let own =
        paths.filter(|path| path.extension().is_some_and(|kind| kind != "rs" && kind != "ts"));
    let files: Vec<(String, String)> = own
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("it is text"))
        })
        .collect();
    assert!(files.len() > 20, "{}", files.len());
    files
}

/// A reply with its headers.
struct Got {
    status: u16,
    text: String,
    headers: Vec<(String, String)>,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

fn get(url: &str, headers: &[(&str, &str)]) -> Got {
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let mut request = ureq::Agent::new_with_config(config).get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut reply = request.call().expect("it answers");
    let headers = reply.headers().iter();
    let text = |value: &ureq::http::HeaderValue| value.to_str().expect("text").to_owned();
    let headers = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
    let status = reply.status().as_u16();
    Got { status, headers, text: reply.body_mut().read_to_string().expect("it is text") }
}

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

#[test]
fn a_browser_gets_the_page_and_every_other_client_the_json_it_always_got() {
    let server = start(Server::builder());
    let page = get(&server.console_url(), &[BROWSER]);
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text.contains("<title>ringer</title>"));
    for accept in ["*/*", "application/json", "application/json, text/plain, */*", "text/*"] {
        let reply = get(&server.console_url(), &[("accept", accept)]);
        assert_eq!((reply.status, reply.header("content-type")), (404, "application/json"));
        assert!(reply.text.contains("\"code\":\"NOT_FOUND\""), "{accept}: {}", reply.text);
    }
    let client = Client::new(&server, "ci");
    assert_eq!(client.get("/").code(), "NOT_FOUND");
    assert_eq!(client.post("/", "application/json", "{}").code(), "NOT_FOUND");
    assert_eq!(client.get("/__console/").code(), "NOT_FOUND");
    assert_eq!(client.get("/__console/no.js").code(), "NOT_FOUND");
    let refused = client.post("/__console/app.js", "text/plain", "x");
    assert_eq!((refused.status, refused.allow.as_deref()), (405, Some("GET, HEAD")));
}

#[test]
fn every_file_of_the_folder_is_served_and_sent_again_only_after_a_change() {
    let server = start(Server::builder());
    let mut tags = Vec::new();
    for (name, text) in files() {
        let url = match name.as_str() {
            "index.html" => server.console_url(),
            _ => format!("{}__console/{name}", server.console_url()),
        };
        let first = get(&url, &[BROWSER]);
        assert_eq!((first.status, &first.text), (200, &text), "{name}");
        assert_eq!(first.header("cache-control"), "no-cache", "{name}");
        assert_eq!(first.header("x-content-type-options"), "nosniff", "{name}");
        let tag = first.header("etag").to_owned();
        let again = get(&url, &[BROWSER, ("if-none-match", &tag)]);
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{name}");
        assert_eq!(again.header("etag"), tag, "{name}");
        assert_eq!(get(&url, &[BROWSER, ("if-none-match", "\"other\"")]).status, 200, "{name}");
        tags.push(tag);
    }
    let count = tags.len();
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), count, "each has a tag of its own");
}

#[test]
fn the_page_may_run_its_own_files_and_nothing_else() {
    let server = start(Server::builder());
    let page = get(&server.console_url(), &[BROWSER]);
    let policy = page.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ] {
        assert!(policy.split("; ").any(|known| known == rule), "{rule}: {policy}");
    }
    for exception in ["unsafe", "nonce", "sha256", "data:", "blob:", "*", "http"] {
        assert!(!policy.contains(exception), "{exception}: {policy}");
    }
}

#[test]
fn no_script_makes_markup_of_a_text_and_no_page_has_scripts_or_styles_inside() {
    for (name, text) in files() {
        for forbidden in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "createContextualFragment",
            "DOMParser",
            "setHTML",
            "eval(",
            "new Function",
            "srcdoc",
            "javascript:",
            "style=",
            "<style",
            "localStorage",
            "new EventSource",
            "token=",
        ] {
            assert!(!text.contains(forbidden), "{name} has {forbidden}");
        }
        if name.ends_with(".html") || name.ends_with(".svg") {
            let is_handler =
                |rest: &str| rest.trim_start_matches(char::is_alphabetic).starts_with('=');
            assert!(!text.split(" on").skip(1).any(is_handler), "{name} has a handler inside");
            let scripts = text.split("<script").skip(1);
            assert!(scripts.into_iter().all(|rest| rest.contains("src=\"/__console/")), "{name}");
        }
        let addresses = text.matches("http://").count() + text.matches("https://").count();
        let names = text.matches("http://www.w3.org/2000/svg").count();
        assert_eq!(addresses, names, "{name} asks somebody else for something");
    }
}

#[test]
fn no_file_of_the_page_is_longer_than_200_lines() {
    for (name, text) in files() {
        let lines = text.lines().count();
        assert!(lines <= 200, "{name} has {lines} lines; split it along its nouns");
    }
}

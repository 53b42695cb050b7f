//! Replies that are wrong on purpose.
//!
//! A reply that is not as the document says is a failed test, unless the server itself tells that it
//! meant it: its journal names the fault that made this very kind of reply, or the scenario of the
//! sandbox says that replies have another shape. Even then the reply must be of a kind that a fault or
//! a shape can make.

use ringer::scenario::replies;
use serde_json::{Value, json};

use super::book::Book;
use super::exchange::Exchange;

/// Whether the server meant a reply to be wrong.
pub(super) fn excuses(book: &Book, exchange: &Exchange) -> bool {
    let body = exchange.json();
    if exchange.status == 404 && body["code"] == "NOT_FOUND" && book.is_error(exchange) {
        // The control API has an address of its own, and this is the other one's.
        let is_control = exchange.path().starts_with("/__admin");
        let other = if is_control { "/__admin/health" } else { "/getNumbers?api_key=document" };
        if ask_at(exchange, other).is_none() {
            return true;
        }
    }
    // Another shape is still a reply of the API.
    let is_a_reply = exchange.kind() == "application/json"
        && matches!(body["status"].as_str(), Some("success" | "error"));
    if is_a_reply && has_a_shape(exchange) {
        return true;
    }
    // What a fault answers instead: an error of the API, a web page, or nothing.
    let instead = book.is_error(exchange)
        || exchange.kind() == "text/html"
        || exchange.body.is_empty()
        || (body.is_null() && exchange.body.starts_with('{'));
    instead && has_a_fault(exchange)
}

/// Whether the sandbox, or where there is none the server, gives its replies another shape.
fn has_a_shape(exchange: &Exchange) -> bool {
    let own = sandbox(exchange).and_then(|sandbox| ask(exchange, &format!("{sandbox}/capsule")));
    let shape = match own {
        Some(capsule) => capsule["scenario"]["shape"].clone(),
        None => {
            let health = ask(exchange, "/health").unwrap_or_default();
            let name = health["default_scenario"].as_str().unwrap_or_default();
            let scenario = ask(exchange, &format!("/scenarios/{name}")).unwrap_or_default();
            scenario["shape"].clone()
        }
    };
    !shape.is_null() && shape != json!(replies())
}

/// Whether a fault made such a reply at this endpoint.
fn has_a_fault(exchange: &Exchange) -> bool {
    let requests =
        sandbox(exchange).and_then(|sandbox| ask(exchange, &format!("{sandbox}/requests")));
    let requests = requests.unwrap_or_default();
    requests.as_array().into_iter().flatten().any(|entry| {
        let endpoint = entry["endpoint"].as_str().unwrap_or_default();
        !entry["fault"].is_null()
            && exchange.path() == format!("/{endpoint}")
            && entry["status"] == exchange.status
    })
}

fn sandbox(exchange: &Exchange) -> Option<String> {
    let key = exchange.api_key()?;
    let escaped: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
    Some(format!("/sandboxes/{escaped}"))
}

fn ask(exchange: &Exchange, path: &str) -> Option<Value> {
    ask_at(exchange, &format!("/__admin{path}"))
}

fn ask_at(exchange: &Exchange, path: &str) -> Option<Value> {
    let url = format!("http://{}{path}", exchange.address);
    let mut reply = ureq::get(url).call().ok()?;
    serde_json::from_str(&reply.body_mut().read_to_string().ok()?).ok()
}

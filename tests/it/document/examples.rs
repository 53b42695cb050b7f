//! The examples of the document: what the tour has really seen.

use serde_json::{Map, Value, json};

use super::BOOK;
use super::tour::Seen;

/// The file of examples that these replies make.
pub(super) fn file(tour: &[Seen]) -> Value {
    let mut file = json!({});
    for Seen { operation, name, exchange } in tour {
        let found = BOOK.find(exchange).expect("it is documented");
        let status = exchange.status.to_string();
        // What many operations answer alike has its examples in one place.
        let is_shared = found.said["responses"][&status]["$ref"].is_string();
        let place = if is_shared { "control" } else { operation.as_str() };
        let json = exchange.json();
        let code = json["code"].as_str().filter(|_| json["status"] == "error");
        let name = code.unwrap_or(name);
        // Documents are too long to be examples.
        let is_document = ["getOpenApi", "getDocs", "getScenarioSchema"].contains(&&**operation);
        if exchange.body.is_empty() || is_document && exchange.status == 200 {
            continue;
        }
        // Two of a kind show enough of what is only refused.
        let of_status = &mut file[place][&status];
        let shown = of_status.as_object().map_or(0, Map::len);
        if is_shared && shown >= 2
            || !of_status[name].is_null() && exchange.kind() == "application/json"
        {
            continue;
        }
        let name = match exchange.kind() {
            "application/xml" => "as JUnit",
            "text/markdown" => "as markdown",
            _ => name,
        };
        let mut example = json!({"kind": exchange.kind(), "reply": steady(reply(exchange.kind(), &exchange.body, &json))});
        if !exchange.sent.is_empty() && exchange.status < 300 {
            example["sent"] = sent_kind(&exchange.sent).into();
            example["request"] = request(&exchange.sent);
        }
        of_status[name] = example;
    }
    file
}

fn reply(kind: &str, body: &str, json: &Value) -> Value {
    if kind.ends_with("json") { json.clone() } else { body.into() }
}

fn sent_kind(sent: &[u8]) -> &'static str {
    match sent.first() {
        Some(b'{') => "application/json",
        Some(b'-') => "multipart/form-data",
        _ => "application/x-www-form-urlencoded",
    }
}

/// What was sent, as an object whatever its encoding: so a document shows it.
fn request(sent: &[u8]) -> Value {
    let text = String::from_utf8_lossy(sent).into_owned();
    match sent_kind(sent) {
        "application/json" => serde_json::from_str(&text).expect("it is JSON"),
        "multipart/form-data" => {
            let parts = text.split("name=\"").skip(1).filter_map(|part| {
                let (name, rest) = part.split_once("\"\r\n\r\n")?;
                Some((name.to_owned(), rest.split("\r\n").next()?.into()))
            });
            Value::Object(parts.collect())
        }
        _ => {
            let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
            Value::Object(pairs.map(|(name, value)| (name.to_owned(), value.into())).collect())
        }
    }
}

/// The real time is another each time, and so is all that depends on it: it is shown as if the server
/// had been asked at the start of 2026.
fn steady(mut reply: Value) -> Value {
    match &mut reply {
        Value::Object(fields) => {
            for (name, value) in fields {
                *value = match (name.as_str(), &*value) {
                    ("real_at" | "started", Value::String(text)) => {
                        let fraction = text.find('.').map_or("Z", |dot| &text[dot..]);
                        let zeros: String = fraction
                            .chars()
                            .map(|c| if c.is_ascii_digit() { '0' } else { c })
                            .collect();
                        format!("2026-01-01T00:00:00{zeros}").into()
                    }
                    ("uptime_seconds", _) => 0.into(),
                    (_, value) => steady(value.clone()),
                };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = steady(item.take())),
        Value::String(text) if text.starts_with("# HELP ringer_uptime") => {
            let (before, rest) = text.split_once("ringer_uptime_seconds gauge\n").expect("a gauge");
            let (_, after) = rest.split_once('\n').expect("a line");
            reply =
                format!("{before}ringer_uptime_seconds gauge\nringer_uptime_seconds 0\n{after}")
                    .into();
        }
        _ => {}
    }
    reply
}

//! What is said of a body that is wrong: the field, what came, what would be right.

use super::play;

const FAULT: &str = "/sandboxes/ci/faults";

/// Method, path, body, the field that is named, what is said of it.
const WRONG: [(&str, &str, &str, &str, &str); 44] = [
    ("PUT", "/sandboxes/ci", "{", ".", "this is not JSON: EOF"),
    ("PUT", "/sandboxes/ci", "{} {}", ".", "trailing"),
    ("PUT", "/sandboxes/ci", "[null, 1, null]", ".", "[null, 1, null] is not a JSON object"),
    ("PUT", "/sandboxes/ci", "5", ".", "5 is not a JSON object"),
    ("PUT", "/sandboxes/ci", r#"{"sede": 1}"#, "sede", "did you mean `seed`?"),
    ("PUT", "/sandboxes/ci", r#"{"seed": -1}"#, "seed", "whole number, 0 or more"),
    ("PUT", "/sandboxes/ci", r#"{"seed": "1"}"#, "seed", "string \"1\", expected a whole number"),
    ("PUT", "/sandboxes/ci", r#"{"scenario": 5}"#, "scenario", "5 is not a scenario"),
    ("PUT", "/sandboxes/ci", r#"{"scenario": "hapy-path"}"#, "scenario", "\"happy-path\"?"),
    (
        "PUT",
        "/sandboxes/ci",
        r#"{"scenario": {"name": "x"}}"#,
        "scenario.countries",
        "`countries` is missing",
    ),
    ("PUT", "/sandboxes/ci", r#"{"clock": {"mode": "frozn"}}"#, "clock.mode", "mean frozen?"),
    (
        "PUT",
        "/sandboxes/ci",
        r#"{"clock": {"mode": "per_poll", "step": 0}}"#,
        "clock.step",
        "above 0",
    ),
    (
        "PUT",
        "/sandboxes/ci",
        r#"{"clock": {"mode": "scaled", "rate": "x"}}"#,
        "clock.rate",
        "such as 60",
    ),
    ("PUT", "/sandboxes/ci", r#"{"clock": "frozn"}"#, "clock", "did you mean frozen?"),
    ("PUT", "/sandboxes/ci", r#"{"clock": 60}"#, "clock", "{\"mode\": \"frozen\"}"),
    (
        "POST",
        FAULT,
        r#"{"where": ["getSMS"], "when": [null], "what": {"error": "MAINTENANCE"}}"#,
        "when",
        "list, expected an object such as",
    ),
    ("POST", FAULT, r#"{"where": ["getSMS"], "what": ["MAINTENANCE"]}"#, "what", "an object"),
    ("POST", "/sandboxes/ci/verify", r#"{"count": [1, 2]}"#, "count", "{\"min\": 1, \"max\": 2}"),
    ("PUT", "/sandboxes/ci/clock", "{}", "mode", "`mode` is missing"),
    ("PUT", "/sandboxes/ci/clock", r#"{"mode": "scaled", "rate": -1}"#, "rate", "rate -1 makes no"),
    ("PUT", "/sandboxes/ci/clock", r#"{"mode": "frozen", "rate": 2}"#, ".", "only a scaled clock"),
    ("PUT", "/sandboxes/ci/clock", r#"{"mode": "frozen", "now": "noon"}"#, "now", "RFC 3339"),
    ("PUT", "/sandboxes/ci/clock", r#"{"mode": "per_poll", "step": "soon"}"#, "step", "\"45s\""),
    ("PUT", "/sandboxes/ci/clock", r#"{"mode": "frozen", "rat": 1}"#, "rat", "`rate`?"),
    ("POST", "/sandboxes/ci/clock/advance", "{}", ".", "neither by nor to"),
    ("POST", "/sandboxes/ci/clock/advance", r#"{"by": 1, "to": "next"}"#, ".", "both by and to"),
    ("POST", "/sandboxes/ci/clock/advance", r#"{"by": "-3s"}"#, "by", "is not a duration"),
    ("POST", "/sandboxes/ci/clock/advance", r#"{"by": -3}"#, "by", "\"1m30s\""),
    ("POST", "/sandboxes/ci/clock/advance", r#"{"to": "nxt"}"#, "to", "or \"next\""),
    ("POST", "/sandboxes/ci/clock/advance", r#"{"to": 5}"#, "to", "expected a text"),
    ("PATCH", "/sandboxes/ci/countries/US", "", ".", "changes nothing"),
    ("PATCH", "/sandboxes/ci/countries/US", r#"{"available": -1}"#, "available", "0 or more"),
    (
        "PATCH",
        "/sandboxes/ci/countries/US",
        r#"{"price_per_sms": "0.05"}"#,
        "price_per_sms",
        "number",
    ),
    (
        "PATCH",
        "/sandboxes/ci/countries/US",
        r#"{"price_per_sms": 0.00001}"#,
        "price_per_sms",
        "four",
    ),
    ("POST", FAULT, "", "where", "`where` is missing"),
    ("POST", FAULT, r#"{"where": ["getSMS"]}"#, "what", "`what` is missing"),
    (
        "POST",
        FAULT,
        r#"{"where": ["getSms"], "what": {"error": "X"}}"#,
        "where[0]",
        "did you mean getSMS?",
    ),
    (
        "POST",
        FAULT,
        r#"{"where": ["getSMS"], "what": {"error": "NO_NUMBRS"}}"#,
        "what.error",
        "NO_NUMBERS?",
    ),
    (
        "POST",
        FAULT,
        r#"{"where": ["getSMS"], "what": {"error": "MAINTENANCE"}, "when": {"probability": 2}}"#,
        "when.probability",
        "0 to 1",
    ),
    (
        "POST",
        FAULT,
        r#"{"where": ["getSMS"], "what": {"error": "MAINTENANCE"}, "times": 0}"#,
        "times",
        "1 or more",
    ),
    (
        "POST",
        "/sandboxes/ci/verify",
        r#"{"endpont": "getSMS"}"#,
        "endpont",
        "did you mean `endpoint`?",
    ),
    ("POST", "/sandboxes/ci/verify", r#"{"status": "200"}"#, "status", "0 to 65535"),
    ("POST", "/sandboxes/ci/verify", r#"{"count": -3}"#, "count", "{\"min\": 1, \"max\": 2}"),
    ("POST", "/sandboxes/ci/verify", r#"{"timeout": "2h"}"#, "timeout", "at most 1h"),
];

#[test]
fn a_wrong_body_is_refused_with_its_field_what_was_sent_and_what_is_right() {
    let (_server, admin, _) = play("happy-path");
    for (method, path, body, field, says) in WRONG {
        let answer = admin.call(method, path, body);
        let told = answer.field(field);
        assert!(told.contains(says), "{method} {path} {body}: {told}");
        let detail = answer.problem(400);
        for rust in ["struct", "enum ", "u16", "u32", "u64", "Option", "a sequence"] {
            assert!(!detail.contains(rust), "{body}: {detail}");
        }
    }
    assert_eq!(admin.get("/sandboxes").list().len(), 0, "what is refused makes no sandbox");
}

#[test]
fn a_wrong_message_is_refused_by_its_field() {
    let (_server, admin, client) = play("happy-path");
    let id = client.rent("US").rental_id();
    let path = format!("/sandboxes/ci/rentals/{id}/messages");
    for (body, field, says) in [
        ("", "text", "`text` is missing"),
        (r#"{"text": 5}"#, "text", "expected a text"),
        (r#"{"text": "a", "aftr": 1}"#, "aftr", "did you mean `after`?"),
        (r#"{"text": "a", "after": "x"}"#, "after", "is not a duration"),
    ] {
        let told = admin.post(&path, body).field(field);
        assert!(told.contains(says), "{body}: {told}");
    }
    let long = |field: &str, other: &str| {
        let body = serde_json::json!({field: "ü".repeat(1_601), other: "x"}).to_string();
        admin.post(&path, body).field(field)
    };
    assert!(long("text", "sender").contains("has 1601 characters; at most 1600"));
    assert!(long("sender", "text").contains("has 1601 characters"));
    assert_eq!(client.poll(&id).texts().len(), 0);
}

#[test]
fn a_body_that_is_not_utf8_is_refused() {
    let (_server, admin, _) = play("happy-path");
    for path in ["/sandboxes/ci", "/sandboxes/ci/clock"] {
        let told = admin.put(path, b"{\"seed\": \xff}").field(".");
        assert!(told.contains("not UTF-8"), "{told}");
    }
}

#[test]
fn a_too_large_body_is_refused_wherever_it_is_sent() {
    let (_server, admin, _) = play("happy-path");
    let large = format!("{{\"seed\": 1{}}}", " ".repeat(1024 * 1024));
    for (method, path) in [
        ("PUT", "/sandboxes/ci"),
        ("POST", "/sandboxes/ci/verify"),
        ("POST", "/reset"),
        ("DELETE", "/sandboxes/ci"),
        ("GET", "/health"),
    ] {
        let told = admin.call(method, path, &large).problem(413);
        assert!(told.contains("longer than 1048576 bytes"), "{method} {path}: {told}");
    }
    let fits = format!("{{\"seed\": 1{}}}", " ".repeat(1_000_000));
    assert_eq!(admin.put("/sandboxes/ci", fits).ok()["seed"], 1);
}

#[test]
fn a_body_that_ends_early_is_refused() {
    let (_server, admin, _) = play("happy-path");
    let answer = admin.call_with_length("PUT", "/sandboxes/ci", b"{\"seed\": 1}", 100);
    assert!(answer.problem(400).contains("ended early, after 11 bytes"), "{answer:?}");
    assert_eq!(admin.get("/sandboxes").list().len(), 0);
}

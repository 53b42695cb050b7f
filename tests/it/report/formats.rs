//! A report for programs, for CI servers and for people.

use ringer::Server;
use ringer::scenario::{Clock, Timestamp, seconds};
use serde_json::json;

use super::frozen_play;
use crate::support::{Client, start};

const KEY: &str = "a-key-of-a-job";

/// A client that leaks a rental, writes countries in lower case, and names a service that is markup.
fn earn(key: &str) -> (Server, Client, String) {
    let clock = Clock::frozen().starting_at(Timestamp::at("2026-01-01T00:00:00Z"));
    let server = start(Server::builder().clock(clock));
    let client = Client::new(&server, key);
    let service = "<b>&\"'\u{1}|`x`*]]>";
    let body = json!({"api_key": key, "country": "us", "service": service});
    let id = client.post_json("/rentNumber", &body).rental_id();
    server.sandbox(key).expect("the key is good").clock().advance(seconds(1_200));
    (server, client, id)
}

fn report(client: &Client, key: &str, format: &str) -> String {
    let reply = client.get(&format!("/__admin/sandboxes/{key}/report?format={format}"));
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(reply.text.contains(key), "the whole key: {}", reply.text);
    reply.text
}

#[test]
fn junit_has_a_case_for_each_kind_that_was_found_and_fails_those_with_errors_or_warnings() {
    let (_server, client, id) = earn(KEY);
    let xml = report(&client, KEY, "junit");
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "), "{xml}");
    assert_eq!(xml.matches("<testsuite ").count(), 1);
    // Of the suite, and of all suites together.
    for count in ["tests=\"4\"", "failures=\"2\"", "errors=\"0\"", "skipped=\"1\""] {
        assert_eq!(xml.matches(count).count(), 2, "{count}: {xml}");
    }
    assert_eq!(xml.matches("<testcase ").count(), 4);
    assert_eq!(xml.matches("<failure message=\"").count(), 2, "{xml}");
    assert_eq!(xml.matches("\" type=\"error\">").count(), 1, "{xml}");
    assert_eq!(xml.matches("\" type=\"warning\">").count(), 1, "{xml}");
    assert_eq!(xml.matches("<system-out>").count(), 1, "{xml}");
    assert!(xml.contains("<testcase name=\"leaked-rental\" classname=\"ringer.a-key-of-a-job\""));
    assert!(!xml.contains("retried-post"), "only what was found: {xml}");
    assert!(xml.contains(&id) && xml.contains(r#"<property name="charged" value="0.05"/>"#));
    assert_well_formed(&xml);
}

#[test]
fn junit_has_no_failures_for_a_good_client() {
    let play = frozen_play("happy-path");
    let xml = play.client.get("/__admin/sandboxes/ci/report?format=junit").text;
    assert!(xml.contains(r#"tests="2""#) && !xml.contains("<failure"), "{xml}");
    assert!(xml.contains("<testcase name=\"no-findings\" "), "{xml}");
    assert_eq!(xml.matches(r#"failures="0""#).count(), 2, "{xml}");
    assert_well_formed(&xml);
}

/// Tags nest, and no text has what XML forbids.
fn assert_well_formed(xml: &str) {
    let forbidden = |c: char| c.is_control() && !"\n\r\t".contains(c);
    assert!(!xml.contains(forbidden), "{xml:?}");
    let (_, mut rest) = xml.split_once("?>").expect("a declaration");
    let mut open: Vec<&str> = Vec::new();
    while let Some((text, tag)) = rest.split_once('<') {
        assert!(!text.contains('>'), "{text}");
        let entities = text.split('&').skip(1);
        let known = ["amp;", "lt;", "gt;", "quot;", "apos;", "#"];
        assert!(entities.into_iter().all(|e| known.iter().any(|k| e.starts_with(k))), "{text}");
        let (tag, after) = tag.split_once('>').expect("a tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        rest = after;
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
}

#[test]
fn markdown_has_the_summary_first_and_escapes_what_came_from_outside() {
    let (_server, client, id) = earn(KEY);
    let text = report(&client, KEY, "markdown");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("# Report of a-key-of-a-job on happy-path"), "{text}");
    assert!(lines[2].starts_with("**Fail: 1 error, 1 warning, 1 info.** 1 rental: "), "{text}");
    assert!(text.contains("## error: leaked-rental\n") && text.contains(&id), "{text}");
    assert!(text.contains("| rentNumber | success | 1 |"), "{text}");
    assert!(!text.contains("<b>") || text.contains("\\<b>"), "{text}");
    assert!(!text.contains('\u{1}'));
    let play = frozen_play("happy-path");
    let fine = play.client.get("/__admin/sandboxes/ci/report?format=markdown").text;
    assert!(fine.contains("**Pass: no requests to judge.** 0 rentals"), "{fine}");
    assert!(fine.contains("No request has come yet."), "{fine}");
}

#[test]
fn json_is_the_default_format_and_its_evidence_is_from_the_journal() {
    let (_server, client, _id) = earn("ci");
    assert_eq!(report(&client, "ci", "json"), client.get("/__admin/sandboxes/ci/report").text);
    let found = client.get("/__admin/sandboxes/ci/report").json;
    let journal = client.get("/__admin/sandboxes/ci/requests").json;
    assert_eq!(found["findings"][0]["evidence"][0], journal[0]);
}

#[test]
fn an_unknown_format_is_refused_with_the_nearest_known_one() {
    let play = frozen_play("happy-path");
    for (query, path, said) in [
        ("format=junti", "format", "did you mean `junit`?"),
        ("format=", "format", "expected one of `json`, `junit`, `markdown`"),
        ("final=yes", "final", "not true or false"),
        ("formt=json", "formt", "did you mean `format`?"),
    ] {
        let reply = play.client.get(&format!("/__admin/sandboxes/ci/report?{query}"));
        assert_eq!(reply.status, 400, "{query}");
        assert_eq!(reply.json["errors"][0]["path"], path, "{reply:?}");
        assert!(reply.json["errors"][0]["message"].to_string().contains(said), "{reply:?}");
    }
    let refused = play.client.post_json("/__admin/sandboxes/ci/report", &json!({}));
    assert_eq!((refused.status, refused.allow.as_deref()), (405, Some("GET, HEAD")));
}

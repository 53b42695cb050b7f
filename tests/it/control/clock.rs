//! The clock is looked at, changed and moved.

use serde_json::{Value, json};

use super::{one_sms, play};
use crate::support::{Client, start};

const CLOCK: &str = "/sandboxes/ci/clock";
const ADVANCE: &str = "/sandboxes/ci/clock/advance";

#[test]
fn a_clock_is_advanced_by_a_duration_in_every_notation() {
    let (_server, admin, _) = play("happy-path");
    for (by, shows) in [
        (json!("45s"), "2026-01-01T00:00:45Z"),
        (json!("1m30s"), "2026-01-01T00:02:15Z"),
        (json!("200ms"), "2026-01-01T00:02:15Z"),
        (json!(0.8), "2026-01-01T00:02:16Z"),
        (json!(44), "2026-01-01T00:03:00Z"),
        (json!("60"), "2026-01-01T00:04:00Z"),
        (json!("24h"), "2026-01-02T00:04:00Z"),
        (json!(0), "2026-01-02T00:04:00Z"),
    ] {
        let moved = admin.post(ADVANCE, json!({"by": by}).to_string()).ok();
        assert_eq!(moved, json!({"now": shows, "fired": []}), "{by}");
    }
    assert_eq!(admin.get(CLOCK).ok(), json!({"mode": "frozen", "now": "2026-01-02T00:04:00Z"}));
}

#[test]
fn an_advance_lists_the_events_on_the_way_in_order() {
    let (_server, admin, client) = play(one_sms());
    let first = client.rent("DE").rental_id();
    admin.post(ADVANCE, r#"{"by": 5}"#).ok();
    let second = client.rent("DE").rental_id();
    client.cancel(&client.rent("DE").rental_id());
    let sms = |at: &str, id: &str| json!({"at": at, "event": "sms", "rental_id": id});
    let expiry = |at: &str, id: &str| json!({"at": at, "event": "expiry", "rental_id": id});
    let next = || admin.post(ADVANCE, r#"{"to": "next"}"#).ok();
    assert_eq!(
        next(),
        json!({"now": "2026-01-01T00:00:12Z", "fired": [sms("2026-01-01T00:00:12Z", &first)]})
    );
    let to = |moment: &str| admin.post(ADVANCE, json!({"to": moment}).to_string());
    assert_eq!(
        to("2026-01-01T00:20:05Z").ok(),
        json!({"now": "2026-01-01T00:20:05Z", "fired": [
            sms("2026-01-01T00:00:17Z", &second),
            expiry("2026-01-01T00:20:00Z", &first),
            expiry("2026-01-01T00:20:05Z", &second),
        ]})
    );
    assert_eq!(next(), json!({"now": "2026-01-01T00:20:05Z", "fired": []}), "nothing is due");
    let with_offset = to("2026-01-01T02:20:06+02:00").ok();
    assert_eq!(with_offset["now"], "2026-01-01T00:20:06Z");
}

#[test]
fn an_advance_lists_changes_of_stock() {
    let (_server, admin, _) = play("restock");
    let moved = admin.post(ADVANCE, r#"{"to": "next"}"#).ok();
    assert_eq!(moved["now"], "2026-01-01T00:01:00Z");
    let fired = moved["fired"].as_array().expect("a list");
    assert!(fired.iter().all(|event| event["event"] == "stock"), "{fired:?}");
    let us = fired.iter().find(|event| event["country"] == "US").expect("the US");
    assert!(us["available"].as_u64() > Some(0), "{us}");
}

#[test]
fn an_advance_to_the_past_is_refused_and_moves_nothing() {
    let (_server, admin, _) = play("happy-path");
    admin.post(ADVANCE, r#"{"by": 10.5}"#).ok();
    let told = admin.post(ADVANCE, r#"{"to": "2026-01-01T00:00:09Z"}"#).field("to");
    assert!(told.contains("2026-01-01T00:00:09Z has passed"), "{told}");
    assert!(told.contains("the clock shows 2026-01-01T00:00:10Z"), "{told}");
    let body = r#"{"mode": "realtime", "now": "2025-12-31T23:59:59Z"}"#;
    assert!(admin.put(CLOCK, body).field("now").contains("never runs backwards"));
    assert_eq!(admin.get(CLOCK).ok(), json!({"mode": "frozen", "now": "2026-01-01T00:00:10Z"}));
}

#[test]
fn a_clock_can_be_put_back_as_shown_although_milliseconds_are_not() {
    let (_server, admin, _) = play("happy-path");
    admin.post(ADVANCE, r#"{"by": "700ms"}"#).ok();
    let shown = admin.get(CLOCK).ok();
    assert_eq!(admin.put(CLOCK, shown.to_string()).ok(), shown);
    let moved = admin.post(ADVANCE, r#"{"by": "300ms"}"#).ok();
    assert_eq!(moved["now"], "2026-01-01T00:00:01Z", "it did not run backwards");
}

#[test]
fn a_clock_keeps_its_time_when_its_mode_changes() {
    let (_server, admin, client) = play("happy-path");
    let put = |body: Value| admin.put(CLOCK, body.to_string()).ok();
    admin.post(ADVANCE, r#"{"by": 100}"#).ok();
    let stands = "2026-01-01T00:01:40Z";
    assert_eq!(
        put(json!({"mode": "per_poll", "step": "4s"})),
        json!({"mode": "per_poll", "step": "4s", "now": stands})
    );
    let id = client.rent("US").rental_id();
    client.poll(&id);
    client.get_numbers();
    let text = client.poll(&id).json["messages"][0]["received_at"].clone();
    assert_eq!(text, "2026-01-01T00:01:48Z");
    assert_eq!(
        put(json!({"mode": "frozen"})),
        json!({"mode": "frozen", "now": "2026-01-01T00:01:48Z"})
    );
    assert_eq!(
        put(json!({"mode": "frozen", "now": "2027-01-01T00:00:00Z"}))["now"],
        "2027-01-01T00:00:00Z"
    );
    let scaled = put(json!({"mode": "scaled", "rate": 0.000001}));
    assert_eq!(
        (&scaled["mode"], &scaled["now"]),
        (&json!("scaled"), &json!("2027-01-01T00:00:00Z"))
    );
    assert_eq!(scaled["rate"], 0.000_001);
    let running = put(json!({"mode": "realtime"}));
    assert_eq!(running["mode"], "realtime");
    assert!(running["now"].as_str().expect("a time").starts_with("2027-01-01T00:00:"), "{running}");
    assert_eq!(put(json!({"mode": "per_poll"}))["step"], "5s");
    assert_eq!(put(json!({"mode": "scaled"}))["rate"], 60.0);
}

#[test]
fn a_clock_that_jumps_fires_what_is_due() {
    let (_server, admin, client) = play("happy-path");
    let id = client.rent("US").rental_id();
    admin.put(CLOCK, r#"{"mode": "frozen", "now": "2026-01-01T00:00:08Z"}"#).ok();
    assert_eq!(client.poll(&id).texts().len(), 1);
}

#[test]
fn a_running_clock_dates_its_events() {
    let server = start(ringer::Server::builder());
    let (admin, client) = (super::Admin::new(&server), Client::new(&server, "ci"));
    let id = client.rent("US").rental_id();
    let moved = admin.post(ADVANCE, r#"{"by": "8s"}"#).ok();
    assert_eq!(moved["fired"][0]["rental_id"], json!(id));
    assert!(moved["now"].as_str() >= moved["fired"][0]["at"].as_str(), "{moved}");
}

#[test]
fn next_skips_events_that_no_longer_happen() {
    let (_server, admin, client) = play(one_sms());
    let next = || admin.post("/sandboxes/ci/clock/advance", r#"{"to": "next"}"#).ok();
    let gone = client.rent("DE").rental_id();
    admin.post("/sandboxes/ci/clock/advance", r#"{"by": 4}"#).ok();
    client.cancel(&gone);
    let stays = next();
    assert_eq!((&stays["now"], &stays["fired"]), (&json!("2026-01-01T00:00:04Z"), &json!([])));
    let kept = client.rent("DE").rental_id();
    let sms = next();
    assert_eq!(sms["now"], "2026-01-01T00:00:16Z", "not when that of the cancelled one was due");
    assert_eq!(sms["fired"][0]["rental_id"], kept.as_str());
}

#[test]
fn a_clock_is_set_in_words_wherever_json_takes_one() {
    let (_server, admin, _) = play("happy-path");
    let per_poll = json!({"mode": "per_poll", "step": "4s", "now": "2026-02-03T04:05:06Z"});
    let words = "per_poll:4s@2026-02-03T04:05:06Z";
    let made = admin.put("/sandboxes/a", json!({"clock": words}).to_string()).ok();
    assert_eq!(made["clock"], per_poll);
    assert_eq!(admin.put(CLOCK, json!(words).to_string()).ok(), per_poll);
    let mut scenario = admin.get("/scenarios/happy-path").ok();
    scenario["name"] = json!("mine");
    scenario["clock"] = json!(words);
    let made = admin.put("/sandboxes/b", json!({"scenario": scenario}).to_string()).ok();
    assert_eq!(made["now"], per_poll["now"], "the server's --clock decides on the mode");
    scenario["clock"] = json!("per_pol:4s");
    let refused = admin.put("/sandboxes/b", json!({"scenario": scenario}).to_string());
    assert!(refused.field("scenario.clock").contains("did you mean per_poll?"));
    let refused = |body: &str| admin.put(CLOCK, body).field(".");
    assert!(refused(r#""per_pol""#).contains("did you mean per_poll?"));
    assert!(refused(r#"["frozen"]"#).contains("\"per_poll:4s\""));
}

#[test]
fn a_clock_set_to_now_jumps_to_the_real_time_and_a_replay_finds_it_there() {
    let (_server, admin, client) = play("happy-path");
    let now = admin.put(CLOCK, r#""frozen:now""#).ok()["now"].clone();
    assert!(now.as_str().expect("a time") > "2026-01-01", "{now}");
    client.rent("US");
    let capsule = admin.get("/sandboxes/ci/capsule").ok();
    assert_eq!(capsule["steps"][0]["change"]["clock"], json!({"mode": "frozen", "now": now}));
    let made = admin.put("/sandboxes/late", r#"{"clock": "frozen:now"}"#).ok();
    let capsule = admin.get("/sandboxes/late/capsule").ok();
    assert_eq!(capsule["clock"], json!({"mode": "frozen", "now": made["now"]}));
}

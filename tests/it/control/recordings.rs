//! A sandbox that starts from a recording.

use ringer::Server;
use ringer::scenario::*;
use serde_json::{Value, json};

use super::{Admin, one_sms, play};
use crate::process::rerun;
use crate::support::{Client, start};

const CAPSULE: &str = "/sandboxes/ci/capsule";

fn put(admin: &Admin, body: &Value) -> super::admin::Answer {
    admin.put("/sandboxes/late", body.to_string())
}

fn advance(admin: &Admin, key: &str, by: &str) -> Value {
    let body = json!({"by": by}).to_string();
    admin.post(&format!("/sandboxes/{key}/clock/advance"), body).ok()
}

#[test]
fn a_test_begins_where_a_recording_ended_and_the_sandbox_goes_on_from_there() {
    let (server, admin, client) = play("no-sms-expires");
    let id = client.rent_for("DE", "telegram").rental_id();
    client.poll(&id);
    advance(&admin, "ci", "19m");
    client.poll(&id);
    client.rent("USA");
    let capsule = admin.get(CAPSULE).ok();

    let made = put(&admin, &json!({"capsule": capsule, "label": "minute 19"})).ok();
    assert_eq!(made["now"], "2026-01-01T00:19:00Z");
    assert_eq!((&made["requests"], &made["active_rentals"]), (&json!(4), &json!(1)));
    assert_eq!(
        (&made["scenario"], &made["label"]),
        (&json!("no-sms-expires"), &json!("minute 19"))
    );
    let late = Client::new(&server, "late");
    assert_eq!(late.poll(&id).texts().len(), 0, "the rental goes on");
    let fired = advance(&admin, "late", "1m")["fired"].clone();
    assert_eq!(fired[0]["rental_id"], id.as_str());
    assert_eq!(late.cancel(&id).code(), "RENTAL_EXPIRED");
    // The journal has what was recorded and what came since.
    let entries = admin.get("/sandboxes/late/requests").list();
    let told: Vec<(&str, &Value, &Value)> = entries
        .iter()
        .map(|e| (e["endpoint"].as_str().expect("a name"), &e["seq"], &e["at"]))
        .collect();
    let at = [json!("2026-01-01T00:00:00Z"), json!("2026-01-01T00:19:00Z")];
    let end = json!("2026-01-01T00:20:00Z");
    let seq: Vec<Value> = (1..=6).map(|seq| json!(seq)).collect();
    assert_eq!(
        told,
        [
            ("rentNumber", &seq[0], &at[0]),
            ("getSMS", &seq[1], &at[0]),
            ("getSMS", &seq[2], &at[1]),
            ("rentNumber", &seq[3], &at[1]),
            ("getSMS", &seq[4], &at[1]),
            ("cancelNumber", &seq[5], &end),
        ]
    );
    assert_eq!(entries[3]["code"], "UNKNOWN_COUNTRY");
    // It draws on where the recording stopped: the next number is the one it would have been.
    let next = late.rent("DE").json["number"].clone();
    assert_eq!(client.rent("DE").json["number"], next);
    assert_eq!(admin.get("/sandboxes/ci").ok()["requests"], 5, "the recorded one is as it was");

    // A reset goes back to the start of the scenario.
    let reset = admin.post("/sandboxes/late/reset", "").ok();
    assert_eq!((&reset["requests"], &reset["now"]), (&json!(0), &at[0]));
    assert_eq!(late.rent("DE").rental_id(), id, "with the seed and the ids of the recording");
}

#[test]
fn the_recording_of_a_sandbox_that_began_with_a_recording_begins_with_it_too() {
    for clock in [Clock::frozen(), Clock::realtime(), Clock::per_poll(seconds(4))] {
        let server = start(Server::builder().clock(clock).scenario("happy-path"));
        let (admin, client) = (Admin::new(&server), Client::new(&server, "ci"));
        let slow = r#"{"where": ["getSMS"], "what": {"delay": "1ms"}}"#;
        assert_eq!(admin.post("/sandboxes/ci/faults", slow).status, 201);
        let ids = ["US", "DE", "GB"].map(|country| client.rent(country).rental_id());
        client.poll(&ids[0]);
        advance(&admin, "ci", "8s");
        client.poll(&ids[0]);
        let capsule = admin.get(CAPSULE).ok();
        put(&admin, &json!({"capsule": capsule})).ok();
        let late = Client::new(&server, "late");
        assert_eq!(late.poll(&ids[1]).texts().len(), 1);
        advance(&admin, "late", "30s");
        late.rent("DE");
        late.cancel(&ids[2]);
        let second = admin.get("/sandboxes/late/capsule").ok();
        assert_eq!(second["complete"], true);
        let steps = capsule["steps"].as_array().expect("a list").len();
        assert_eq!(second["steps"][steps]["change"], "resume");
        assert_eq!(rerun(&second), Ok(8));
        let made = put(&admin, &json!({"capsule": second})).ok();
        assert_eq!((&made["requests"], &made["active_rentals"]), (&json!(8), &json!(3)));
    }
}

#[test]
fn a_clock_beside_the_recording_says_how_time_passes_from_there() {
    let server = start(Server::builder().clock(Clock::realtime()).scenario(one_sms()));
    let (admin, client) = (Admin::new(&server), Client::new(&server, "ci"));
    let id = client.rent("DE").rental_id();
    advance(&admin, "ci", "19m");
    client.poll(&id);
    let capsule = admin.get(CAPSULE).ok();
    let end = admin.get("/sandboxes/ci/requests").list()[1]["at"].clone();
    let made = put(&admin, &json!({"capsule": capsule, "clock": "frozen"})).ok();
    assert_eq!(made["clock"], json!({"mode": "frozen", "now": end}));
    // Another start would end all rentals at once.
    for start in ["frozen:2026-01-01T00:00:00Z", "frozen:2031-01-01T00:00:00Z", "per_poll:4s@now"] {
        let wanted = json!({"capsule": capsule, "clock": start});
        let said = put(&admin, &wanted).field("clock");
        assert!(said.contains("leave out where the clock starts"), "{start}: {said}");
    }
}

#[test]
fn a_recording_that_cannot_be_gone_on_with_is_refused_and_leaves_the_sandbox_as_it_was() {
    let (_server, admin, client) = play("happy-path");
    let id = client.rent("DE").rental_id();
    client.poll(&id);
    let capsule = admin.get(CAPSULE).ok();
    put(&admin, &json!({"scenario": "slow-sms"})).ok();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = capsule.clone();
        change(&mut changed);
        put(&admin, &json!({"capsule": changed}))
    };
    let number = "+4915123456789";
    let differs = with(&|capsule| {
        capsule["version"] = json!("0.0.9");
        let body = capsule["steps"][0]["reply"]["body"].as_str().expect("a text").to_owned();
        let at = body.find('+').expect("a number");
        let end = at + body[at..].find('"').expect("its end");
        capsule["steps"][0]["reply"]["body"] = json!(body[..at].to_owned() + number + &body[end..]);
    });
    let told = differs.problem(409);
    for said in ["ringer 0.0.9", "request 1 ", "POST /rentNumber country=DE", number, "actual"] {
        assert!(told.contains(said), "{told}");
    }
    let told = with(&|capsule| capsule["complete"] = json!(false)).field("capsule");
    assert!(told.contains("--max-journal-entries"), "{told}");
    let told = with(&|capsule| capsule["format"] = json!(7)).field("capsule.format");
    assert!(told.contains("this ringer reads 1"), "{told}");
    let told = with(&|capsule| capsule["scenario"]["countries"] = json!([]))
        .field("capsule.scenario.countries");
    assert!(!told.is_empty());
    with(&|capsule| capsule["steps"][1]["reqest"] = json!({})).field("capsule.steps[1].reqest");
    assert!(put(&admin, &json!({"capsule": "x"})).field("capsule").contains("GET /__admin"));
    for (field, value) in [("seed", json!(3)), ("scenario", json!("happy-path"))] {
        let refused = put(&admin, &json!({"capsule": capsule, field: value}));
        assert!(refused.field(field).contains("leave it out"), "{refused:?}");
    }
    assert_eq!(admin.get("/sandboxes/late").ok()["scenario"], "slow-sms");
}

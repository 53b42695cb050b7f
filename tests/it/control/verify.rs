//! Whether a client did what it should: asked at once, and waited for.

use std::thread;

use serde_json::{Value, json};

use super::admin::Answer;
use super::{Admin, one_sms, play};

fn verify(admin: &Admin, wanted: Value) -> Answer {
    admin.post("/sandboxes/ci/verify", wanted.to_string())
}

#[test]
fn a_met_expectation_is_confirmed_at_once_with_what_was_seen() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent_for("DE", "Telegram").rental_id();
    client.poll(&id);
    client.poll("rent_1");
    for wanted in [
        json!({}),
        json!({"endpoint": "rentNumber", "country": "DE", "service": "telegram", "status": 200}),
        json!({"rental_id": id, "count": {"min": 2, "max": 2}, "timeout": "1h"}),
        json!({"endpoint": "getSMS", "status": 404, "code": "RENTAL_NOT_FOUND"}),
        json!({"endpoint": "cancelNumber", "count": {"max": 0}, "timeout": 3600}),
        json!({"count": {"min": 3}}),
    ] {
        let verdict = verify(&admin, wanted.clone()).ok();
        assert_eq!(
            (&verdict["holds"], &verdict["nearest"]),
            (&json!(true), &json!([])),
            "{wanted}"
        );
    }
    let verdict = verify(&admin, json!({"rental_id": id})).ok();
    assert_eq!(
        (&verdict["matched"], &verdict["seen"][1]["endpoint"]),
        (&json!(2), &json!("getSMS"))
    );
}

#[test]
fn what_does_not_hold_is_406_with_the_nearest_misses_and_how_the_rental_stood() {
    let (_server, admin, client) = play(one_sms());
    assert_eq!(verify(&admin, json!({})).json["message"], "no request has come yet");
    let id = client.rent("DE").rental_id();
    admin.post("/sandboxes/ci/clock/advance", r#"{"by": 9}"#).ok();
    client.cancel(&id);
    let answer = verify(&admin, json!({"endpoint": "getSMS", "rental_id": id, "status": 200}));
    assert_eq!(answer.status, 406, "{answer:?}");
    let verdict = answer.json;
    let nearest = "; the nearest is #2 /cancelNumber: endpoint was cancelNumber, not getSMS";
    let message = format!("0 requests were as expected, at least 1 should be{nearest}");
    assert_eq!((&verdict["message"], &verdict["detail"]), (&json!(message), &json!(message)));
    assert_eq!((&verdict["title"], &verdict["status"]), (&json!("Not as expected"), &json!(406)));
    let nearest = &verdict["nearest"][0];
    assert_eq!(nearest["differs"], json!(["endpoint was cancelNumber, not getSMS"]));
    assert_eq!(nearest["request"]["at"], "2026-01-01T00:00:09Z");
    let timeline = nearest["timeline"].as_array().expect("a list");
    let missed = "+12s: an SMS was due at +12s; you cancelled at +9s";
    assert!(timeline.contains(&json!(missed)), "{timeline:?}");

    let wanted =
        json!({"endpoint": "rentNumber", "country": "SE", "service": "x", "code": "NO_NUMBERS"});
    let differs = verify(&admin, wanted).json["nearest"][0]["differs"].clone();
    assert_eq!(
        differs,
        json!([
            "country was DE, not SE",
            "service was none, not x",
            "code was none, not NO_NUMBERS"
        ])
    );
}

#[test]
fn near_misses_are_listed_best_first_and_at_most_five() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent("DE").rental_id();
    for _ in 0..9 {
        client.get_numbers();
    }
    client.cancel(&id);
    let wanted = json!({"endpoint": "getSMS", "rental_id": id});
    let nearest = verify(&admin, wanted).json["nearest"].clone();
    let seqs: Vec<&Value> =
        nearest.as_array().expect("a list").iter().map(|n| &n["request"]["seq"]).collect();
    assert_eq!(seqs, [11, 1, 10, 9, 8], "of two alike the later one");
}

#[test]
fn verify_waits_for_a_later_request() {
    let (_server, admin, client) = play(one_sms());
    let mut events = admin.listen("/sandboxes/ci/events");
    let waiting = {
        let admin = admin.clone();
        let wanted = json!({"endpoint": "rentNumber", "count": {"min": 3}, "timeout": "30s"});
        thread::spawn(move || verify(&admin, wanted))
    };
    for _ in 0..3 {
        client.get_numbers();
        client.rent("DE");
        events.until("request");
    }
    let verdict = waiting.join().expect("it ends").ok();
    assert_eq!(
        (&verdict["matched"], &verdict["message"]),
        (&json!(3), &json!("3 requests were as expected"))
    );
}

#[test]
fn an_expectation_that_can_no_longer_be_met_fails_at_once() {
    let (_server, admin, client) = play(one_sms());
    client.rent("DE");
    client.rent("DE");
    let too_many = verify(&admin, json!({"count": {"max": 1}, "timeout": "1h"}));
    assert_eq!(too_many.status, 406);
    assert_eq!(too_many.json["message"], "2 requests were as expected, at most 1 should be");
    let waiting = {
        let admin = admin.clone();
        let wanted =
            json!({"count": {"min": 4, "max": 4}, "endpoint": "rentNumber", "timeout": "1h"});
        thread::spawn(move || verify(&admin, wanted))
    };
    client.rent("DE");
    client.rent("DE");
    assert_eq!(waiting.join().expect("it ends").status, 200);
    let told = verify(&admin, json!({"count": {"min": 3, "max": 2}})).field("count");
    assert!(told.contains("min 3 is more than max 2"), "{told}");
}

#[test]
fn a_wait_that_times_out_shows_what_arrived_meanwhile() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent("DE").rental_id();
    let waiting = {
        let admin = admin.clone();
        let wanted = json!({"endpoint": "cancelNumber", "timeout": "300ms"});
        thread::spawn(move || verify(&admin, wanted))
    };
    client.poll(&id);
    let answer = waiting.join().expect("it ends");
    assert_eq!((answer.status, answer.json["nearest"].as_array().map(Vec::len)), (406, Some(2)));
}

#[test]
fn a_wait_continues_in_the_sandbox_that_replaces_the_old_one() {
    let (_server, admin, client) = play(one_sms());
    client.rent("DE");
    let waiting = wait_for_two_rentals(&admin);
    admin.post("/sandboxes/ci/reset", "").ok();
    client.rent("DE");
    client.rent("DE");
    let verdict = waiting.join().expect("it ends").ok();
    assert_eq!(verdict["matched"], 2);
}

#[test]
fn a_wait_continues_after_the_journal_is_cleared() {
    let (_server, admin, client) = play(one_sms());
    client.rent("DE");
    let waiting = wait_for_two_rentals(&admin);
    assert_eq!(admin.delete("/sandboxes/ci/requests").status, 204);
    client.rent("DE");
    client.get_numbers();
    client.rent("DE");
    let verdict = waiting.join().expect("it ends").ok();
    assert_eq!(verdict["matched"], 2);
}

#[test]
fn a_wait_continues_in_a_sandbox_created_after_a_delete() {
    let (_server, admin, client) = play(one_sms());
    client.rent("DE");
    let waiting = wait_for_two_rentals(&admin);
    assert_eq!(admin.delete("/sandboxes/ci").status, 204);
    client.rent("DE");
    client.rent("DE");
    assert_eq!(waiting.join().expect("it ends").ok()["matched"], 2);
}

/// Begins a verify that holds as soon as two rentals were requested.
fn wait_for_two_rentals(admin: &Admin) -> thread::JoinHandle<Answer> {
    let admin = admin.clone();
    let wanted = json!({"endpoint": "rentNumber", "count": {"min": 2}, "timeout": "30s"});
    thread::spawn(move || verify(&admin, wanted))
}

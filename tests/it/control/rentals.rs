//! Rentals are looked at, and messages put into them.

use serde_json::{Value, json};

use super::{Admin, one_sms, play};

const RENTALS: &str = "/sandboxes/ci/rentals";

fn advance(admin: &Admin, seconds: u64) {
    admin.post("/sandboxes/ci/clock/advance", json!({"by": seconds}).to_string()).ok();
}

fn life(admin: &Admin, id: &str) -> Value {
    admin.get(&format!("{RENTALS}/{id}")).ok()
}

fn timeline(admin: &Admin, id: &str) -> Vec<String> {
    let life = life(admin, id);
    let lines = life["timeline"].as_array().expect("a list");
    lines.iter().map(|line| line.as_str().expect("a sentence").to_owned()).collect()
}

#[test]
fn a_rental_shows_everything_about_it() {
    let (_server, admin, client) = play(one_sms());
    let rented = client.rent_for("DE", "telegram");
    let (id, number) = (rented.rental_id(), rented.json["number"].as_str().expect("a number"));
    let text = admin.get(&format!("{RENTALS}/{id}")).text;
    assert!(text.contains(r#""price":0.08,"refund":0.00,"#), "{text}");
    assert_eq!(
        life(&admin, &id),
        json!({
            "rental_id": id, "state": "live", "number": number, "country": "DE",
            "service": "telegram", "price": 0.08, "refund": 0.0,
            "rented_at": "2026-01-01T00:00:00Z", "expires_at": "2026-01-01T00:20:00Z",
            "ended_at": null, "messages": [],
            "scheduled": [
                {"at": "2026-01-01T00:00:12Z", "event": "sms"},
                {"at": "2026-01-01T00:20:00Z", "event": "expiry"},
            ],
            "timeline": [
                format!("+0s: {number} was rented for telegram for 0.08 USD"),
                "+12s: an SMS will arrive",
                "+20m: the rental will expire, unless it is cancelled before",
            ],
        })
    );
    let second = client.rent("DE").rental_id();
    let all = admin.get(RENTALS).list();
    assert_eq!(all, [life(&admin, &id), life(&admin, &second)], "in the order of renting");
    for unknown in ["rent_1", "x", "rent_", "%2F"] {
        admin.get(&format!("{RENTALS}/{unknown}")).problem(404);
    }
}

#[test]
fn a_rental_is_live_until_it_ends_and_then_shows_how() {
    let (_server, admin, client) = play(one_sms());
    let ids = [(); 3].map(|()| client.rent("DE").rental_id());
    let state = |id: &str| life(&admin, id)["state"].clone();
    client.cancel(&ids[0]);
    assert_eq!(state(&ids[0]), "cancelled");
    advance(&admin, 12);
    assert_eq!(state(&ids[1]), "live", "an SMS alone ends nothing");
    client.cancel(&ids[1]);
    assert_eq!(state(&ids[1]), "sold");
    advance(&admin, 1_188);
    assert_eq!(state(&ids[2]), "sold");

    let (_server, admin, client) = play("no-sms-expires");
    let id = client.rent("DE").rental_id();
    advance(&admin, 1_199);
    assert_eq!(life(&admin, &id)["state"], "live");
    advance(&admin, 1);
    let ended = life(&admin, &id);
    assert_eq!(
        (&ended["state"], &ended["ended_at"], &ended["scheduled"]),
        (&json!("expired"), &json!("2026-01-01T00:20:00Z"), &json!([]))
    );
    assert_eq!(ended["refund"], ended["price"]);
}

#[test]
fn the_history_says_what_a_client_missed() {
    let (_server, admin, client) = play(one_sms());
    let rented = client.rent("DE");
    let (id, number) = (rented.rental_id(), rented.json["number"].as_str().expect("a number"));
    for _ in 0..3 {
        advance(&admin, 3);
        client.poll(&id);
    }
    client.cancel(&id);
    assert_eq!(
        timeline(&admin, &id),
        [
            format!("+0s: {number} was rented for 0.08 USD"),
            "+9s: you polled 3 times in 6s, and there was nothing new".into(),
            "+9s: you cancelled".into(),
            "+9s: the rental was cancelled; 0.08 USD was paid back".into(),
            "+12s: an SMS was due at +12s; you cancelled at +9s".into(),
        ]
    );
}

#[test]
fn the_history_says_what_a_client_read() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent("DE").rental_id();
    client.poll(&id);
    advance(&admin, 12);
    client.poll(&id);
    advance(&admin, 1_188);
    client.cancel(&id);
    assert_eq!(
        timeline(&admin, &id)[1..],
        [
            "+0s: you polled, and there was nothing new",
            "+12s: an SMS arrived from \"Bank\": \"TAN 1234\"; the code is 1234",
            "+12s: you read the SMS",
            "+20m: you tried to cancel: RENTAL_EXPIRED",
            "+20m: the rental expired; 0.00 USD was paid back",
        ]
    );
    assert_eq!(life(&admin, &id)["messages"][0]["expected_code"], "1234");
}

#[test]
fn a_test_sends_a_message_now_and_later() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent("DE").rental_id();
    let path = format!("{RENTALS}/{id}/messages");
    let now = admin.post(&path, r#"{"sender": "Ünï", "text": "now: 77", "expected_code": "77"}"#);
    assert_eq!(now.status, 201, "{now:?}");
    assert_eq!(
        now.json["messages"],
        json!([{"sender": "Ünï", "text": "now: 77", "received_at": "2026-01-01T00:00:00Z",
                "expected_code": "77"}])
    );
    let later = admin.post(&path, r#"{"text": "later", "after": "5s"}"#).json;
    assert_eq!(later["scheduled"][0], json!({"at": "2026-01-01T00:00:05Z", "event": "sms"}));
    assert_eq!(client.poll(&id).texts(), ["now: 77"]);
    let moved = admin.post("/sandboxes/ci/clock/advance", r#"{"to": "next"}"#).ok();
    assert_eq!(
        moved["fired"],
        json!([{"at": "2026-01-01T00:00:05Z", "event": "sms", "rental_id": id}])
    );
    advance(&admin, 7);
    assert_eq!(client.poll(&id).texts(), ["now: 77", "later", "TAN 1234"], "oldest first");
    assert_eq!(client.poll(&id).json["messages"][1]["sender"], "");
    assert_eq!(client.cancel(&id).refund(), "0.00");
}

#[test]
fn a_message_that_is_too_late_is_shown_as_missed() {
    let (_server, admin, client) = play("no-sms-expires");
    let id = client.rent("DE").rental_id();
    let path = format!("{RENTALS}/{id}/messages");
    admin.post(&path, r#"{"text": "late", "after": 30}"#);
    advance(&admin, 10);
    client.cancel(&id);
    assert_eq!(life(&admin, &id)["scheduled"], json!([]));
    let told = timeline(&admin, &id);
    assert_eq!(told.last().expect("a line"), "+30s: an SMS was due at +30s; you cancelled at +10s");
    advance(&admin, 20);
    assert_eq!(timeline(&admin, &id), told, "it was due, and did not come");
    assert_eq!(client.poll(&id).texts().len(), 0);
    let refused = admin.post(&path, r#"{"text": "too late"}"#).problem(409);
    assert!(refused.contains("is over"), "{refused}");
    admin.post(&format!("{RENTALS}/rent_1/messages"), r#"{"text": "x"}"#).problem(404);
    admin.post(&format!("{RENTALS}/x/messages"), r#"{"text": "x"}"#).problem(404);
}

#[test]
fn a_message_after_the_end_is_taken_within_the_grace_of_the_scenario() {
    let (_server, admin, client) = play("late-sms-after-expiry");
    let id = client.rent("DE").rental_id();
    advance(&admin, 1_200);
    let path = format!("{RENTALS}/{id}/messages");
    assert_eq!(admin.post(&path, r#"{"text": "in time"}"#).status, 201);
    assert_eq!(client.poll(&id).texts(), ["in time"]);
    assert_eq!(life(&admin, &id)["state"], "expired", "it was paid back, and is not charged again");
    advance(&admin, 60);
    admin.post(&path, r#"{"text": "too late"}"#).problem(409);
}

#[test]
fn a_rental_takes_a_thousand_messages_and_no_more() {
    let (server, admin, client) = play("no-sms-expires");
    let id = client.rent("DE").rental_id();
    let sandbox = server.sandbox("ci").expect("the key is good");
    let rental_id = ringer::RentalId::parse(&id).expect("an id");
    let sms = ringer::NewSms {
        sender: String::new(),
        text: "x".into(),
        expected_code: None,
        after: ringer::scenario::seconds(1),
    };
    for _ in 0..1_000 {
        sandbox.rentals().send_sms(rental_id, sms.clone()).expect("it takes them");
    }
    let refused = admin.post(&format!("{RENTALS}/{id}/messages"), r#"{"text": "x"}"#).problem(409);
    assert!(refused.contains("1000"), "{refused}");
    advance(&admin, 1);
    assert_eq!(client.poll(&id).texts().len(), 1_000);
}

#[test]
fn polls_that_hit_a_fault_are_shown_with_what_they_got() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent("DE").rental_id();
    client.poll(&id);
    let rule = r#"{"where": ["getSMS"], "what": {"code": 502, "body": "empty"}, "times": 2}"#;
    admin.post("/sandboxes/ci/faults", rule);
    for _ in 0..3 {
        client.poll(&id);
    }
    let life = admin.get(&format!("/sandboxes/ci/rentals/{id}")).ok();
    let timeline: Vec<&str> =
        life["timeline"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    for line in [
        "+0s: you polled, and there was nothing new",
        "+0s: you polled 2 times in 0s, and got BAD_GATEWAY (fault_1)",
    ] {
        assert!(timeline.contains(&line), "{line}: {timeline:?}");
    }
}

//! The recording of a sandbox as a file.

use ringer::Server;
use ringer::scenario::*;
use serde_json::{Value, json};

use super::frozen_play;
use crate::support::{Client, start};

fn capsule(client: &Client, key: &str) -> (String, Value) {
    let reply = client.get(&format!("/__admin/sandboxes/{key}/capsule"));
    assert_eq!(reply.status, 200, "{reply:?}");
    (reply.text, reply.json)
}

#[test]
fn it_has_the_config_of_the_sandbox_and_each_request_with_its_time_and_its_reply() {
    let play = frozen_play("happy-path");
    let rented = play.client.rent_for("US", "telegram");
    play.advance(8);
    let read = play.client.poll(&rented.rental_id());
    let refused = play.client.get("/getNumbers?api_key=ci&country=USA");
    let (_, capsule) = capsule(&play.client, "ci");
    assert_eq!(capsule["format"], 1);
    assert_eq!(capsule["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!((&capsule["complete"], &capsule["seed"]), (&json!(true), &json!(0)));
    assert_eq!(capsule["clock"], json!({"mode": "frozen"}));
    assert_eq!(capsule["scenario"]["name"], "happy-path");
    assert_eq!(capsule["first_rental_id"], rented.rental_id().as_str());
    let steps = capsule["steps"].as_array().expect("a list");
    assert_eq!(steps.len(), 4);
    assert_eq!(steps[0]["at"], "2026-01-01T00:00:00.000Z");
    assert_eq!(
        steps[0]["real_at"].as_str().map(str::len),
        Some("2026-01-01T00:00:00.000000Z".len())
    );
    let request = json!({"endpoint": "rentNumber", "country": "US", "service": "telegram"});
    assert_eq!(steps[0]["request"], request);
    assert_eq!(steps[1]["change"], json!({"advance": {"by": "8s"}}));
    for (step, reply) in [(&steps[0], &rented), (&steps[2], &read), (&steps[3], &refused)] {
        assert_eq!(step["reply"]["body"], reply.text.as_str());
        assert_eq!(step["reply"]["status"], reply.status);
    }
    assert_eq!(steps[3]["request"]["malformed"], true);
}

#[test]
fn it_has_changes_from_outside_among_the_requests_in_order_and_no_failed_ones() {
    let play = frozen_play("happy-path");
    let id = play.client.rent("US").rental_id();
    let sandbox = &play.sandbox;
    sandbox.clock().set(Clock::per_poll(seconds(1))).expect("it is no way back");
    sandbox.stock().set(Country::US, 0).expect("it is offered");
    sandbox.stock().set(Country::JP, 0).expect_err("it is not");
    play.client.get_numbers();
    let message = json!({"sender": "me", "text": "code 1234", "after": "3s"});
    let path = format!("/__admin/sandboxes/ci/rentals/{id}/messages");
    assert_eq!(play.client.post_json(&path, &message).status, 201);
    let fault = sandbox
        .faults()
        .add(fault([Endpoint::GetSms], Effect::error(ErrorCode::InternalError)).times(1))
        .expect("there is room");
    play.client.poll(&id);
    sandbox.faults().remove(fault).expect("it is there");
    assert!(sandbox.faults().remove(fault).is_err());
    sandbox.clock().advance_to_next();
    sandbox.clock().advance_to(Timestamp::at("2026-01-01T00:01:00Z")).expect("it is ahead");
    let (_, capsule) = capsule(&play.client, "ci");
    let steps = capsule["steps"].as_array().expect("a list");
    let name = |step: &Value| match &step["change"] {
        Value::Null => step["request"]["endpoint"].as_str().expect("a request").to_owned(),
        Value::String(name) => name.clone(),
        change => change.as_object().expect("one").keys().next().expect("one").clone(),
    };
    let names: Vec<String> = steps.iter().map(name).collect();
    let expected = [
        "rentNumber",
        "clock",
        "stock",
        "getNumbers",
        "message",
        "add_fault",
        "getSMS",
        "remove_fault",
        "advance_to_next",
        "advance_to",
    ];
    assert_eq!(names, expected);
    assert_eq!(steps[6]["reply"]["status"], 500);
}

#[test]
fn it_is_incomplete_once_the_journal_has_forgotten_a_request() {
    let server = start(Server::builder().clock(Clock::frozen()).max_journal_entries(2));
    let client = Client::new(&server, "ci");
    client.get_numbers();
    client.get_numbers();
    assert_eq!(capsule(&client, "ci").1["complete"], true);
    client.get_numbers();
    assert_eq!(capsule(&client, "ci").1["complete"], false);

    let server = start(Server::builder().clock(Clock::frozen()).max_journal_entries(2));
    let sandbox = server.sandbox("ci").expect("the key is good");
    for complete in [true, true, false] {
        sandbox.clock().advance(seconds(1));
        assert_eq!(capsule(&Client::new(&server, "ci"), "ci").1["complete"], complete);
    }

    let play = frozen_play("happy-path");
    play.client.get_numbers();
    play.sandbox.journal().clear();
    assert_eq!(capsule(&play.client, "ci").1["complete"], false);
}

#[test]
fn it_never_has_the_key_wherever_the_client_put_it() {
    let server = start(Server::builder().clock(Clock::frozen()));
    let key = "very-secret-key@slow-sms";
    let client = Client::new(&server, key);
    client.rent(key);
    client.get(&format!("/getSMS?api_key={key}&rental_id={key}"));
    client.get(&format!("/getNumbers?api_key={key}&very-secret-key=1"));
    let path = "very-secret-key%40slow-sms";
    let (text, whole) = capsule(&client, path);
    assert!(!text.contains("very-secret-key"), "{text}");
    assert_eq!(whole["complete"], true, "a refusal is as comparable without it");
    assert!(whole["steps"][0]["reply"]["body"].to_string().contains('…'), "{text}");

    client.rent_for("US", key);
    let (text, whole) = capsule(&client, path);
    assert!(!text.contains("very-secret-key"), "{text}");
    assert_eq!(whole["complete"], false, "what it is part of cannot be compared");
}

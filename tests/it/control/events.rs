//! What happens is told as it happens.

use ringer::Server;
use ringer::scenario::Clock;
use serde_json::{Value, json};

use super::admin::Events;
use super::{Admin, one_sms, play};
use crate::support::{Client, start};

const AT: &str = "2026-01-01T00:00:00Z";

fn next(events: &mut Events) -> (String, Value) {
    events.next().expect("the stream goes on")
}

#[test]
fn the_actions_of_a_client_are_streamed_in_order() {
    let (_server, admin, client) = play(one_sms());
    let mut events = admin.listen("/sandboxes/ci/events");
    let id = client.rent("DE").rental_id();
    let event = |name: &str, data: Value| {
        let mut whole = json!({"api_key": "ci", "at": AT});
        whole.as_object_mut().expect("an object").extend(data.as_object().expect("it too").clone());
        (name.to_owned(), whole)
    };
    assert_eq!(next(&mut events), event("rental", json!({"rental_id": id, "state": "live"})));
    let stock = |n: u32| event("stock", json!({"event": "stock", "country": "DE", "available": n}));
    assert_eq!(next(&mut events), stock(2));
    let (name, data) = next(&mut events);
    let entry = admin.get("/sandboxes/ci/requests").list().remove(0);
    assert_eq!((name.as_str(), &data["api_key"]), ("request", &json!("ci")));
    for (field, value) in entry.as_object().expect("an object") {
        assert_eq!(data[field], *value, "{field}");
    }
    client.cancel(&id);
    assert_eq!(next(&mut events), event("rental", json!({"rental_id": id, "state": "cancelled"})));
    assert_eq!(next(&mut events), stock(3));
    assert_eq!(next(&mut events).1["endpoint"], "cancelNumber");
}

#[test]
fn changes_by_a_test_and_due_events_are_streamed() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent("DE").rental_id();
    let mut events = admin.listen("/sandboxes/ci/events");
    let advance =
        |by: u32| admin.post("/sandboxes/ci/clock/advance", json!({"by": by}).to_string());
    advance(12);
    let (name, sms) = next(&mut events);
    let at = "2026-01-01T00:00:12Z";
    assert_eq!(name, "sms");
    assert_eq!(sms, json!({"api_key": "ci", "at": at, "event": "sms", "rental_id": id}));
    let clock = json!({"api_key": "ci", "at": at, "mode": "frozen", "now": at});
    assert_eq!(next(&mut events), ("clock".into(), clock));

    let rule = r#"{"where": ["getNumbers"], "what": {"error": "MAINTENANCE"}}"#;
    admin.post("/sandboxes/ci/faults", rule);
    client.get_numbers();
    admin.delete("/sandboxes/ci/faults/fault_1");
    for what in ["added", "fired", "removed"] {
        assert_eq!(
            events.until("fault"),
            json!({"api_key": "ci", "at": at, "fault": "fault_1", "what": what})
        );
    }
    admin.patch("/sandboxes/ci/countries/DE", r#"{"available": 40}"#);
    assert_eq!(events.until("stock")["available"], 40);
    advance(1_188);
    assert_eq!(events.until("expiry")["rental_id"], json!(id));
    assert_eq!(events.until("stock")["available"], 40, "an SMS had come, so it is sold");
    admin.post("/sandboxes/ci/reset", "").ok();
    assert_eq!(events.until("resync")["api_key"], "ci");
}

#[test]
fn a_revoked_number_is_streamed_as_an_ended_rental() {
    use ringer::scenario::{Country, country, scenario, seconds, steps};
    let revoked = scenario("revoked")
        .country(country(Country::DE).available(3))
        .script(steps().revoke(seconds(5)));
    let (_server, admin, client) = play(revoked);
    let id = client.rent("DE").rental_id();
    let mut events = admin.listen("/sandboxes/ci/events");
    admin.post("/sandboxes/ci/clock/advance", r#"{"by": 5}"#).ok();
    let told = events.until("rental");
    assert_eq!((&told["rental_id"], &told["state"]), (&json!(id), &json!("cancelled")));
    assert_eq!(events.until("stock")["available"], 3);
}

#[test]
fn one_stream_covers_one_sandbox_and_the_other_all() {
    let (server, admin, _) = play(one_sms());
    let (mut one, mut all) = (admin.listen("/sandboxes/b/events"), admin.listen("/events"));
    for key in ["a", "b"] {
        Client::new(&server, key).get_numbers();
    }
    assert_eq!(one.until("request")["api_key"], "b");
    assert_eq!(all.until("request")["api_key"], "a");
    assert_eq!(all.until("request")["api_key"], "b");
}

#[test]
fn an_sms_that_falls_due_is_streamed_without_any_request() {
    let server = start(
        Server::builder()
            .scenario(one_sms())
            .clock("scaled:600".parse::<Clock>().expect("a clock")),
    );
    let (admin, client) = (Admin::new(&server), Client::new(&server, "ci"));
    for path in ["/sandboxes/ci/events", "/events"] {
        let mut events = admin.listen(path);
        let id = client.rent("DE").rental_id();
        assert_eq!(events.until("sms")["rental_id"], json!(id), "{path}");
    }
}

#[test]
fn a_slow_reader_gets_a_resync_and_stays_connected() {
    let (server, admin, _) = play(one_sms());
    let sandbox = server.sandbox("ci").expect("the key is good");
    let mut events = admin.listen("/sandboxes/ci/events");
    // Far more than the sockets and the queue hold, while nobody reads.
    for _ in 0..60_000 {
        sandbox.clock().advance(ringer::scenario::VirtualDuration::ZERO);
    }
    let missed = events.until("resync")["missed"].as_u64().expect("a count");
    assert!(missed > 0, "it says how many it has lost");
    sandbox.clock().advance(ringer::scenario::seconds(1));
    let last = events.by_ref().find(|(_, data)| data["at"] == "2026-01-01T00:00:01Z");
    assert_eq!(last.expect("it goes on").0, "clock", "it hears what comes after");
}

//! Fault rules are added, listed and removed.

use serde_json::{Value, json};

use super::play;

const FAULTS: &str = "/sandboxes/ci/faults";

#[test]
fn a_rule_is_shown_as_posted_with_its_id_and_how_often_it_fired() {
    let (_server, admin, client) = play("happy-path");
    let rule = json!({
        "where": ["rentNumber"],
        "when": {"country": "DE", "service": "telegram", "nth": [1, 2], "probability": 1.0,
                 "from": "0s", "until": "1m30s"},
        "what": {"error": "NO_NUMBERS"}, "phase": "before", "times": 2, "ttl": "1m",
    });
    let made = admin.post(FAULTS, rule.to_string());
    assert_eq!(made.status, 201, "{made:?}");
    let mut shown = made.json.clone();
    let (id, fired) = (shown["id"].take(), shown["fired"].take());
    assert_eq!((&id, &fired), (&json!("fault_1"), &json!(0)));
    for (name, value) in rule.as_object().expect("an object") {
        assert_eq!(shown[name], *value, "{name}");
    }
    assert_eq!(admin.get(FAULTS).list(), std::slice::from_ref(&made.json));
    client.rent("US");
    assert_eq!(admin.get(FAULTS).list()[0]["fired"], 0);
    assert_eq!(client.rent_for("DE", "telegram").code(), "NO_NUMBERS");
    assert_eq!(admin.get(FAULTS).list()[0]["fired"], 1);
    assert_eq!(client.rent_for("DE", "telegram").status, 200, "the third call");
}

#[test]
fn every_rule_that_is_shown_can_be_posted_again() {
    let (_server, admin, _) = play("happy-path");
    for what in [
        json!({"error": "RATE_LIMITED"}),
        json!({"code": 502, "body": "html"}),
        json!({"redirect": 308}),
        json!({"fault": "TRUNCATED_BODY", "fraction": 0.25}),
        json!({"fault": "HANG", "delay": {"uniform": ["100ms", "2s"]}}),
        json!({"delay": {"lognormal": {"median": "200ms", "sigma": 0.5}}}),
        json!({"rate_limit": {"algorithm": "token_bucket", "max": 1, "window": "2s", "retry_after": "none"}}),
    ] {
        let body = json!({"where": ["getSMS", "getNumbers"], "what": what});
        let made = admin.post(FAULTS, body.to_string());
        assert_eq!(made.status, 201, "{body}: {made:?}");
        let mut again = made.json.clone();
        let fields = again.as_object_mut().expect("an object");
        fields.remove("id");
        fields.remove("fired");
        let made_again = admin.post(FAULTS, again.to_string());
        assert_eq!((made_again.status, &made_again.json["what"]), (201, &made.json["what"]));
    }
}

#[test]
fn a_rule_fires_as_often_and_as_long_as_it_says() {
    let (_server, admin, client) = play("happy-path");
    let codes = |count: usize| -> Vec<String> {
        (0..count).map(|_| client.get_numbers().code().to_owned()).collect()
    };
    let twice = r#"{"where": ["getNumbers"], "what": {"error": "MAINTENANCE"}, "times": 2}"#;
    admin.post(FAULTS, twice);
    assert_eq!(codes(3), ["MAINTENANCE", "MAINTENANCE", ""]);
    admin.post("/sandboxes/ci/clock/advance", r#"{"by": 100}"#).ok();
    let for_a_while = r#"{"where": ["getNumbers"], "what": {"error": "KEY_BANNED"}, "ttl": 10}"#;
    admin.post(FAULTS, for_a_while);
    assert_eq!(codes(1), ["KEY_BANNED"], "it counts from the rule's making");
    admin.post("/sandboxes/ci/clock/advance", r#"{"by": 10}"#).ok();
    assert_eq!(codes(1), [""]);
    let fired: Vec<Value> = admin.get(FAULTS).list().iter().map(|r| r["fired"].clone()).collect();
    assert_eq!(fired, [2, 1]);
}

#[test]
fn one_rule_or_all_are_removed_and_ids_are_not_reused() {
    let (_server, admin, client) = play("cdn-html-error");
    client.rent("US");
    let of_the_scenario = admin.get(FAULTS).list();
    assert!(!of_the_scenario.is_empty());
    assert_eq!(of_the_scenario[0]["fired"], 1);
    let rule = r#"{"where": ["getNumbers"], "what": {"error": "MAINTENANCE"}}"#;
    let first = admin.post(FAULTS, rule).json["id"].as_str().expect("a name").to_owned();
    let gone = admin.delete(&format!("{FAULTS}/{first}"));
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(client.get_numbers().status, 200);
    for unknown in [first.as_str(), "fault_99", "x", "Prefer"] {
        let told = admin.delete(&format!("{FAULTS}/{unknown}")).problem(404);
        assert!(told.contains(unknown), "{told}");
    }
    let second = admin.post(FAULTS, rule).json["id"].clone();
    assert_ne!(second, first.as_str());
    assert_eq!(admin.delete(FAULTS).status, 204);
    assert_eq!(admin.get(FAULTS).list().len(), 0, "those of the scenario too");
    assert_eq!((client.get_numbers().status, client.rent("US").status), (200, 200));
}

#[test]
fn a_sandbox_takes_a_thousand_rules_and_no_more() {
    let (server, admin, _) = play("happy-path");
    let sandbox = server.sandbox("ci").expect("the key is good");
    let rule = r#"{"where": ["getSMS"], "what": {"error": "MAINTENANCE"}}"#;
    for _ in 0..999 {
        sandbox
            .faults()
            .add(ringer::scenario::FaultRule::from_json(rule).expect("a rule"))
            .expect("there is room");
    }
    assert_eq!(admin.post(FAULTS, rule).status, 201);
    assert!(admin.post(FAULTS, rule).problem(409).contains("1000 rules"));
}

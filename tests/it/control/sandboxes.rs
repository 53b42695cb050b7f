//! Sandboxes are made, shown, reset and deleted.

use serde_json::{Value, json};

use super::play;
use crate::support::{Client, start};

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn a_sandbox_is_shown_and_listed_with_its_state() {
    let (_server, admin, client) = play("happy-path");
    assert_eq!(admin.get("/sandboxes").list(), [Value::Null; 0]);
    client.rent("US");
    client.get_numbers();
    let shown = admin.get("/sandboxes/ci").ok();
    assert_eq!(
        shown,
        json!({
            "api_key": "ci", "scenario": "happy-path", "seed": 0, "now": "2026-01-01T00:00:00Z",
            "clock": {"mode": "frozen", "now": "2026-01-01T00:00:00Z"},
            "active_rentals": 1, "requests": 2,
        })
    );
    Client::new(&_server, "a").get_numbers();
    let all = admin.get("/sandboxes").list();
    assert_eq!((all.len(), &all[0]["api_key"], &all[1]), (2, &json!("a"), &shown));
}

#[test]
fn put_accepts_a_scenario_name_a_seed_and_a_clock_all_optional() {
    let (_server, admin, client) = play("happy-path");
    let made = admin.put("/sandboxes/ci", "").ok();
    assert_eq!(
        (&made["scenario"], &made["clock"]["mode"]),
        (&json!("happy-path"), &json!("frozen"))
    );
    let first = client.rent("US").text;

    let made = admin.put("/sandboxes/ci", r#"{"seed": 18446744073709551615}"#).ok();
    assert_eq!((&made["seed"], &made["requests"]), (&json!(u64::MAX), &json!(0)));
    assert_ne!(client.rent("US").text, first, "another seed gives other numbers");

    let body = r#"{"clock": {"mode": "per_poll", "step": "1m30s", "now": "2030-05-06T07:08:09Z"}}"#;
    let made = admin.put("/sandboxes/ci", body).ok();
    let clock = json!({"mode": "per_poll", "step": "1m30s", "now": "2030-05-06T07:08:09Z"});
    assert_eq!((&made["clock"], &made["seed"]), (&clock, &json!(0)), "what is left out is as new");
    assert_eq!(
        client.rent("US").text.replace("2030-05-06T07:28:09Z", "2026-01-01T00:20:00Z"),
        first
    );

    let made = admin.put("/sandboxes/ci", r#"{"scenario": "documentation"}"#).ok();
    assert_eq!(made["now"], "2023-06-15T15:10:45Z", "the moment that the scenario means");
    assert_eq!(client.rent("US").json["number"], "+14155552671");
}

#[test]
fn every_bundled_scenario_can_be_put_as_shown() {
    let (_server, admin, _) = play("happy-path");
    let list = admin.get("/scenarios").list();
    let all = ringer::bundled_scenarios();
    assert_eq!(list.len(), all.len());
    for (line, scenario) in list.iter().zip(all) {
        assert_eq!(
            *line,
            json!({"name": scenario.name, "summary": scenario.summary, "catches": scenario.catches})
        );
        let mut whole = admin.get(&format!("/scenarios/{}", scenario.name)).ok();
        assert_eq!(
            serde_json::from_value::<ringer::scenario::Scenario>(whole.clone()).ok(),
            Some(scenario)
        );
        whole["name"] = json!("mine");
        let body = json!({"scenario": whole}).to_string();
        assert_eq!(admin.put("/sandboxes/ci", body).ok()["scenario"], "mine");
    }
    let told = admin.get("/scenarios/hapy-path").problem(404);
    assert!(told.contains("did you mean \"happy-path\"?"), "{told}");
}

#[test]
fn a_wrong_scenario_is_refused_by_its_path_and_the_old_one_stays() {
    let (_server, admin, client) = play("happy-path");
    let id = client.rent("US").rental_id();
    let whole = admin.get("/scenarios/slow-sms").ok();
    let rule =
        json!({"where": ["getSMS"], "what": {"error": "MAINTENANCE"}, "when": {"probability": 3}});
    let changes: [(&str, Value, &str, &str); 7] = [
        ("/faults", json!([rule]), "scenario.faults[0].when.probability", "0 to 1"),
        (
            "/countries/0/price_per_sms",
            json!("0.05"),
            "scenario.countries[0].price_per_sms",
            "number",
        ),
        ("/countries/0/country", json!("USA"), "scenario.countries[0].country", "did you mean US"),
        ("/countries", json!([]), "scenario.countries", "offers nothing"),
        ("/name", json!("No"), "scenario.name", "lower-case"),
        ("/rental/time_to_live", json!(0), "scenario.rental.time_to_live", "longer than 0s"),
        ("/clock", json!({"mode": "per_poll", "step": 0}), "scenario.clock.step", "above 0"),
    ];
    for (pointer, value, path, says) in changes {
        let mut wrong = whole.clone();
        *wrong.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        let told = admin.put("/sandboxes/ci", json!({"scenario": wrong}).to_string()).field(path);
        assert!(told.contains(says), "{path}: {told}");
    }
    let mut wrong = whole;
    wrong["name"] = json!("No");
    wrong["countries"] = json!([]);
    let both = admin.put("/sandboxes/ci", json!({"scenario": wrong}).to_string());
    both.field("scenario.name");
    both.field("scenario.countries");

    assert_eq!(admin.get("/sandboxes/ci").ok()["scenario"], "happy-path");
    assert_eq!(client.poll(&id).status, 200, "its rentals live on");
}

#[test]
fn a_key_is_percent_encoded_in_the_path() {
    let (server, admin, _) = play("happy-path");
    for (encoded, key) in [
        ("a%2Fb", "a/b"),
        ("ci-42%40slow-sms", "ci-42@slow-sms"),
        ("ci-43@slow-sms", "ci-43@slow-sms"),
        ("sch%C3%B6n%20%F0%9F%90%B6", "schön 🐶"),
        ("100%25", "100%"),
        ("%2541", "%41"),
        ("a+b", "a+b"),
        ("a%3Fb%23c", "a?b#c"),
        ("%2E%2E", ".."),
    ] {
        let path = format!("/sandboxes/{encoded}");
        let made = admin.put(&path, "{}").ok();
        assert_eq!(made["api_key"], key, "{encoded}");
        let expected = if key.ends_with("@slow-sms") { "slow-sms" } else { "happy-path" };
        assert_eq!(made["scenario"], expected, "{encoded}");
        let body = json!({"api_key": key, "country": "US"});
        let id = Client::new(&server, "").post_json("/rentNumber", &body).rental_id();
        let shown = admin.get(&format!("{path}/rentals/{id}")).ok();
        assert_eq!(shown["rental_id"], id, "{encoded}");
        admin.post(&format!("{path}/clock/advance"), r#"{"by": 1}"#).ok();
        assert_eq!(admin.delete(&path).status, 204, "{encoded}");
    }
}

#[test]
fn a_key_that_opens_no_sandbox_is_refused_with_the_reason_and_not_repeated() {
    let server = start(crate::support::frozen().api_key("good"));
    let admin = super::Admin::new(&server);
    for (key, says) in [
        ("live_0123456789", "begins with live_"),
        ("other-key-of-mine", "the keys that this server accepts"),
        ("good@hapy-path", "did you mean \"happy-path\"?"),
        ("%0A", "control characters"),
        (&"k".repeat(129), "at most 128"),
    ] {
        for (method, path, body) in [
            ("PUT", "", ""),
            ("PUT", "/clock", r#"{"mode": "frozen"}"#),
            ("POST", "/verify", "{}"),
            ("GET", "/events", ""),
        ] {
            let answer = admin.call(method, &format!("/sandboxes/{key}{path}"), body);
            let told = answer.field("api_key");
            assert!(told.contains(says) && !answer.text.contains(key), "{method} {key}: {told}");
            assert_eq!(answer.header("www-authenticate"), None, "a key is no credential here");
        }
    }
    assert_eq!(admin.put("/sandboxes/good@slow-sms", "").status, 200);
}

#[test]
fn a_reset_puts_everything_back_to_the_start() {
    let (_server, admin, client) = play("happy-path");
    let body = r#"{"scenario": "restock", "seed": 9, "clock": {"mode": "per_poll", "step": "7s"}}"#;
    admin.put("/sandboxes/ci", body).ok();
    let live = || {
        let numbers = client.get_numbers().text;
        admin.post("/sandboxes/ci/clock/advance", r#"{"by": "60s"}"#).ok();
        let rented = client.rent("US");
        let polls = [(); 3].map(|()| client.poll(&rented.rental_id()).text);
        admin.patch("/sandboxes/ci/countries/US", r#"{"price_per_sms": 3.5}"#).ok();
        let rule = r#"{"where": ["cancelNumber"], "what": {"error": "MAINTENANCE"}}"#;
        let id = admin.post("/sandboxes/ci/faults", rule).json["id"].clone();
        (numbers, rented.text.clone(), polls, id, client.cancel(&rented.rental_id()).text)
    };
    let first = live();
    let shown = admin.post("/sandboxes/ci/reset", "").ok();
    assert_eq!((&shown["active_rentals"], &shown["requests"]), (&json!(0), &json!(0)));
    assert_eq!((&shown["seed"], &shown["now"]), (&json!(9), &json!("2026-01-01T00:00:00Z")));
    for path in ["rentals", "faults", "requests"] {
        assert_eq!(admin.get(&format!("/sandboxes/ci/{path}")).list().len(), 0, "{path}");
    }
    assert_eq!(live(), first, "the same seed lives the same life");
}

#[test]
fn a_reset_creates_a_missing_sandbox() {
    let (_server, admin, _) = play("happy-path");
    let shown = admin.post("/sandboxes/new@slow-sms/reset", "").ok();
    assert_eq!((&shown["scenario"], &shown["requests"]), (&json!("slow-sms"), &json!(0)));
    assert_eq!(admin.get("/sandboxes").list().len(), 1);
    let told = admin.post("/sandboxes/new@slow-smss/reset", "").field("api_key");
    assert!(told.contains("slow-sms"), "{told}");
}

#[test]
fn one_reset_affects_all_sandboxes_and_the_other_only_one() {
    let (server, admin, _) = play("happy-path");
    let clients = ["a", "b"].map(|key| Client::new(&server, key));
    let rentals = |key: &str| admin.get(&format!("/sandboxes/{key}/rentals")).list().len();
    clients.iter().for_each(|client| drop(client.rent("US")));
    admin.post("/sandboxes/a/reset", "").ok();
    assert_eq!((rentals("a"), rentals("b")), (0, 1));
    clients.iter().for_each(|client| drop(client.rent("US")));
    let all = admin.post("/reset", "").list();
    assert_eq!(
        (all.len(), &all[1]["api_key"], &all[1]["active_rentals"]),
        (2, &json!("b"), &json!(0))
    );
    assert_eq!((rentals("a"), rentals("b")), (0, 0));
}

#[test]
fn the_next_request_recreates_a_deleted_sandbox() {
    let (_server, admin, client) = play("happy-path");
    admin.put("/sandboxes/ci", r#"{"scenario": "slow-sms", "seed": 5}"#).ok();
    let id = client.rent("US").rental_id();
    let gone = admin.delete("/sandboxes/ci");
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    admin.delete("/sandboxes/ci").problem(404);
    assert_eq!(client.poll(&id).code(), "RENTAL_NOT_FOUND");
    let shown = admin.get("/sandboxes/ci").ok();
    assert_eq!((keys(&shown).len(), &shown["scenario"]), (7, &json!("happy-path")));
}

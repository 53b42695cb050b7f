//! The JSON Schema of scenarios, for editors: it accepts what the server accepts, refuses what it
//! refuses, and describes every field.

use std::sync::LazyLock;

use ringer::scenario::*;
use serde_json::{Value, json};

use crate::process::{ringer, run};
use crate::support::{Client, frozen, start};

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let mut command = ringer();
    command.args(["scenarios", "--schema"]);
    let (code, printed, _) = run(command);
    assert_eq!(code, Some(0));
    serde_json::from_str(&printed).expect("it is JSON")
});

static VALIDATOR: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::draft202012::new(&SCHEMA).expect("it is a schema"));

/// What is wrong with a scenario, by the schema.
pub(crate) fn problems(scenario: &Value) -> Vec<String> {
    let errors = VALIDATOR.iter_errors(scenario);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_bundled_scenario_keeps_to_the_schema() {
    for scenario in ringer::bundled_scenarios() {
        let data = serde_json::to_value(&scenario).expect("it is data");
        assert_eq!(problems(&data), [""; 0], "{}", scenario.name);
    }
}

#[test]
fn the_schema_is_draft_2020_12_and_the_server_serves_the_same() {
    assert!(jsonschema::meta::is_valid(&SCHEMA));
    assert_eq!(SCHEMA["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(SCHEMA["$id"], Value::Null, "a file may have it anywhere");
    let server = start(frozen());
    assert_eq!(Client::new(&server, "ci").get("/__admin/scenarios/schema").json, *SCHEMA);
}

#[test]
fn every_field_has_a_description() {
    fn walk(path: &str, schema: &Value, missing: &mut Vec<String>, seen: &mut usize) {
        let fields = schema["properties"].as_object();
        for (name, field) in fields.into_iter().flatten() {
            *seen += 1;
            // The one field of a choice such as {"sms": …} is described with the choice.
            let is_choice =
                schema["description"].is_string() && fields.is_some_and(|f| f.len() == 1);
            if !is_choice && !field["description"].is_string() {
                missing.push(format!("{path}.{name}"));
            }
        }
        match schema {
            Value::Object(parts) => {
                parts.iter().for_each(|(name, part)| {
                    walk(&format!("{path}.{name}"), part, missing, seen);
                });
            }
            Value::Array(parts) => parts.iter().for_each(|part| walk(path, part, missing, seen)),
            _ => {}
        }
    }
    let (mut missing, mut seen) = (Vec::new(), 0);
    walk("", &SCHEMA, &mut missing, &mut seen);
    assert!(seen > 50, "only {seen} fields were seen");
    assert_eq!(missing, [""; 0]);
}

/// The whole vocabulary, as a person would write it.
pub(crate) fn everything() -> Value {
    json!({
        "$schema": "./scenario.schema.json",
        "name": "everything", "summary": "all of it", "catches": "nothing",
        "clock": {"mode": "per_poll", "step": "4s", "now": "2026-01-01T00:00:00Z"},
        "countries": [
            {"country": "DE", "available": 3, "price_per_sms": 0.0125, "listing": {"stale": "1m30s"},
             "numbers": "mobile", "stock": [{"at": 30, "change": {"refill": 2}}]},
            {"country": "US", "listing": {"fixed": 7}, "numbers": {"listed": ["+12025550123"]},
             "hidden": true, "stock": [{"at": "1h", "change": {"set": 0}},
                                       {"at": "1h1m1s500ms", "change": {"drain": 1}}]},
        ],
        "rental": {
            "time_to_live": "2h30m", "early_cancel_denied": 120, "cancel_after_sms_refused": true,
            "sms_during_cancel": {"sender": "", "text": "{code}"}, "second_cancel_refused": true,
            "after_end": "gone", "late_sms_grace": "60s", "max_active": 3, "balance": 1.00,
            "first_rental_id": "rent_1",
        },
        "scripts": [{"country": "DE", "service": "telegram", "variants": [
            {"steps": [{"after": 8, "action": {"sms": {
                "sender": "Bank", "text": "{service}: {code:0..3} {number}", "code": "###-###",
                "same_code": false, "decoy": false, "received_at": "4s"}}},
                {"after": "9s", "action": "duplicate"}, {"after": "10s", "action": "expire"}]},
            {"weight": 2, "steps": [{"after": "1m", "action": "revoke"}]}]}],
        "faults": [
            {"where": ["rentNumber"], "when": {"country": "DE", "service": "x", "nth": [1],
             "probability": 0.5, "from": "1s", "until": "1h"}, "what": {"code": 503, "body": "html"},
             "phase": "after", "times": 2, "ttl": "2h"},
            {"where": ["getSMS"], "when": {"nth_of_rental": [2]},
             "what": {"fault": "DRIBBLE", "over": "1m30s", "delay": {"uniform": [0.1, "2s"]}}},
            {"where": ["getSMS"], "what": {"delay": {"lognormal": {"median": "200ms", "sigma": 0.5}}}},
            {"where": ["getSMS"], "what": {"rate_limit": {"algorithm": "token_bucket", "max": 1,
             "window": "2s", "retry_after": "http_date", "per": "rental"}}},
            {"where": ["getSMS"], "what": {"fault": "TRUNCATED_BODY", "fraction": 0.5}},
            {"where": ["rentNumber"], "what": {"redirect": 308}},
            {"where": ["getNumbers"], "what": {"error": "MAINTENANCE"}},
        ],
        "shape": {
            "price_as_string": true, "number_without_plus": true, "messages": ["null", "absent"],
            "newest_first": true, "timestamps": ["naive"], "clock_skew": "-1m30s",
            "errors_as_200": true, "extra_field": true,
        },
        "expects": [
            {"endpoint": "getSMS", "code": "RATE_LIMITED", "count": 2, "hint": "poll twice"},
            {"outcome": "no_reply"}, {"event": "expiry"}, {"endpoint": "rentNumber", "status": 502},
        ],
    })
}

#[test]
fn what_a_person_would_write_is_right_for_both_and_a_slip_is_wrong_for_both() {
    let right = everything();
    assert_eq!(problems(&right), [""; 0]);
    let read = Scenario::from_json(&right.to_string());
    assert_eq!(read.err(), None);
    for words in ["realtime", "scaled:60", "frozen:now", "per_poll:4s@2026-01-01T00:00:00Z"] {
        let mut changed = right.clone();
        changed["clock"] = words.into();
        assert_eq!(problems(&changed), [""; 0], "{words}");
        assert_eq!(Scenario::from_json(&changed.to_string()).err(), None, "{words}");
    }
    for (place, wrong) in [
        ("/nam", json!("x")),
        ("/name", json!(null)),
        ("/clock/mode", json!("frozn")),
        ("/clock/rat", json!(1)),
        ("/countries/0/country", json!("ZZ")),
        ("/countries/0/avaliable", json!(1)),
        ("/countries/0/available", json!(-1)),
        ("/countries/0/listing", json!({"stail": "1s"})),
        ("/countries/0/stock/0/change", json!({"refil": 1})),
        ("/rental/time_to_live", json!("soon")),
        ("/rental/timeToLive", json!("1h")),
        ("/rental/after_end", json!("stays")),
        ("/rental/sms_during_cancel/txt", json!("x")),
        ("/scripts/0/steps", json!([])),
        ("/scripts/0/variants/0/steps/0/action", json!("sms")),
        ("/scripts/0/variants/0/steps/0/action/sms/from", json!("x")),
        ("/scripts/0/variants/0/steps/0/delay", json!("1s")),
        ("/scripts/0/variants/0/wieght", json!(1)),
        ("/faults/0/where", json!([])),
        ("/faults/0/where", json!(["getSms"])),
        ("/faults/0/when/nht", json!([1])),
        ("/faults/0/when/nth", json!([0])),
        ("/faults/0/what", json!({})),
        ("/faults/0/what/eror", json!("MAINTENANCE")),
        ("/faults/1/what/delay", json!(2000)),
        ("/faults/1/what/delay", json!({"unifrom": ["1s", "2s"]})),
        ("/faults/3/what/rate_limit/max", json!(0)),
        ("/faults/5/what/redirect", json!(302)),
        ("/expects/0/endpoint", json!("getSms")),
        ("/expects/0/cuont", json!(1)),
        ("/expects/2/event", json!("expired")),
        ("/clock", json!("per_pol:4s")),
        ("/shape/messages", json!([])),
        ("/shape/clock_skew", json!("late")),
        ("/shape/newestFirst", json!(true)),
    ] {
        let mut changed = right.clone();
        let (parent, field) = place.rsplit_once('/').expect("a path");
        changed.pointer_mut(parent).expect("it is there")[field] = wrong.clone();
        assert!(!problems(&changed).is_empty(), "the schema takes {place}: {wrong}");
        let read = Scenario::from_json(&changed.to_string());
        assert!(read.is_err(), "the server takes {place}: {wrong}");
    }
}

#[test]
fn an_unknown_field_is_answered_with_the_nearest_name_wherever_it_stands() {
    for (place, nearest) in [
        ("/sumary", "summary"),
        ("/clock/stepp", "step"),
        ("/countries/0/price", "price_per_sms"),
        ("/countries/0/stock/0/att", "at"),
        ("/rental/timeToLive", "time_to_live"),
        ("/rental/sms_during_cancel/txt", "text"),
        ("/scripts/0/contry", "country"),
        ("/scripts/0/variants/0/wieght", "weight"),
        ("/scripts/0/variants/0/steps/0/afer", "after"),
        ("/scripts/0/variants/0/steps/0/action/sms/sendr", "sender"),
        ("/faults/0/were", "where"),
        ("/faults/0/when/probabilty", "probability"),
        ("/faults/0/what/fualt", "fault"),
        ("/faults/2/what/delay/lognormal/medain", "median"),
        ("/faults/3/what/rate_limit/retryAfter", "retry_after"),
        ("/shape/priceAsString", "price_as_string"),
        ("/expects/0/endpont", "endpoint"),
    ] {
        let mut changed = everything();
        let (parent, field) = place.rsplit_once('/').expect("a path");
        changed.pointer_mut(parent).expect("it is there")[field] = json!(1);
        let problems = Scenario::from_json(&changed.to_string()).expect_err("it is unknown");
        let hint = format!("did you mean `{nearest}`?");
        assert!(problems[0].message.contains(&hint), "{place}: {problems:?}");
        let path: Vec<&str> = problems[0].path.split(['.', '[', ']']).collect();
        let path: Vec<&str> = path.into_iter().filter(|part| !part.is_empty()).collect();
        assert_eq!(path.join("/"), place.trim_start_matches('/'), "{problems:?}");
    }
}

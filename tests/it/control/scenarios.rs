//! Scenarios are added to a running server, replaced and removed.

use ringer::scenario::*;
use serde_json::{Value, json};

use super::{one_sms, play};
use crate::control::Admin;
use crate::support::{Client, frozen, start};

fn named(name: &str, sender: &str) -> Value {
    let sms = sms().sender(sender).text("TAN {code}");
    let scenario = scenario(name)
        .summary("one SMS after 3 s")
        .country(country(Country::DE).available(3).price(cents(8)))
        .script(steps().sms(seconds(3), sms));
    serde_json::to_value(scenario).expect("it is data")
}

/// Who the SMS of a new rental with this key is from.
fn sender(admin: &Admin, client: &Client, key: &str) -> Value {
    let rented = client.rent("DE");
    let path = format!("/sandboxes/{key}/clock/advance");
    assert_eq!(admin.post(&path, r#"{"by": "3s"}"#).status, 200);
    client.poll(&rented.rental_id()).json["messages"][0]["sender"].clone()
}

#[test]
fn a_scenario_that_was_added_is_listed_shown_and_found_by_key_and_by_name() {
    let (server, admin, _) = play("happy-path");
    let own = named("own-bank", "Bank");
    let added = admin.post("/scenarios", own.to_string());
    assert_eq!(added.status, 201, "{added:?}");
    assert_eq!(added.header("location"), Some("/__admin/scenarios/own-bank"));
    assert_eq!(added.json["summary"], "one SMS after 3 s");

    assert_eq!(admin.get("/scenarios").list().last(), Some(&added.json));
    assert_eq!(admin.get("/scenarios/own-bank").ok(), own);
    let by_key = Client::new(&server, "ci@own-bank");
    assert_eq!(sender(&admin, &by_key, "ci@own-bank"), "Bank");
    let made = admin.put("/sandboxes/by-name", r#"{"scenario": "own-bank"}"#).ok();
    assert_eq!(made["scenario"], "own-bank");
    // Errors on demand work there too.
    assert_eq!(by_key.rent("XN").code(), "NO_NUMBERS");
    // A typo finds it.
    let typo = Client::new(&server, "ci@own-bnak").get_numbers();
    assert!(typo.message().contains("did you mean \"own-bank\"?"), "{typo:?}");
}

#[test]
fn a_scenario_added_again_replaces_the_first_and_sandboxes_that_run_keep_theirs() {
    let (server, admin, _) = play("happy-path");
    admin.post("/scenarios", named("own", "First").to_string());
    let (old, new) = (Client::new(&server, "old@own"), Client::new(&server, "new@own"));
    assert_eq!(sender(&admin, &old, "old@own"), "First");
    let again = admin.post("/scenarios", named("own", "Second").to_string());
    assert_eq!(again.status, 201, "{again:?}");
    assert_eq!(admin.get("/scenarios").list().iter().filter(|s| s["name"] == "own").count(), 1);

    assert_eq!(sender(&admin, &new, "new@own"), "Second");
    assert_eq!(sender(&admin, &old, "old@own"), "First");
    assert_eq!(admin.post("/sandboxes/old@own/reset", "").status, 200);
    assert_eq!(sender(&admin, &old, "old@own"), "First", "a reset goes back to its own start");
    assert_eq!(old.rent("XN").code(), "NO_NUMBERS");

    assert_eq!(admin.delete("/scenarios/own").status, 204);
    assert_eq!(sender(&admin, &old, "old@own"), "First");
    assert_eq!(Client::new(&server, "late@own").get_numbers().code(), "INVALID_API_KEY");
    admin.delete("/scenarios/own").problem(404);
    assert_eq!(admin.delete("/sandboxes/old@own").status, 204);
    assert_eq!(old.get_numbers().code(), "INVALID_API_KEY");
}

#[test]
fn what_the_server_was_started_with_cannot_be_replaced_or_removed() {
    let server = start(frozen().with_scenarios([one_sms()]));
    let admin = Admin::new(&server);
    for name in ["slow-sms", "one-sms"] {
        let refused = admin.post("/scenarios", named(name, "Bank").to_string()).problem(409);
        assert!(refused.contains("give yours another name"), "{refused}");
        admin.delete(&format!("/scenarios/{name}")).problem(409);
    }
    assert_eq!(admin.get("/scenarios/one-sms").ok(), json!(one_sms()));
}

#[test]
fn a_wrong_scenario_is_refused_by_path_with_the_nearest_name() {
    let (_server, admin, _) = play("happy-path");
    let post = |change: fn(&mut Value)| {
        let mut own = named("own", "Bank");
        change(&mut own);
        admin.post("/scenarios", own.to_string())
    };
    let wrong = post(|own| own["countries"][0]["avaliable"] = 3.into());
    assert!(wrong.field("countries[0].avaliable").contains("did you mean `available`?"));
    let wrong = post(|own| own["rental"]["time_to_live"] = "soon".into());
    assert!(wrong.field("rental.time_to_live").contains("\"45s\""));
    let wrong = post(|own| own["name"] = "schema".into());
    assert!(wrong.field("name").contains("choose another"));
    let accepted = post(|own| own["$schema"] = "./scenario.schema.json".into());
    assert_eq!(accepted.status, 201, "{accepted:?}");
}

#[test]
fn added_scenarios_are_bounded_in_number_and_in_memory() {
    let server = start(frozen().max_memory("32MiB".parse().expect("an amount")));
    let admin = Admin::new(&server);
    for n in 0..1_000 {
        let brief = json!({"name": format!("own-{n}"), "countries": [{"country": "DE"}]});
        assert_eq!(admin.post("/scenarios", brief.to_string()).status, 201, "{n}");
    }
    let more = named("more", "Bank");
    let refused = admin.post("/scenarios", more.to_string()).problem(409);
    assert!(refused.contains("1000 scenarios were added"), "{refused}");
    // To replace one needs no room.
    let again = json!({"name": "own-0", "countries": [{"country": "US"}]}).to_string();
    assert_eq!(admin.post("/scenarios", &again).status, 201);
    assert_eq!(admin.delete("/scenarios/own-1").status, 204);
    assert_eq!(admin.post("/scenarios", more.to_string()).status, 201);

    // A large one takes up the memory for as long as a sandbox plays it.
    let server = start(frozen().max_memory("32MiB".parse().expect("an amount")));
    let (admin, client) = (Admin::new(&server), Client::new(&server, "ci@large"));
    let mut large = named("large", "Bank");
    large["catches"] = "x".repeat(100_000).into();
    assert_eq!(admin.post("/scenarios", large.to_string()).status, 201);
    assert_eq!(sender(&admin, &client, "ci@large"), "Bank");
    let refused = admin.post("/scenarios", large.to_string()).problem(409);
    assert!(refused.contains("a sixteenth of --max-memory 32MiB"), "{refused}");
    assert_eq!(admin.delete("/scenarios/large").status, 204);
    admin.post("/scenarios", large.to_string()).problem(409);
    assert_eq!(admin.delete("/sandboxes/ci@large").status, 204);
    assert_eq!(admin.post("/scenarios", large.to_string()).status, 201);
}

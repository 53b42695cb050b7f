//! The journal is read, filtered and forgotten.

use serde_json::{Value, json};

use super::{Admin, play};

const REQUESTS: &str = "/sandboxes/ci/requests";

#[test]
fn an_entry_shows_the_request_and_the_reply() {
    let (_server, admin, client) = play("happy-path");
    let rule = r#"{"where": ["getNumbers"], "what": {"error": "MAINTENANCE"}}"#;
    admin.post("/sandboxes/ci/faults", rule);
    let id = client.rent_for("us", "telegram").rental_id();
    client.get_numbers();
    let list = admin.get(REQUESTS).list();
    let mut first = list[0].clone();
    assert!(first["real_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{first}");
    first["real_at"] = Value::Null;
    let lints = std::mem::take(&mut first["lints"]);
    assert_eq!(
        first,
        json!({"seq": 1, "at": "2026-01-01T00:00:00Z", "real_at": null, "endpoint": "rentNumber",
               "method": "POST", "status": 200, "code": null, "rental_id": id, "country": "US",
               "service": "telegram", "lints": null, "fault": null})
    );
    assert_eq!(lints.as_array().map(Vec::len), Some(1));
    let second = &list[1];
    assert_eq!(
        (&second["status"], &second["code"], &second["fault"]),
        (&json!(503), &json!("MAINTENANCE"), &json!("fault_1"))
    );
}

#[test]
fn the_journal_is_filtered_by_one_parameter_or_several() {
    let (_server, admin, client) = play("happy-path");
    let id = client.rent("US").rental_id();
    let other = client.rent("DE").rental_id();
    client.poll(&id);
    client.poll("rent_1");
    client.rent("AQ");
    client.cancel(&id);
    client.cancel(&other);
    let seqs = |query: &str| -> Vec<u64> {
        let list = admin.get(&format!("{REQUESTS}?{query}")).list();
        list.iter().filter_map(|entry| entry["seq"].as_u64()).collect()
    };
    for (query, expected) in [
        ("", &[1, 2, 3, 4, 5, 6, 7][..]),
        ("endpoint=rentNumber", &[1, 2, 5]),
        (&format!("rental_id={id}"), &[1, 3, 6]),
        ("rental_id=rent_1", &[4]),
        ("rental_id=rent_2", &[]),
        ("code=RENTAL_NOT_FOUND", &[4]),
        ("status=200", &[1, 2, 3, 6, 7]),
        ("status=404", &[4]),
        ("since=5", &[6, 7]),
        ("since=7", &[]),
        ("limit=2", &[1, 2]),
        ("limit=0", &[]),
        ("since=2&limit=2", &[3, 4]),
        (&format!("endpoint=cancelNumber&rental_id={other}&status=200"), &[7]),
    ] {
        assert_eq!(seqs(query), expected, "{query}");
    }
}

#[test]
fn a_wrong_filter_is_refused_by_its_name() {
    let (_server, admin, client) = play("happy-path");
    client.get_numbers();
    for (query, field, says) in [
        ("endpoint=getsms", "endpoint", "did you mean getSMS?"),
        ("code=NO_NUMBER", "code", "did you mean NO_NUMBERS?"),
        ("status=ok", "status", "\"ok\" is not an HTTP status, such as 409"),
        ("status=65536", "status", "\"65536\" is not an HTTP status, such as 409"),
        ("since=-1", "since", "\"-1\" is not a whole number"),
        ("limit=many", "limit", "\"many\" is not a whole number, such as 10"),
        ("rental_id=12345", "rental_id", "looks like"),
        ("limt=1", "limt", "did you mean `limit`?"),
        ("limit=1&limit=2", "limit", "more than once"),
        ("limit=%FF", "limit", "whole number"),
    ] {
        let told = admin.get(&format!("{REQUESTS}?{query}")).field(field);
        assert!(told.contains(says), "{query}: {told}");
    }
}

#[test]
fn clearing_the_journal_keeps_its_numbering_and_the_rentals() {
    let (_server, admin, client) = play("happy-path");
    let id = client.rent("US").rental_id();
    let gone = admin.delete(REQUESTS);
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(admin.get(REQUESTS).list().len(), 0);
    client.poll(&id);
    let list = admin.get(REQUESTS).list();
    assert_eq!((list.len(), &list[0]["seq"]), (1, &json!(2)));
    assert_eq!(admin.get("/sandboxes/ci").ok()["requests"], 2);
    assert_eq!(admin.get("/sandboxes/ci/rentals").list().len(), 1);
}

#[test]
fn requests_to_the_control_api_are_not_in_a_journal() {
    let (_server, admin, client) = play("happy-path");
    client.get_numbers();
    for path in ["", "/clock", "/rentals", "/faults", "/requests", "/countries"] {
        admin.get(&format!("/sandboxes/ci{path}")).ok();
    }
    assert_eq!(admin.get(REQUESTS).list().len(), 1);
}

#[test]
fn last_lists_only_the_newest() {
    let (_server, admin, client) = play("happy-path");
    let ids = ["US", "DE", "FR"].map(|country| client.rent(country).rental_id());
    let seqs = |query: &str| -> Vec<u64> {
        let list = admin.get(&format!("{REQUESTS}?{query}")).list();
        list.iter().filter_map(|entry| entry["seq"].as_u64()).collect()
    };
    assert_eq!(seqs("last=2"), [2, 3]);
    assert_eq!(seqs("last=9"), [1, 2, 3]);
    assert_eq!(seqs("last=0"), [0; 0]);
    assert_eq!(seqs("last=2&limit=1"), [2]);
    let told = admin.get(&format!("{REQUESTS}?last=few")).field("last");
    assert!(told.contains("\"few\" is not a whole number"), "{told}");

    let rentals = |query: &str| -> Vec<Value> {
        let list = admin.get(&format!("/sandboxes/ci/rentals?{query}")).list();
        list.iter().map(|rental| rental["rental_id"].clone()).collect()
    };
    assert_eq!(rentals("last=2"), ids[1..]);
    assert_eq!(rentals("last=0"), [Value::Null; 0]);
    assert_eq!(rentals("last=9"), ids);
    let told = admin.get("/sandboxes/ci/rentals?last=few").field("last");
    assert!(told.contains("\"few\" is not a whole number, such as 10"), "{told}");
    let told = admin.get("/sandboxes/ci/rentals?lst=1").field("lst");
    assert!(told.contains("`last`"), "{told}");
}

#[test]
fn a_request_is_shown_with_its_reply_and_an_explanation() {
    let (server, admin, client) = play("happy-path");
    let one = |seq: u64| admin.get(&format!("{REQUESTS}/{seq}")).ok();
    let rule =
        r#"{"where": ["cancelNumber"], "what": {"fault": "EMPTY_RESPONSE"}, "phase": "after"}"#;
    let rented = client.rent_for("us", "telegram");
    let id = rented.rental_id();
    let shown = one(1);
    assert_eq!(shown["seq"], 1);
    assert_eq!(
        shown["asked"],
        json!({"endpoint": "rentNumber", "country": "US", "service": "telegram"})
    );
    assert_eq!(
        (&shown["reply"]["status"], &shown["reply"]["body"]),
        (&json!(200), &json!(rented.text))
    );
    let remark = json!([{"id": "lower-case-country",
                         "says": "country was sent in lower case; it is written \"US\""}]);
    assert_eq!(shown["remarks"], remark);
    let told = shown["explanation"].as_str().expect("a sentence").to_owned();
    assert!(told.contains(&format!("was rented as {id}. Poll getSMS with it")), "{told}");

    client.poll(&id);
    assert_eq!(
        one(2)["explanation"],
        "No SMS has arrived yet; poll again. The rental expires at 2026-01-01T00:20:00Z."
    );
    client.rent("USA");
    let told = one(3)["explanation"].as_str().expect("a sentence").to_owned();
    assert!(told.starts_with("Country \"USA\" is not an ISO 3166-1 alpha-2 code; did"), "{told}");
    assert_eq!(one(3)["asked"]["malformed"], true);

    admin.post("/sandboxes/ci/faults", rule);
    let agent = ureq::Agent::new_with_defaults();
    let lost = format!("{}/cancelNumber", server.url());
    let lost = agent.post(lost).send_form([("api_key", "ci"), ("rental_id", id.as_str())]);
    assert!(lost.is_err(), "no reply");
    let shown = one(4);
    assert_eq!(
        (&shown["status"], &shown["reply"]["wire"]),
        (&Value::Null, &json!("EMPTY_RESPONSE"))
    );
    assert_eq!(
        shown["explanation"],
        format!(
            "The rule fault_1 struck: the connection is closed in good order, without a byte. \
                 The call took effect nevertheless: {id} is cancelled; 0.05 USD was refunded."
        )
    );
    for unknown in ["5", "0", "x"] {
        let told = admin.get(&format!("{REQUESTS}/{unknown}")).problem(404);
        assert!(told.contains("GET requests lists them by seq"), "{told}");
    }
    assert_eq!(admin.post(&format!("{REQUESTS}/1"), "").header("allow"), Some("GET, HEAD"));
}

#[test]
fn an_explanation_stays_true_after_the_rental_has_ended() {
    let explain = |admin: &Admin, seq: u64| {
        let told = admin.get(&format!("{REQUESTS}/{seq}")).ok()["explanation"].clone();
        told.as_str().expect("a sentence").to_owned()
    };
    let advance = |admin: &Admin, by: &str| {
        admin.post("/sandboxes/ci/clock/advance", json!({"by": by}).to_string()).ok();
    };
    let (_server, admin, client) = play("no-sms-expires");
    let id = client.rent("DE").rental_id();
    client.poll(&id);
    advance(&admin, "20m");
    client.poll(&id);
    let expired = "The rental expired at 2026-01-01T00:20:00Z";
    assert!(explain(&admin, 1).ends_with(&format!("was rented as {id}. {expired}.")));
    let said = format!("No SMS had arrived yet. {expired} without one: nothing will come.");
    assert_eq!(explain(&admin, 2), said);
    assert_eq!(explain(&admin, 3), format!("{expired} without an SMS: nothing will come."));

    let (_server, admin, client) = play("happy-path");
    let id = client.rent("DE").rental_id();
    client.poll(&id);
    client.cancel(&id);
    client.poll(&id);
    let cancelled = "The rental was cancelled at 2026-01-01T00:00:00Z";
    assert_eq!(explain(&admin, 4), format!("{cancelled} without an SMS: nothing will come."));
    let id = client.rent("DE").rental_id();
    client.poll(&id);
    advance(&admin, "8s");
    assert_eq!(explain(&admin, 6), "No SMS had arrived yet; one came at 2026-01-01T00:00:08Z.");

    let (_server, admin, client) = play("late-sms-after-expiry");
    let id = client.rent("DE").rental_id();
    advance(&admin, "20m");
    client.poll(&id);
    let said = format!("No SMS had arrived. {expired}; a late SMS is still to come.");
    assert_eq!(explain(&admin, 2), said);
}

#[test]
fn the_ids_that_a_client_gives_its_requests_are_kept_and_shown() {
    const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let (server, admin, client) = play("happy-path");
    client.get_numbers();
    let rent = |name: &str, value: &str| {
        let agent = ureq::Agent::new_with_defaults();
        let url = format!("{}/rentNumber", server.url());
        let sent = agent.post(url).header(name, value);
        let mut reply = sent.send_form([("api_key", "ci"), ("country", "DE")]).expect("it rents");
        reply.body_mut().read_to_string().expect("it is text");
    };
    rent("traceparent", TRACE);
    rent("X-Request-Id", "job-7/3");
    rent("x-request-id", &"x".repeat(4_000));
    let entries = admin.get(REQUESTS).list();
    let keys = |entry: &Value| [entry["traceparent"].clone(), entry["request_id"].clone()];
    assert_eq!(keys(&entries[1]), [json!(TRACE), Value::Null]);
    assert_eq!(keys(&entries[2]), [Value::Null, json!("job-7/3")]);
    assert_eq!(keys(&entries[3]), [Value::Null, json!("x".repeat(128))]);
    assert!(entries[0].get("traceparent").is_none() && entries[2].get("traceparent").is_none());
    assert_eq!(admin.get(&format!("{REQUESTS}/2")).ok()["traceparent"], TRACE);
    assert_eq!(admin.get(&format!("{REQUESTS}/2")).ok()["asked"]["country"], "DE");
    let kept = server.sandbox("ci").expect("the key is good").journal().entries();
    assert_eq!((kept[1].traceparent(), kept[2].request_id()), (Some(TRACE), Some("job-7/3")));
    // The evidence has them too, in every format.
    let report = admin.get("/sandboxes/ci/report?final=true").ok().to_string();
    assert!(report.contains(TRACE) && report.contains("job-7/3"), "{report}");
    for format in ["markdown", "junit"] {
        let path = format!("/sandboxes/ci/report?final=true&format={format}");
        let report = admin.get(&path).text;
        assert!(report.contains(&format!("traceparent={TRACE}")), "{report}");
        assert!(report.contains("request_id=job-7/3"), "{report}");
    }
    assert_eq!(client.get_numbers().status, 200);
}

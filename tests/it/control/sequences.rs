//! Whether a client did several things in order.

use std::thread;

use serde_json::{Value, json};

use super::admin::Answer;
use super::{Admin, one_sms, play};

fn verify(admin: &Admin, wanted: &Value) -> Answer {
    admin.post("/sandboxes/ci/verify", wanted.to_string())
}

fn advance(admin: &Admin, by: &str) {
    admin.post("/sandboxes/ci/clock/advance", json!({"by": by}).to_string()).ok();
}

fn sequence(steps: Value) -> Value {
    json!({"sequence": steps})
}

fn seqs(entries: &Value) -> Vec<u64> {
    let entries = entries.as_array().expect("a list").iter();
    entries.map(|entry| entry["seq"].as_u64().expect("a number")).collect()
}

#[test]
fn a_count_may_be_a_number_and_then_it_must_be_exactly_that_many() {
    let (_server, admin, client) = play(one_sms());
    client.rent("DE");
    client.rent("DE");
    assert_eq!(verify(&admin, &json!({"count": 2})).ok()["matched"], 2);
    assert_eq!(verify(&admin, &json!({"endpoint": "getSMS", "count": 0})).ok()["matched"], 0);
    for (count, said) in [(1, "2 requests were as expected, exactly 1 should be"), (3, "exactly 3")]
    {
        let answer = verify(&admin, &json!({"count": count}));
        assert_eq!(answer.status, 406);
        assert!(answer.problem(406).contains(said), "{answer:?}");
    }
}

#[test]
fn a_sequence_holds_if_its_steps_came_in_order_whatever_came_between() {
    let (_server, admin, client) = play(one_sms());
    client.get_numbers();
    let id = client.rent("DE").rental_id();
    client.poll(&id);
    client.get_numbers();
    client.poll(&id);
    client.cancel(&id);
    let in_order = json!([{"endpoint": "rentNumber", "country": "DE"}, {"endpoint": "getSMS"},
        {"endpoint": "getSMS", "rental_id": id}, {"endpoint": "cancelNumber", "status": 200}]);
    let verdict = verify(&admin, &sequence(in_order)).ok();
    assert_eq!((&verdict["matched"], seqs(&verdict["seen"])), (&json!(4), vec![2, 3, 5, 6]));
    assert_eq!(verdict["message"], "the 4 steps came in order");
    assert_eq!(verdict["nearest"], json!([]));

    let answer = verify(
        &admin,
        &sequence(json!([
            {"endpoint": "getSMS"}, {"endpoint": "rentNumber"}, {"endpoint": "cancelNumber"},
        ])),
    );
    let said = "step 2 of 3 (rentNumber) did not come after #3; the nearest is #2 /rentNumber: \
                it did not come after #3";
    assert_eq!(answer.problem(406), said);
    let verdict = answer.json;
    assert_eq!((&verdict["matched"], &verdict["failed_step"]), (&json!(1), &json!(2)));
    assert_eq!(seqs(&verdict["seen"]), [3]);
    let nearest = &verdict["nearest"][0];
    assert_eq!(nearest["differs"], json!(["it did not come after #3"]));
    assert!(nearest["timeline"].to_string().contains("was rented"), "{nearest}");

    let polls = json!([{"endpoint": "getSMS"}, {"endpoint": "getSMS"}, {"endpoint": "getSMS"}]);
    let answer = verify(&admin, &sequence(polls));
    assert_eq!(answer.json["failed_step"], 3, "a request is one step only");
    let refused = json!([{"endpoint": "rentNumber", "code": "NO_NUMBERS"}, {"endpoint": "getSMS"}]);
    let said = verify(&admin, &sequence(refused)).problem(406);
    let expected = "step 1 of 2 (rentNumber, code NO_NUMBERS) did not come; the nearest is \
                    #2 /rentNumber: code was none, not NO_NUMBERS";
    assert_eq!(said, expected);
}

#[test]
fn steps_may_have_a_time_since_the_one_before_in_sandbox_time() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent("DE").rental_id();
    advance(&admin, "35s");
    client.poll(&id);
    let polled = |times: Value| {
        let mut step = json!({"endpoint": "getSMS"});
        step.as_object_mut().expect("an object").extend(times.as_object().expect("one").clone());
        verify(&admin, &sequence(json!([{"endpoint": "rentNumber"}, step])))
    };
    for times in [
        json!({"within": "35s"}),
        json!({"after": "35s"}),
        json!({"after": 2, "within": "1m"}),
        json!({"after": "35s", "within": "35s"}),
    ] {
        polled(times).ok();
    }
    for (times, said) in [
        (json!({"within": "30s"}), "it came 35s after #1, not within 30s"),
        (json!({"after": "36s"}), "it came 35s after #1, not 36s or more"),
    ] {
        let answer = polled(times);
        assert_eq!(answer.json["failed_step"], 2, "{answer:?}");
        assert_eq!(answer.json["nearest"][0]["differs"], json!([said]));
    }
}

#[test]
fn a_step_takes_whichever_request_suits_the_times_of_the_others() {
    let (_server, admin, client) = play(one_sms());
    client.rent("DE");
    advance(&admin, "10s");
    client.rent("DE");
    advance(&admin, "1s");
    client.get_numbers();
    advance(&admin, "10s");
    client.get_numbers();
    let soon = json!([{"endpoint": "rentNumber"}, {"endpoint": "getNumbers", "within": "2s"}]);
    assert_eq!(seqs(&verify(&admin, &sequence(soon)).ok()["seen"]), [2, 3]);
    let late = json!([{"endpoint": "rentNumber"}, {"endpoint": "getNumbers", "after": "20s"}]);
    assert_eq!(seqs(&verify(&admin, &sequence(late)).ok()["seen"]), [1, 4]);
}

#[test]
fn verify_waits_for_the_next_steps_of_a_sequence() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent("DE").rental_id();
    let waiting = {
        let (admin, mut wanted) = (
            admin.clone(),
            sequence(json!([{"endpoint": "rentNumber"}, {"endpoint": "getSMS", "after": "5s"},
                {"endpoint": "cancelNumber", "within": "1m"}])),
        );
        wanted["timeout"] = json!("30s");
        thread::spawn(move || verify(&admin, &wanted))
    };
    client.poll(&id);
    advance(&admin, "6s");
    client.poll(&id);
    client.get_numbers();
    client.cancel(&id);
    assert_eq!(waiting.join().expect("it ends").ok()["matched"], 3);
}

#[test]
fn a_sequence_that_makes_no_sense_is_refused_with_what_is_right() {
    let (_server, admin, _) = play(one_sms());
    let many = vec![json!({}); 101];
    for (wanted, path, said) in [
        (json!({"sequence": [], "timeout": 1}), "sequence", "empty"),
        (json!({"sequence": many}), "sequence", "limit is 100"),
        (json!({"sequence": [{}], "endpoint": "getSMS"}), "sequence", "into its step"),
        (json!({"sequence": [{}], "count": 2}), "sequence", "only timeout"),
        (json!({"sequence": [{}, {"count": 2}]}), "sequence[1].count", "repeat the step"),
        (json!({"sequence": [{"timeout": "5s"}]}), "sequence[0].timeout", "write within"),
        (json!({"sequence": [{"within": "5s"}]}), "sequence[0].within", "first step"),
        (json!({"sequence": [{"after": "5s"}]}), "sequence[0].after", "first step"),
        (
            json!({"sequence": [{}, {"after": "5s", "within": "4s"}]}),
            "sequence[1].within",
            "less than after, 5s",
        ),
        (json!({"sequence": [{"endpont": "getSMS"}]}), "sequence[0].endpont", "`endpoint`"),
        (json!({"within": "5s"}), "within", "unknown"),
    ] {
        let told = verify(&admin, &wanted).field(path);
        assert!(told.contains(said), "{wanted}: {told}");
    }
}

//! How much a scenario, an SMS and the messages of a rental may come to.

use ringer::Server;
use ringer::scenario::FieldError;
use ringer::scenario::*;
use serde_json::{Value, json};

use crate::control::admin::Admin;
use crate::docs::holds_in;
use crate::support::{Client, frozen, start};

/// Six bytes in JSON.
const DEAREST: &str = "\u{1}";

fn offering() -> Scenario {
    scenario("bounds").country(country(Country::US).available(9))
}

fn playing(steps: Steps) -> Scenario {
    offering().script(steps)
}

/// What is wrong with a scenario, however it comes: checked in Rust, at the start of a server, as JSON.
fn problems(scenario: &Scenario) -> Vec<FieldError> {
    let problems = scenario.validate().err().unwrap_or_default();
    let json = serde_json::to_string(scenario).expect("it is plain data");
    assert_eq!(Scenario::from_json(&json).err().unwrap_or_default(), problems);
    let started = frozen().scenario(scenario.clone()).start();
    assert_eq!(started.is_ok(), problems.is_empty());
    if let Err(reason) = started {
        assert!(reason.to_string().contains(&problems[0].to_string()), "{reason}");
    }
    problems
}

#[track_caller]
fn refused(scenario: &Scenario, path: &str, says: &[&str]) {
    let problems = problems(scenario);
    let [FieldError { path: at, message }] = &problems[..] else { panic!("one: {problems:?}") };
    assert_eq!(at, path);
    for said in says {
        assert!(message.contains(said), "{message:?} does not say {said:?}");
    }
}

#[track_caller]
fn taken(scenario: &Scenario) {
    assert_eq!(problems(scenario), []);
}

#[test]
fn an_sms_has_at_most_1600_characters_however_it_is_filled() {
    let path = "scripts[0].variants[0].steps[0].action.sms.text";
    for (filled, chars) in [
        ("a", 1),
        ("\u{1f600}", 1),
        ("{{", 1),
        ("{service}", 66),
        ("{number}", 16),
        ("{code}", 32),
        ("{code:1..4}", 3),
        ("{code:30..99}", 2),
    ] {
        let code = "#".repeat(32);
        let text = |rest| filled.to_owned() + &"x".repeat(Scenario::MAX_SMS_CHARS - chars + rest);
        let says = |rest| playing(steps().sms(seconds(1), sms().code(&code).text(&text(rest))));
        taken(&says(0));
        refused(&says(1), path, &["1601 characters", "at most 1600 are right"]);
    }
    let sender = |chars| playing(steps().sms(seconds(1), sms().sender(&"x".repeat(chars))));
    taken(&sender(1_600));
    let path = path.replace("text", "sender");
    refused(&sender(1_601), &path, &["1601 characters", "at most 1600 are right"]);
}

#[test]
fn a_repeated_code_counts_as_long_as_the_first() {
    let text = |rest: usize| "{code}".to_owned() + &"x".repeat(1_600 - 32 + rest);
    let second = |rest| {
        let first = sms().code(&"#".repeat(32));
        let again = sms().same_code().code("#").text(&text(rest));
        playing(steps().sms(seconds(1), first).sms(seconds(2), again))
    };
    taken(&second(0));
    refused(&second(1), "scripts[0].variants[0].steps[1].action.sms.text", &["1601"]);
}

#[test]
fn the_sms_that_beats_a_cancel_is_held_to_the_same_bound() {
    let during =
        |chars| offering().rental(rental().sms_during_cancel(sms().text(&"x".repeat(chars))));
    taken(&during(1_600));
    refused(&during(1_601), "rental.sms_during_cancel.text", &["1601", "1600"]);
}

#[test]
fn a_service_of_64_characters_fills_an_sms_to_no_more_than_1600() {
    let text = "{service}".to_owned() + &"x".repeat(1_534);
    let server = start(frozen().scenario(playing(steps().sms(seconds(1), sms().text(&text)))));
    let client = Client::new(&server, "ci");
    // The capital of this letter is three characters.
    let id = client.rent_for("US", &("\u{390}".to_owned() + &"y".repeat(63))).rental_id();
    server.sandbox("ci").expect("it is there").clock().advance(seconds(1));
    assert_eq!(client.poll(&id).texts()[0].chars().count(), 1_600);
}

#[test]
fn lists_of_a_scenario_have_at_most_a_thousand_entries() {
    let many = |count: usize| {
        let steps = (1..=count).fold(steps(), |steps, at| steps.sms(millis(at as u64), sms()));
        let stock =
            (1..=count).fold(country(Country::GB), |offer, at| offer.set_at(millis(at as u64), 1));
        let variants = (0..count).map(|_| (1, ringer::scenario::steps()));
        [
            (playing(steps), "scripts[0].variants[0].steps"),
            (offering().country(stock), "countries[1].stock"),
            (offering().script(Script::weighted(variants)), "scripts[0].variants"),
            (
                (0..count).fold(offering(), |all, _| {
                    all.fault(fault([Endpoint::GetSms], Effect::error(ErrorCode::NoNumbers)))
                }),
                "faults",
            ),
        ]
    };
    for (scenario, _) in many(Scenario::MAX_ENTRIES) {
        taken(&scenario);
    }
    for (scenario, path) in many(Scenario::MAX_ENTRIES + 1) {
        refused(&scenario, path, &["1001 entries", "at most 1000 are right"]);
    }
}

#[test]
fn all_countries_together_list_at_most_ten_thousand_numbers() {
    let numbers = |from: usize, count: usize| {
        let numbers = (from..from + count).map(|at| format!("+1202{at:07}"));
        Numbers::listed(numbers)
    };
    let listing = |more| {
        let first = country(Country::US).available(1).numbers(numbers(0, 6_000));
        let second = country(Country::CA)
            .numbers(numbers(6_000, Scenario::MAX_LISTED_NUMBERS - 6_000 + more));
        scenario("listing").country(first).country(second)
    };
    taken(&listing(0));
    let path = "countries[1].numbers.listed";
    refused(&listing(1), path, &["10001", "at most 10000 are right"]);
}

/// A script whose messages are as dear as can be; the last one has this many characters.
fn dearest(messages: usize, last: usize) -> Steps {
    let dear = |chars: usize| sms().sender("").text(&DEAREST.repeat(chars));
    let all = (1..messages).fold(steps(), |steps, at| steps.sms(seconds(at as u64), dear(1_600)));
    all.sms(seconds(messages as u64), dear(last))
}

/// The most characters of the last message with which a scenario is still taken.
fn most_chars(play: impl Fn(usize) -> Scenario) -> usize {
    let (mut taken, mut refused) = (1, 1_600);
    assert!(play(taken).validate().is_ok() && play(refused).validate().is_err());
    while taken + 1 < refused {
        let middle = usize::midpoint(taken, refused);
        if play(middle).validate().is_ok() { taken = middle } else { refused = middle }
    }
    taken
}

/// The replies of getSMS and the view of a rental, once all messages have arrived.
fn sizes(server: &Server) -> (usize, usize) {
    let client = Client::new(server, "ci");
    let id = client.rent("US").rental_id();
    server.sandbox("ci").expect("it is there").clock().advance(seconds(600));
    let view = Admin::new(server).call("GET", &format!("/sandboxes/ci/rentals/{id}"), "");
    assert_eq!(view.status, 200);
    (client.poll(&id).text.len(), view.text.len())
}

#[test]
fn no_reply_exceeds_a_mebibyte_and_one_that_comes_close_is_taken() {
    let path = "scripts[0].variants[0].steps";
    let plain = |last| playing(dearest(108, last));
    let longest = most_chars(plain);
    refused(&plain(longest + 1), path, &["bytes in one getSMS reply", "at most 1048576 are right"]);
    let shaped = replies().timestamps(vec![TimeStyle::Nanoseconds]).extra_field();
    for scenario in [plain(longest), plain(longest).replies(shaped)] {
        let (reply, view) = sizes(&start(frozen().scenario(scenario)));
        assert!(
            reply <= Scenario::MAX_REPLY_BYTES && reply > Scenario::MAX_REPLY_BYTES - 20_000,
            "{reply}"
        );
        assert!(view <= 2 * Scenario::MAX_REPLY_BYTES, "{view}");
    }
}

#[test]
fn duplicates_count_as_often_as_they_come() {
    let twice = |count: u64| {
        let first = steps().sms(seconds(1), sms().text(&DEAREST.repeat(1_600)));
        playing((2..=count).fold(first, |steps, at| steps.duplicate(seconds(at))))
    };
    let most = (1..200).take_while(|count| twice(*count).validate().is_ok()).last().expect("one");
    let (reply, _) = sizes(&start(frozen().scenario(twice(most))));
    assert!(
        reply <= Scenario::MAX_REPLY_BYTES && reply > Scenario::MAX_REPLY_BYTES - 30_000,
        "{reply}"
    );
    refused(&twice(most + 1), "scripts[0].variants[0].steps", &["getSMS reply"]);
}

#[test]
fn messages_sent_by_a_test_count_with_those_of_the_script() {
    let during = sms().text(&DEAREST.repeat(1_600));
    let scenario = playing(dearest(50, 1_600)).rental(rental().sms_during_cancel(during));
    let server = start(frozen().scenario(scenario));
    let (client, admin) = (Client::new(&server, "ci"), Admin::new(&server));
    let id = client.rent("US").rental_id();
    let path = format!("/sandboxes/ci/rentals/{id}/messages");
    let put = |chars: usize, after: &str| {
        let sms = json!({"sender": "", "text": DEAREST.repeat(chars), "after": after});
        admin.call("POST", &path, sms.to_string())
    };
    let mut put_in = 0;
    let refusal = loop {
        let answer = put(1_600, if put_in == 0 { "1ms" } else { "500s" });
        if answer.status != 201 {
            break answer.problem(409);
        }
        put_in += 1;
    };
    for said in [&*id, "bytes in one getSMS reply", "at most 1048576 are taken", "fewer or shorter"]
    {
        assert!(refusal.contains(said), "{refusal}");
    }
    assert!((50..60).contains(&put_in), "{put_in}");
    assert_eq!(client.cancel(&id).code(), "SMS_ALREADY_RECEIVED");
    put(1_600, "0s").problem(409);
    assert_eq!(put(1, "0s").status, 201, "a short one still fits");
    server.sandbox("ci").expect("it is there").clock().advance(seconds(600));
    let reply = client.poll(&id);
    assert_eq!(reply.texts().len(), 50 + put_in + 2);
    assert!(reply.text.len() <= Scenario::MAX_REPLY_BYTES, "{}", reply.text.len());
}

#[test]
fn the_fields_of_a_sent_message_have_bounds() {
    let server = start(frozen());
    let (client, admin) = (Client::new(&server, "ci"), Admin::new(&server));
    let path = format!("/sandboxes/ci/rentals/{}/messages", client.rent("US").rental_id());
    for (field, most) in [
        ("sender", Scenario::MAX_SMS_CHARS),
        ("text", Scenario::MAX_SMS_CHARS),
        ("expected_code", Scenario::MAX_EXPECTED_CODE_CHARS),
    ] {
        let put = |chars: usize| {
            let mut sms = json!({"text": "x"});
            sms[field] = Value::from("\u{e9}".repeat(chars));
            admin.call("POST", &path, sms.to_string())
        };
        assert_eq!(put(most).status, 201, "{field}");
        let says = put(most + 1).field(field);
        assert!(
            says.contains(&format!("has {} characters; at most {most} are", most + 1)),
            "{says}"
        );
    }
}

#[test]
fn a_scenario_of_900_kb_no_longer_brings_replies_of_900_mb() {
    let server = start(frozen());
    let steps: Vec<Value> = (0..999)
        .map(|at| match at {
            0 => json!({"after": 0, "action": {"sms": {"text": "x".repeat(900_000)}}}),
            _ => json!({"after": at, "action": "duplicate"}),
        })
        .collect();
    let scenario = json!({
        "name": "huge", "countries": [{"country": "US", "available": 1}],
        "scripts": [{"variants": [{"steps": steps}]}],
    });
    let answer =
        Admin::new(&server).call("PUT", "/sandboxes/ci", json!({"scenario": scenario}).to_string());
    let text = answer.field("scenario.scripts[0].variants[0].steps[0].action.sms.text");
    assert!(text.contains("900000 characters"), "{text}");
    let whole = answer.field("scenario.scripts[0].variants[0].steps");
    assert!(whole.contains("bytes in one getSMS reply"), "{whole}");
}

#[test]
fn the_bounds_in_the_guide_are_those_of_the_code() {
    let grouped = |number: usize| match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    };
    let table = [
        (
            "characters of an SMS once it is filled, and of its sender",
            grouped(Scenario::MAX_SMS_CHARS),
        ),
        (
            "bytes of the getSMS reply of one rental, including SMS added by a test",
            "1 MiB".to_owned(),
        ),
        (
            "countries, changes of stock, scripts, variants, steps, fault rules: each",
            grouped(Scenario::MAX_ENTRIES),
        ),
        ("listed numbers of all countries together", grouped(Scenario::MAX_LISTED_NUMBERS)),
    ];
    assert_eq!(Scenario::MAX_REPLY_BYTES, 1 << 20);
    let lines: String = table.iter().map(|(what, most)| format!("| {what} | {most} |\n")).collect();
    let right = format!("| what | at most |\n|---|---|\n{lines}");
    holds_in("docs/scenarios.md", "bounds", &right);
}

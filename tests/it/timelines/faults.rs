//! What a story tells of faults and of the shape of replies.

use ringer::bundled_scenarios as all;
use ringer::scenario::*;
use serde_json::Value;

/// The lines of a story below this title.
fn part<'a>(story: &'a str, title: &str) -> Vec<&'a str> {
    let lines = story.lines().skip_while(|line| *line != title).skip(1);
    lines.map_while(|line| line.strip_prefix("  ")).collect()
}

/// The words in which the story must tell of a rule, read off the plain data it is.
fn told_of(rule: &FaultRule) -> Vec<String> {
    let json = serde_json::to_value(rule).expect("plain data");
    let (when, what) = (&json["when"], &json["what"]);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let number = |value: &Value| value.as_u64().map(|n| n.to_string());
    let percent = |value: &Value| {
        value.as_f64().map(|part| format!("{} % of", (part * 1_000.0).round() / 10.0))
    };
    let endpoints = json["where"].as_array().expect("a list");
    let mut words: Vec<String> = match endpoints.len() {
        4 => vec!["every endpoint".into()],
        _ => endpoints.iter().filter_map(text).collect(),
    };
    words.extend(when["nth"].as_array().into_iter().flatten().map(|nth| format!("call {nth}")));
    words.extend(percent(&when["probability"]));
    words.extend([&when["from"], &when["until"]].into_iter().filter_map(text));
    words.extend([&what["error"], &what["fault"]].into_iter().filter_map(text));
    words.extend([&what["code"], &what["redirect"]].into_iter().filter_map(number));
    words.extend(what["body"].as_str().map(|body| match body {
        "html" => "with a web page".into(),
        "empty" => "without a body".into(),
        other => panic!("{other} is not bundled: say how it is told"),
    }));
    if let Some(limit) = what["rate_limit"].as_object() {
        words.push(format!("RATE_LIMITED beyond {} call", limit["max"]));
        words.extend(text(&limit["window"]).map(|window| format!("in {window}")));
        words.push(match limit["retry_after"].as_str() {
            Some("seconds") => "Retry-After in seconds".into(),
            Some("http_date") => "Retry-After as a date".into(),
            _ => "no Retry-After".into(),
        });
        words.extend((limit["per"] == "rental").then(|| "of a rental".into()));
        words.extend((limit["algorithm"] == "token_bucket").then(|| "token bucket".into()));
    }
    words.extend(percent(&what["fraction"]));
    words.extend(text(&what["over"]).map(|over| format!("over {over}")));
    let delay = &what["delay"];
    words.extend(text(delay).map(|fixed| format!("{fixed} later")));
    words.extend(text(&delay["uniform"][1]).map(|most| format!("to {most} later")));
    words.extend(text(&delay["lognormal"]["median"]).map(|median| format!("about {median} later")));
    words.extend((json["times"] == 1).then(|| "once".into()));
    words
}

#[test]
fn each_story_tells_every_fault_in_the_order_they_are_tried_with_all_that_is_to_know_of_it() {
    let mut seen = 0;
    for scenario in all() {
        let story = scenario.timeline();
        let told = part(&story, "Faults, tried in this order:");
        assert_eq!(told.len(), scenario.faults.len(), "{story}");
        for (rule, line) in scenario.faults.iter().zip(told) {
            for words in told_of(rule) {
                assert!(line.contains(&words), "{words:?} is not in {line:?}");
                seen += 1;
            }
            let is_committed = line.contains("after the call took effect");
            assert_eq!(
                is_committed,
                serde_json::to_value(rule).expect("it is plain data")["phase"] == "after",
                "{line:?}"
            );
        }
    }
    assert!(seen > 80, "only {seen} words were looked for");
}

#[test]
fn each_story_tells_every_way_in_which_replies_deviate() {
    let usual = serde_json::to_value(replies()).expect("plain data");
    let mut seen = 0;
    for scenario in all() {
        let story = scenario.timeline();
        let told = part(&story, "Replies:");
        let mut shape = serde_json::to_value(&scenario.shape).expect("plain data");
        let deviations = shape.as_object_mut().expect("an object");
        deviations.retain(|field, value| usual.get(field) != Some(value));
        assert_eq!(told.len(), deviations.len(), "{deviations:?} in\n{story}");
        for (field, value) in deviations {
            let words = match field.as_str() {
                "price_as_string" => "strings",
                "number_without_plus" => "no +",
                "messages" => "without messages",
                "newest_first" => "newest first",
                "timestamps" => "times are written like",
                "clock_skew" => "1m30s ahead of the clock",
                "errors_as_200" => "errors come with HTTP 200",
                "extra_field" => "an undocumented field",
                other => panic!("{other} is new: say how it is told"),
            };
            let line = told.iter().find(|line| line.contains(words));
            let line = line.unwrap_or_else(|| panic!("{words:?} is not in\n{story}"));
            let ways = value.as_array().map_or(1, Vec::len);
            assert_eq!(line.matches(", then ").count() + 1, ways, "each way: {line:?}");
            seen += 1;
        }
    }
    assert!(seen >= 8, "only {seen}: the library shows each deviation once");
}

#[test]
fn stories_of_faults_and_shapes_read_like_this() {
    let story =
        |name: &str| all().into_iter().find(|s| s.name == name).expect("bundled").timeline();
    for (name, line) in [
        (
            "rent-reply-lost",
            "rentNumber, call 1: CONNECTION_RESET_BY_PEER, after the call took effect",
        ),
        (
            "truncated-json",
            "getSMS, call 2: TRUNCATED_BODY after 50 % of the body, after the call took effect",
        ),
        ("cdn-html-error", "getSMS, call 2: 504 with a web page"),
        (
            "rate-limited",
            "getSMS: 429 RATE_LIMITED beyond 1 call of a rental in 2s, Retry-After as a date, once",
        ),
        (
            "maintenance-window",
            "every endpoint, from 30s to 1m30s after the start: 503 MAINTENANCE",
        ),
        ("redirect-post", "rentNumber, call 2: 308 to the same path"),
        (
            "slow-network",
            "every endpoint, 20 % of the calls: DRIBBLE over 2s, after the call took effect",
        ),
        ("flaky-soup", "rentNumber, 4 % of the calls: 409 NO_NUMBERS"),
        ("type-drift", "without messages, `messages` is null, then {}, then left out, and so on"),
        ("time-chaos", "times, the Date header included, are 1m30s ahead of the clock"),
    ] {
        let story = story(name);
        assert!(story.lines().any(|told| told.trim() == line), "{line:?} is not in\n{story}");
    }
    let story = story("sms-during-cancel");
    assert!(story.contains("cancelNumber brings the SMS of the terms and is refused\n"), "{story}");
}

use ringer::scenario::FieldError;
use ringer::scenario::*;
use serde_json::json;

use super::{plenty, says};
use crate::support::{frozen, panic_of};

fn problems(scenario: &Scenario) -> Vec<String> {
    let problems = scenario.validate().expect_err("it makes no sense");
    problems.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn one_problem(scenario: Scenario, path: &str, message: &str) {
    let problems = scenario.validate().expect_err("it makes no sense");
    let [FieldError { path: at, message: says }] = &problems[..] else {
        panic!("one problem is expected: {problems:?}")
    };
    assert_eq!(at, path);
    assert!(says.contains(message), "{says:?} does not say {message:?}");
}

#[test]
fn check_names_the_path_of_each_kind_of_problem_and_what_would_be_right() {
    let named = |name: &str| scenario(name).country(country(Country::US));
    for name in ["", "No", "a_b", "a b", &"x".repeat(65)] {
        one_problem(named(name), "name", "lower-case letters, digits and -");
    }
    one_problem(scenario("empty"), "countries", "add at least one country");
    one_problem(
        plenty().country(country(Country::US)),
        "countries[1].country",
        "US is offered twice",
    );
    let stock = country(Country::GB).set_at(seconds(1), 0).drain_at(seconds(2), 0);
    one_problem(plenty().country(stock), "countries[1].stock[1].change", "a count above 0");
    let stock = country(Country::GB).refill_at(seconds(2), 0);
    one_problem(plenty().country(stock), "countries[1].stock[0].change", "changes nothing");
    let twice = ["+12025550123", "+12025550123"];
    one_problem(
        plenty().country(country(Country::CA).numbers(Numbers::listed(twice))),
        "countries[1].numbers.listed[1]",
        "+12025550123 is listed twice",
    );
    one_problem(
        plenty().rental(rental().time_to_live(seconds(0))),
        "rental.time_to_live",
        "longer than 0s",
    );
    one_problem(plenty().rental(rental().max_active(0)), "rental.max_active", "1 or more");
    one_problem(plenty().clock(Clock::per_poll(seconds(0))), "clock.step", "use frozen");
}

#[test]
fn check_names_the_path_of_each_kind_of_problem_in_a_script() {
    one_problem(
        plenty().script(says("a")).script(says("b").for_country(Country::US)),
        "scripts[1]",
        "scripts[0] takes all its rentals",
    );
    one_problem(
        plenty().script(says("a").for_service("x")).script(says("b").for_service("x")),
        "scripts[1]",
        "never plays",
    );
    one_problem(
        plenty().script(Script::weighted([(0, steps())])),
        "scripts[0].variants",
        "a weight above 0",
    );
    one_problem(plenty().script(Script::weighted([])), "scripts[0].variants", "a weight above");
    let late = steps().sms(seconds(1_200), sms());
    one_problem(
        plenty().script(late.clone()),
        "scripts[0].variants[0].steps[0].after",
        "after the rental's life and grace",
    );
    let grace = rental().late_sms_grace(seconds(1));
    assert_eq!(plenty().rental(grace).script(late).validate(), Ok(()));
    one_problem(
        plenty().script(steps().duplicate(seconds(1)).sms(seconds(2), sms())),
        "scripts[0].variants[0].steps[0].action",
        "no SMS before it to repeat",
    );
    one_problem(
        plenty().script(Script::weighted([
            (1, says("a")),
            (1, steps().sms(seconds(1), sms().same_code())),
        ])),
        "scripts[0].variants[1].steps[0].action",
        "no SMS before it",
    );
    // The builder sorts; JSON can be out of order.
    let mut backwards = says("a").sms(seconds(9), sms());
    backwards.0.swap(0, 1);
    one_problem(
        plenty().script(backwards),
        "scripts[0].variants[0].steps[1]",
        "order them by time",
    );
}

#[test]
fn check_tells_all_problems_at_once_in_the_order_of_the_fields() {
    let scenario = scenario("Bad").rental(rental().max_active(0)).script(Script::weighted([]));
    let problems = problems(&scenario);
    let paths: Vec<&str> =
        problems.iter().filter_map(|problem| problem.split(": ").next()).collect();
    assert_eq!(paths, ["name", "countries", "rental.max_active", "scripts[0].variants"]);
}

#[test]
fn a_span_of_days_is_written_so_that_it_can_be_read_again() {
    for span in [seconds(86_400), minutes(3 * 24 * 60 + 1), millis(90_061_001), millis(0)] {
        assert_eq!(span.to_string().parse(), Ok(span), "{span}");
    }
    assert_eq!(seconds(90_061).to_string(), "25h1m1s");
}

#[test]
fn a_server_refuses_to_start_on_a_scenario_that_makes_no_sense() {
    let refused = frozen().scenario(scenario("empty")).start().expect_err("it makes no sense");
    let message = refused.to_string();
    assert!(message.contains("\"empty\"") && message.contains("countries:"), "{message}");
}

#[test]
fn a_mistake_in_the_text_of_a_scenario_panics_with_what_would_be_right() {
    let text = |text: &'static str| panic_of(move || sms().text(text));
    let message = text("Your code is {kode}");
    assert!(message.starts_with("text(\"Your code is {kode}\"): {kode} is not a placeholder"));
    for placeholder in ["{code}", "{code:0..3}", "{service}", "{number}", "{{"] {
        assert!(message.contains(placeholder), "{placeholder} in {message}");
    }
    assert!(text("{code:3..3}").contains("{code:3..3} is not a placeholder"));
    assert!(text("{code:a..}").contains("is not a placeholder"));
    assert!(text("{code").contains("{code is never closed"), "{}", text("{code"));
    assert!(text("code}").contains("write }} for a brace"));

    assert!(panic_of(|| sms().code("")).contains("1 to 32 characters, not 0"));
    assert!(panic_of(|| sms().code(&"#".repeat(33))).contains("not 33"));
    assert!(panic_of(|| steps().for_service(" ")).contains("name a platform"));
    assert!(
        panic_of(|| Timestamp::at("2026-13-01T00:00:00Z"))
            .starts_with("Timestamp::at: \"2026-13-01")
    );
    assert!(panic_of(|| Numbers::listed(["4155552671"])).contains("+12025550123"));
}

#[test]
fn a_part_of_a_code_begins_within_it() {
    let path = "scripts[0].variants[0].steps[0].action.sms.text";
    let shows = |text| plenty().script(steps().sms(seconds(1), sms().text(text).code("###-##")));
    for text in ["{code:0..3}", "{code:5..}", "{code:..6}", "{code:3..99}"] {
        assert_eq!(shows(text).validate(), Ok(()), "{text}");
    }
    let says = "{code:9..12} shows nothing of a code \"###-##\", which has 6 characters; \
                {code:0..6} is all of it";
    one_problem(shows("{code:9..12}"), path, says);
    one_problem(shows("{code:6..}"), path, "{code:6..} shows nothing");
    // A code that is carried on is as long as the first.
    let carried = steps()
        .sms(seconds(1), sms().code("####"))
        .sms(seconds(2), sms().text("{code:4..}").same_code());
    let path = "scripts[0].variants[0].steps[1].action.sms.text";
    one_problem(plenty().script(carried), path, "which has 4");
    let at_cancel = rental().sms_during_cancel(sms().text("{code:6..}"));
    one_problem(plenty().rental(at_cancel), "rental.sms_during_cancel.text", "which has 6");
}

#[test]
fn a_list_in_place_of_an_object_is_refused_where_it_stands() {
    let right = r#"{"name": "mine", "countries": [{"country": "DE", "stock": [{"at": "1s", "change": {"set": 2}}]}],
        "scripts": [{"variants": [{"steps": [{"after": "8s", "action": {"sms": {"text": "{code}"}}}]}]}],
        "faults": [{"where": ["getSMS"], "what": {"error": "MAINTENANCE"}}],
        "expects": [{"event": "expiry"}]}"#;
    let right: serde_json::Value = serde_json::from_str(right).expect("it is JSON");
    assert!(Scenario::from_json(&right.to_string()).is_ok());
    for (path, fields) in [
        ("countries[0]", json!(["DE", 7, 0.08])),
        ("countries[0].stock[0]", json!(["1s", {"set": 2}])),
        ("scripts[0]", json!([null, null, []])),
        ("scripts[0].variants[0]", json!([1, []])),
        ("scripts[0].variants[0].steps[0]", json!(["8s", "expire"])),
        ("scripts[0].variants[0].steps[0].action.sms", json!([null, null])),
        ("faults[0]", json!([["getSMS"], {"error": "MAINTENANCE"}])),
        ("expects[0]", json!(["getSMS"])),
    ] {
        let mut wrong = right.clone();
        let pointer =
            format!("/{}", path.replace("].", "/").replace(['[', '.'], "/").replace(']', ""));
        *wrong.pointer_mut(&pointer).expect("it is there") = fields;
        let problems = Scenario::from_json(&wrong.to_string()).expect_err(path);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].path, path);
        assert!(problems[0].message.starts_with("invalid type: list, expected"), "{problems:?}");
    }
}

//! Rules, shapes and scenarios as JSON: what is wrong is named with its path, what was received and
//! what would be right.

use ringer::scenario::FieldError;
use ringer::scenario::*;

use crate::support::panic_of;

#[track_caller]
fn wrong(json: &str, problem: &FieldError, path: &str, says: &[&str]) {
    assert_eq!(problem.path, path, "{json}: {problem}");
    for said in says {
        assert!(problem.message.contains(said), "{said:?} in {problem}, of {json}");
    }
    // Words of Rust that help nobody.
    for word in ["struct ", "u16", "u32", "f64", "sequence", "Fields"] {
        assert!(!problem.message.contains(word), "{word:?} in {problem}, of {json}");
    }
}

/// What is wrong with the text of a `what`.
#[track_caller]
fn what(what: &str, path: &str, says: &[&str]) {
    rule(&format!(r#"{{"where":["getSMS"],"what":{what}}}"#), path, says);
}

/// What is wrong with the text of a `when`.
#[track_caller]
fn when(when: &str, path: &str, says: &[&str]) {
    let json = format!(r#"{{"where":["getSMS"],"what":{{"fault":"HANG"}},"when":{when}}}"#);
    rule(&json, path, says);
}

#[track_caller]
fn rule(json: &str, path: &str, says: &[&str]) {
    let problem = FaultRule::from_json(json).expect_err(json);
    wrong(json, &problem, path, says);
}

#[track_caller]
fn in_scenario(field: &str, path: &str, says: &[&str]) {
    let json = format!(r#"{{"name":"x","countries":[{{"country":"US"}}],{field}}}"#);
    let problems = Scenario::from_json(&json).expect_err(&json);
    assert_eq!(problems.len(), 1, "{problems:?}");
    wrong(&json, &problems[0], path, says);
}

#[test]
fn a_wrong_effect_is_named_with_what_would_be_right() {
    what("{}", "what", &["is empty", "error, code, redirect, rate_limit, fault, delay"]);
    what(r#""HANG""#, "what", &["\"HANG\"", "an object such as {\"error\": \"MAINTENANCE\"}"]);
    what(r#"{"eror":"NO_NUMBERS"}"#, "what.eror", &["`eror`", "did you mean `error`?"]);
    what(r#"{"error":"NO_NUMBER"}"#, "what.error", &["\"NO_NUMBER\"", "mean NO_NUMBERS?"]);
    what(r#"{"error":"?"}"#, "what.error", &["there are MISSING_API_KEY", "GATEWAY_TIMEOUT"]);
    for code in ["99", "199", "600", "70000", "-1", "\"503\"", "50.3"] {
        let received = code.trim_matches('"');
        what(&format!("{{\"code\":{code}}}"), "what.code", &[received, "200 to 599", "503"]);
    }
    what(r#"{"code":204}"#, "what.body", &["status 204 has none", "\"empty\""]);
    what(r#"{"code":503,"body":"htm"}"#, "what.body", &["\"htm\"", "did you mean html?"]);
    what(r#"{"body":"html"}"#, "what.body", &["goes with code", "add \"code\": 503"]);
    what(r#"{"redirect":302}"#, "what.redirect", &["302", "301, 307 and 308"]);
    what(r#"{"redirect":"301"}"#, "what.redirect", &["string \"301\"", "301, 307 and 308"]);
    what(r#"{"error":"NO_NUMBERS","code":503}"#, "what", &["error and code", "a rule of each"]);
    what(r#"{"redirect":301,"fault":"HANG"}"#, "what", &["redirect and fault", "a rule of each"]);
    for name in ["CONNECTION_REFUSED", "connection_refused"] {
        let json = format!(r#"{{"fault":"{name}"}}"#);
        what(
            &json,
            "what.fault",
            &["before anyone can see whose it is", "CONNECTION_RESET_BY_PEER"],
        );
    }
    what(r#"{"fault":"HANGS"}"#, "what.fault", &["\"HANGS\"", "did you mean HANG?"]);
    for fraction in ["0", "1", "1.5", "-1", "\"half\""] {
        let json = format!(r#"{{"fault":"TRUNCATED_BODY","fraction":{fraction}}}"#);
        let received = fraction.trim_matches('"');
        what(&json, "what.fraction", &[received, "above 0 and below 1", "such as 0.5"]);
    }
    for json in [r#"{"fault":"HANG","fraction":0.5}"#, r#"{"delay":"1s","fraction":0.5}"#] {
        what(json, "what.fraction", &["goes with TRUNCATED_BODY only", "leave it out"]);
    }
    what(r#"{"fault":"TRUNCATED_BODY","over":"2s"}"#, "what.over", &["goes with DRIBBLE only"]);
    what(r#"{"fault":"DRIBBLE","over":"0s"}"#, "what.over", &["is 0s", "above 0", "\"5s\""]);
}

#[test]
fn a_wrong_delay_or_rate_limit_is_named_with_what_would_be_right() {
    for (span, received) in [("\"-1s\"", "\"-1s\""), ("-1", "\"-1\""), ("\"soon\"", "\"soon\"")] {
        what(&format!("{{\"delay\":{span}}}"), "what.delay", &[received, "\"45s\""]);
    }
    what(r#"{"delay":"2h"}"#, "what.delay", &["2h is too long", "at most 1h", "HANG"]);
    for (delay, right) in [("2000", "\"2000ms\" or \"2000s\""), ("60.5", "\"60.5ms\" or \"60.5s\"")]
    {
        for path in [
            r#"{"delay":N}"#,
            r#"{"delay":{"uniform":[0,N]}}"#,
            r#"{"delay":{"lognormal":{"median":N,"sigma":1}}}"#,
            r#"{"fault":"DRIBBLE","over":N}"#,
        ] {
            let (json, text) =
                (path.replace('N', delay), path.replace('N', &format!("\"{delay}\"")));
            let place = match path {
                p if p.contains("uniform") => "what.delay.uniform[1]",
                p if p.contains("median") => "what.delay.lognormal.median",
                p if p.contains("over") => "what.over",
                _ => "what.delay",
            };
            what(&json, place, &["milliseconds or seconds", right]);
            what(&text, place, &[right]);
        }
    }
    what(r#"{"delay":7200}"#, "what.delay", &["write \"7200ms\""]);
    what(r#"{"delay":1e9}"#, "what.delay", &["at most 1h"]);
    what(r#"{"delay":true}"#, "what.delay", &["`true`", "\"2s\"", "uniform", "lognormal"]);
    what(r#"{"delay":{}}"#, "what.delay", &["\"2s\"", "uniform", "lognormal"]);
    what(r#"{"delay":{"unifrom":[]}}"#, "what.delay", &["`unifrom`", "did you mean `uniform`?"]);
    let uniform = |spans: &str, says: &[&str]| {
        what(&format!(r#"{{"delay":{{"uniform":{spans}}}}}"#), "what.delay.uniform", says);
    };
    uniform(r#"["2s","1s"]"#, &["1s is shorter than 2s", "the shorter one first"]);
    uniform(r#"["1s","2s","3s"]"#, &["length 3", "[\"100ms\", \"2s\"]"]);
    uniform(r#""1s""#, &["\"1s\"", "[\"100ms\", \"2s\"]"]);
    for sigma in ["9", "-1", "\"wide\""] {
        let json = format!(r#"{{"delay":{{"lognormal":{{"median":"1s","sigma":{sigma}}}}}}}"#);
        let received = sigma.trim_matches('"');
        what(&json, "what.delay.lognormal.sigma", &[received, "0 to 3", "such as 0.5"]);
    }
    let limit = |rest: &str, path: &str, says: &[&str]| {
        let json = format!(r#"{{"rate_limit":{{"max":1,"window":"2s",{rest}}}}}"#);
        what(&json, &format!("what.rate_limit{path}"), says);
    };
    limit(r#""algorithm":"tokn_bucket""#, ".algorithm", &["did you mean token_bucket?"]);
    limit(r#""retry_after":"date""#, ".retry_after", &["\"date\"", "http_date"]);
    limit(r#""per":"key""#, ".per", &["\"key\"", "sandbox, rental"]);
    limit(r#""windw":"2s""#, ".windw", &["`windw`", "did you mean `window`?"]);
    for (max, window) in [("0", "\"2s\""), ("-1", "\"2s\""), ("1.5", "\"2s\"")] {
        let json = format!(r#"{{"rate_limit":{{"max":{max},"window":{window}}}}}"#);
        what(&json, "what.rate_limit.max", &[max, "1 or more"]);
    }
    let json = r#"{"rate_limit":{"max":1,"window":"0s"}}"#;
    what(json, "what.rate_limit.window", &["0s", "above 0", "\"2s\""]);
    what(r#"{"rate_limit":{"max":1}}"#, "what.rate_limit.window", &["`window` is missing"]);
    what(r#"{"rate_limit":1}"#, "what.rate_limit", &["`1`", "{\"max\": 1, \"window\": \"2s\"}"]);
}

#[test]
fn a_wrong_trigger_is_named_with_what_would_be_right() {
    for probability in ["1.2", "-0.1", "\"x\""] {
        let json = format!("{{\"probability\":{probability}}}");
        let received = probability.trim_matches('"');
        when(&json, "when.probability", &[received, "0 to 1", "such as 0.3"]);
    }
    when(r#"{"contry":"DE"}"#, "when.contry", &["`contry`", "did you mean `country`?"]);
    when(r#"{"country":"USA"}"#, "when.country", &["\"USA\"", "did you mean US"]);
    when(r#"{"service":" "}"#, "when.service", &["is empty", "such as telegram"]);
    when(r#"{"nth":[]}"#, "when.nth", &["is empty", "such as [1]"]);
    when(r#"{"nth":1}"#, "when.nth", &["`1`", "such as [1, 3]"]);
    for nth in ["0", "-1", "1.5", "\"first\""] {
        let received = nth.trim_matches('"');
        for field in ["nth", "nth_of_rental"] {
            let json = format!("{{\"{field}\":[2,{nth}]}}");
            when(&json, &format!("when.{field}[1]"), &[received, "1 or more"]);
        }
    }
    when(r#"{"from":"30s","until":"20s"}"#, "when.until", &["20s is not after from 30s", "later"]);
    when(r#"{"from":"30s","until":"30s"}"#, "when.until", &["a later until"]);
    when(r#"{"until":0}"#, "when.until", &["0s is not after from 0s"]);
    when(r#"{"from":"soon"}"#, "when.from", &["\"soon\" is not a duration", "\"1m30s\""]);
    when("7", "when", &["`7`", "{\"nth\": [1]}"]);
}

#[test]
fn a_wrong_rule_is_named_with_what_would_be_right() {
    let hang = r#""what":{"fault":"HANG"}"#;
    let at_get_sms = |rest: &str| format!(r#"{{"where":["getSMS"],{hang},{rest}}}"#);
    rule(&format!("{{{hang}}}"), "where", &["`where` is missing"]);
    rule(r#"{"where":["getSMS"]}"#, "what", &["`what` is missing"]);
    rule(&format!(r#"{{"where":[],{hang}}}"#), "where", &["names no endpoint", "getNumbers, rent"]);
    let json = format!(r#"{{"where":["getSMS","rentNumbers"],{hang}}}"#);
    rule(&json, "where[1]", &["\"rentNumbers\"", "did you mean rentNumber?"]);
    rule(&format!(r#"{{"where":"getSMS",{hang}}}"#), "where", &["[\"rentNumber\", \"getSMS\"]"]);
    rule(&at_get_sms(r#""times":0"#), "times", &["0 is too few", "1 or more"]);
    rule(&at_get_sms(r#""times":"twice""#), "times", &["\"twice\"", "1 or more"]);
    rule(&at_get_sms(r#""ttl":"0s""#), "ttl", &["0s is no time", "above 0", "\"2s\""]);
    rule(&at_get_sms(r#""phase":"aftr""#), "phase", &["\"aftr\"", "did you mean after?"]);
    rule(&at_get_sms(r#""phase":3"#), "phase", &["`3`", "a phase, such as \"before\""]);
    what(r#"{"code":503,"body":true}"#, "what.body", &["a kind of body, such as \"json\""]);
    rule(&at_get_sms(r#""tims":1"#), "tims", &["`tims`", "did you mean `times`?"]);
    for json in ["7", "[]", "\"x\""] {
        rule(json, ".", &["{\"where\": [\"getSMS\"], \"what\": {\"error\": \"MAINTENANCE\"}}"]);
    }
    rule(&at_get_sms("}"), ".", &["at line 1 column"]);
    rule(r#"{"where":["#, ".", &["EOF", "at line 1 column"]);
    let json = format!(r#"{{"where":["getNumbers"],"when":{{"service":"x"}},{hang}}}"#);
    rule(&json, "when.service", &["can never hold", "getNumbers"]);
    let limit = r#""what":{"rate_limit":{"max":1,"window":"2s","per":"rental"}}"#;
    let json = format!(r#"{{"where":["rentNumber"],{limit}}}"#);
    rule(&json, "what.rate_limit.per", &["is rental", "add getSMS or cancelNumber"]);
    let path = "faults[0].what.rate_limit.per";
    in_scenario(&format!(r#""faults":[{json}]"#), path, &["add getSMS or cancelNumber"]);
    let second = r#""faults":[{"where":["getSMS"],"what":{"fault":"HANG"}},{"where":["x"]}]"#;
    in_scenario(
        second,
        "faults[1].where[0]",
        &["\"x\" is not an endpoint", "there are getNumbers"],
    );
}

#[test]
fn a_wrong_shape_is_named_with_what_would_be_right() {
    let shape = |fields: &str, path: &str, says: &[&str]| {
        in_scenario(&format!(r#""shape":{{{fields}}}"#), &format!("shape.{path}"), says);
    };
    shape(r#""messages":[]"#, "messages", &["is empty", "at least one"]);
    shape(r#""messages":"null""#, "messages", &["\"null\"", "a list"]);
    shape(r#""messages":["null","nil"]"#, "messages[1]", &["\"nil\"", "array, null"]);
    shape(r#""timestamps":[]"#, "timestamps", &["is empty", "at least one"]);
    shape(r#""timestamps":["niave"]"#, "timestamps[0]", &["\"niave\"", "did you mean naive?"]);
    for skew in ["\"x\"", "\"--1s\"", "\"-\"", "true"] {
        shape(
            &format!("\"clock_skew\":{skew}"),
            "clock_skew",
            &["a duration", "number of seconds"],
        );
    }
    shape(r#""price_as_strings":true"#, "price_as_strings", &["did you mean `price_as_string`?"]);
    in_scenario(r#""shape":7"#, "shape", &["`7`", "{\"price_as_string\": true}"]);
    in_scenario(r#""shapes":{}"#, "shapes", &["`shapes`", "did you mean `shape`?"]);
    in_scenario(r#""rental":{"max_active":-1}"#, "rental.max_active", &["`-1`", "0 or more"]);
}

#[test]
fn the_builder_refuses_the_same_and_says_what_would_be_right() {
    let made = |make: fn() -> FaultRule| panic_of(make);
    for (message, said) in [
        (made(|| fault([], Effect::hang())), "at least one of getNumbers, rentNumber"),
        (
            made(|| fault([Endpoint::GetSms], Effect::hang()).probability(1.2)),
            "probability: 1.2 is not",
        ),
        (made(|| fault([Endpoint::GetSms], Effect::hang()).probability(-0.1)), "0 is never"),
        (
            made(|| fault([Endpoint::GetSms], Effect::hang()).probability(f64::NAN)),
            "0 to 1 is right",
        ),
        (made(|| fault([Endpoint::GetSms], Effect::hang()).nth([])), "such as [1]"),
        (
            made(|| fault([Endpoint::GetSms], Effect::hang()).nth([0])),
            "nth: holds 0; the first is 1",
        ),
        (
            made(|| fault([Endpoint::GetSms], Effect::hang()).nth_of_rental([2, 0])),
            "the first is 1",
        ),
        (made(|| fault([Endpoint::GetSms], Effect::hang()).service(" ")), "such as telegram"),
        (
            made(|| fault([Endpoint::GetSms], Effect::hang()).until(seconds(5)).from(seconds(5))),
            "a later until",
        ),
        (
            made(|| fault([Endpoint::GetSms], Effect::hang()).from(seconds(9)).until(seconds(5))),
            "a later until",
        ),
        (
            made(|| fault([Endpoint::GetSms], Effect::hang()).times(0)),
            "times: 0 is too few; 1 or more",
        ),
        (
            made(|| fault([Endpoint::GetSms], Effect::hang()).ttl(seconds(0))),
            "ttl: 0s is no time at all",
        ),
        (made(|| fault([Endpoint::GetSms], Effect::truncated_body(0.0))), "above 0 and below 1"),
        (
            made(|| fault([Endpoint::GetSms], Effect::truncated_body(1.0))),
            "Effect::truncated_body(1): 1 is not a part",
        ),
        (made(|| fault([Endpoint::GetSms], Effect::dribble(real_millis(0)))), "above 0 is right"),
        (
            made(|| fault([Endpoint::GetSms], Effect::status(99, BodyKind::Json))),
            "200 to 599 is right",
        ),
        (made(|| fault([Endpoint::GetSms], Effect::status(304, BodyKind::Html))), "use \"empty\""),
        (
            made(|| fault([Endpoint::GetSms], rate_limit(0, seconds(2)))),
            "rate_limit(0, 2s): 0 is too few",
        ),
        (made(|| fault([Endpoint::GetSms], rate_limit(1, seconds(0)))), "0s is no time at all"),
    ] {
        assert!(message.contains(said), "{said:?} in {message:?}");
    }
    let reversed = panic_of(|| Delay::uniform(real_seconds(2), real_seconds(1)));
    assert!(reversed.contains("1s is shorter than 2s"), "{reversed}");
    assert!(panic_of(|| Delay::lognormal(real_seconds(1), 9.0)).contains("0 to 3 is right"));
    assert!(panic_of(|| replies().no_messages([])).contains("name at least one"));
    assert!(panic_of(|| replies().timestamps([])).contains("name at least one"));
    let never = fault([Endpoint::GetNumbers], Effect::hang()).service("x");
    let over = fault([Endpoint::GetSms], Effect::hang()).from(seconds(90)).ttl(seconds(60));
    let still = fault([Endpoint::GetSms], Effect::delay(real_millis(0)));
    let scenario =
        scenario("never").country(country(Country::US)).fault(never).fault(over).fault(still);
    let problems = scenario.validate().expect_err("they can never strike");
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["faults[0].when.service", "faults[1].ttl", "faults[2].what.delay"]);
}

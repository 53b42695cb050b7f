//! Rules and shapes as JSON: what is written comes back as it was.

use ringer::scenario::*;

/// Reads it, writes it, and reads that.
#[track_caller]
fn comes_back(rule: &FaultRule) -> String {
    let written = serde_json::to_string(rule).expect("it is JSON");
    assert_eq!(FaultRule::from_json(&written).as_ref(), Ok(rule), "{written}");
    written
}

#[test]
fn every_effect_comes_back_from_json_as_it_was() {
    let limit = || rate_limit(1, seconds(2));
    let effects = ErrorCode::ALL.map(Effect::error).into_iter().chain([
        Effect::status(503, BodyKind::Json),
        Effect::status(502, BodyKind::Html),
        Effect::status(204, BodyKind::Empty),
        Effect::redirect(Redirect::MovedPermanently),
        Effect::redirect(Redirect::Temporary),
        Effect::redirect(Redirect::Permanent),
        limit().into(),
        limit().token_bucket().per_rental().retry_after(RetryAfterForm::HttpDate).into(),
        limit().retry_after(RetryAfterForm::None).into(),
        Effect::empty_response(),
        Effect::malformed_response_chunk(),
        Effect::random_data_then_close(),
        Effect::connection_reset_by_peer(),
        Effect::truncated_body(0.25),
        Effect::dribble(real_millis(2_500)),
        Effect::hang(),
        Effect::delay(real_seconds(2)),
        Effect::delay(Delay::uniform(real_millis(100), real_seconds(2))),
        Effect::delay(Delay::lognormal(real_millis(200), 0.5)),
    ]);
    for effect in effects {
        comes_back(&fault([Endpoint::GetSms], effect));
        comes_back(&fault([Endpoint::GetSms], effect.delayed(real_millis(1))));
    }
}

#[test]
fn every_trigger_comes_back_from_json_as_it_was_and_is_written_as_documented() {
    let rule =
        fault([Endpoint::RentNumber], Effect::error(ErrorCode::NoNumbers).delayed(real_seconds(2)))
            .country(Country::DE)
            .service("telegram")
            .nth([1, 2])
            .nth_of_rental([3])
            .probability(0.3)
            .from(seconds(30))
            .until(seconds(90))
            .phase(Phase::After)
            .times(2)
            .ttl(minutes(1));
    let written = concat!(
        r#"{"where":["rentNumber"],"when":{"country":"DE","service":"telegram","#,
        r#""nth":[1,2],"nth_of_rental":[3],"probability":0.3,"from":"30s","until":"1m30s"},"#,
        r#""what":{"error":"NO_NUMBERS","delay":"2s"},"phase":"after","times":2,"ttl":"1m"}"#
    );
    assert_eq!(comes_back(&rule), written);
    for endpoint in Endpoint::ALL {
        comes_back(&fault([endpoint], Effect::hang()));
    }
    let short = r#"{"where": ["getSMS"], "what": {"delay": 1.5}}"#;
    let rule = fault([Endpoint::GetSms], Effect::delay(real_millis(1_500)));
    assert_eq!(FaultRule::from_json(short), Ok(rule), "a number is seconds; the rest is as usual");
}

#[test]
fn every_shape_comes_back_from_json_as_it_was() {
    use NoMessages::{Absent, Array, Null, Object};
    use TimeStyle::{Naive, Nanoseconds, Offset, Utc};
    for shape in [
        replies(),
        replies().price_as_string(),
        replies().number_without_plus(),
        replies().no_messages([Array, Null, Object, Absent]),
        replies().newest_first(),
        replies().timestamps([Naive, Utc, Nanoseconds, Offset]),
        replies().clock_skew(Skew::ahead(millis(90_500))),
        replies().clock_skew(Skew::behind(seconds(90))),
        replies().clock_skew(Skew::behind(seconds(0))),
        replies().errors_as_200(),
        replies().extra_field(),
    ] {
        let scenario = scenario("shaped").country(country(Country::US)).replies(shape);
        let written = serde_json::to_string(&scenario).expect("it is JSON");
        assert_eq!(Scenario::from_json(&written).as_ref(), Ok(&scenario), "{written}");
    }
    for (skew, meant) in [("90", Skew::ahead(seconds(90))), ("-1.5", Skew::behind(millis(1_500)))] {
        let read: Skew = serde_json::from_str(skew).expect("it is a skew");
        assert_eq!(read, meant, "a number is seconds");
    }
}

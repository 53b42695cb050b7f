//! A little of everything that goes wrong, dealt out by the seed.

use ringer::scenario::*;

/// Each fault is rare; together they are not. Another `--seed` is another soup.
#[must_use]
pub(crate) fn flaky_soup() -> Scenario {
    let now_and_then = |what: Effect| fault(Endpoints::ALL, what).probability(0.025);
    let at_rentals = |what: Effect| fault([Endpoint::RentNumber], what).probability(0.04);
    let spoilt = |what: Effect| now_and_then(what).phase(Phase::After);
    scenario("flaky-soup")
        .summary(
            "a mix of all of it by the seed: errors, web pages, lost and spoilt replies, delays",
        )
        .catches("whatever only happens together")
        .countries(usual_countries())
        .fault(now_and_then(Effect::error(ErrorCode::InternalError)))
        .fault(now_and_then(Effect::error(ErrorCode::Maintenance)))
        .fault(now_and_then(Effect::error(ErrorCode::RateLimited)))
        .fault(now_and_then(Effect::status(502, BodyKind::Html)))
        .fault(now_and_then(Effect::status(504, BodyKind::Empty)))
        .fault(
            fault([Endpoint::CancelNumber], Effect::error(ErrorCode::EarlyCancelDenied))
                .probability(0.2),
        )
        .fault(at_rentals(Effect::error(ErrorCode::NoNumbers)))
        .fault(at_rentals(Effect::redirect(Redirect::MovedPermanently)))
        .fault(at_rentals(Effect::redirect(Redirect::Temporary)))
        .fault(now_and_then(Effect::connection_reset_by_peer()))
        .fault(spoilt(Effect::connection_reset_by_peer()))
        .fault(spoilt(Effect::empty_response()))
        .fault(spoilt(Effect::random_data_then_close()))
        .fault(spoilt(Effect::truncated_body(0.6)))
        .fault(spoilt(Effect::malformed_response_chunk()))
        .fault(spoilt(Effect::dribble(real_millis(200))))
        .fault(fault([Endpoint::GetSms], rate_limit(1, seconds(1)).token_bucket().per_rental()))
        .fault(fault(
            Endpoints::ALL,
            Effect::delay(Delay::uniform(real_millis(0), real_millis(20))),
        ))
        .replies(
            replies()
                .no_messages([NoMessages::Array, NoMessages::Null, NoMessages::Absent])
                .timestamps([TimeStyle::Utc, TimeStyle::Offset, TimeStyle::Nanoseconds])
                .extra_field(),
        )
        .script(Script::weighted([
            (4, steps().sms(seconds(8), sms())),
            (2, steps().sms(seconds(6), sms().decoy()).sms(seconds(14), sms())),
            (2, steps().sms(seconds(8), sms()).duplicate(seconds(9))),
            (1, steps().sms(seconds(95), sms())),
            (1, steps()),
        ]))
}

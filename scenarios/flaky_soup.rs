//! A little of everything that can go wrong, drawn by the seed.

use ringer::scenario::*;

/// Each fault is rare; together they are not. Another `--seed` is another soup.
pub(crate) fn flaky_soup() -> Scenario {
    let now_and_then = |what: Effect| fault(Endpoints::ALL, what).probability(0.025);
    let at_rentals = |what: Effect| fault([Endpoint::RentNumber], what).probability(0.04);
    let damaged = |what: Effect| now_and_then(what).phase(Phase::After);
    scenario("flaky-soup")
        .summary("a mix drawn by the seed: errors, web pages, lost and damaged replies, delays")
        .catches("bugs that only show when faults combine")
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
        .fault(damaged(Effect::connection_reset_by_peer()))
        .fault(damaged(Effect::empty_response()))
        .fault(damaged(Effect::random_data_then_close()))
        .fault(damaged(Effect::truncated_body(0.6)))
        .fault(damaged(Effect::malformed_response_chunk()))
        .fault(damaged(Effect::dribble(real_millis(200))))
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
        .expects(Milestone::fault().hint("make more calls, or take another seed"))
}

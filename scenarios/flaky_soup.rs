//! A little of everything that goes wrong, dealt out by the seed.

use ringer::scenario::*;

/// Each fault is rare; together they are not. Another `--seed` is another soup.
#[must_use]
pub fn flaky_soup() -> Scenario {
    let reads = [GetNumbers, GetSms];
    let now_and_then = |where_: Endpoints, what: Effect| fault(where_, what).probability(0.04);
    scenario("flaky-soup")
        .summary(
            "a mix of all of it by the seed: errors, web pages, lost and spoilt replies, delays",
        )
        .catches("whatever only happens together")
        .countries(usual_countries())
        .rental(rental().early_cancel_denied(seconds(20)))
        .fault(now_and_then(Endpoints::ALL, error(ErrorCode::InternalError)))
        .fault(now_and_then(Endpoints::ALL, error(ErrorCode::Maintenance)))
        .fault(now_and_then(Endpoints::ALL, status(502, BodyKind::Html)))
        .fault(now_and_then([RentNumber].into(), error(ErrorCode::NoNumbers)))
        .fault(now_and_then([RentNumber].into(), redirect(Redirect::Temporary)))
        .fault(now_and_then(Endpoints::ALL, connection_reset_by_peer()))
        .fault(now_and_then(Endpoints::ALL, connection_reset_by_peer()).phase(Phase::After))
        .fault(now_and_then(Endpoints::ALL, truncated_body(0.6)).phase(Phase::After))
        .fault(now_and_then(reads.into(), malformed_response_chunk()).phase(Phase::After))
        .fault(now_and_then(reads.into(), empty_response()))
        .fault(fault([GetSms], rate_limit(1, seconds(1)).token_bucket().per_rental()))
        .fault(fault(Endpoints::ALL, delay(Delay::uniform(real_millis(0), real_millis(40)))))
        .script(Script::weighted([
            (4, steps().sms(seconds(8), sms())),
            (2, steps().sms(seconds(6), sms().decoy()).sms(seconds(14), sms())),
            (2, steps().sms(seconds(8), sms()).duplicate(seconds(9))),
            (1, steps().sms(seconds(95), sms())),
            (1, steps()),
        ]))
}

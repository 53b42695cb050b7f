//! A limit on polls, announced in every way that HTTP allows.

use ringer::scenario::*;

/// One poll of a rental in 2 s. The first refusal gives the wait in seconds, the second as a date,
/// later ones not at all. A step of a per_poll clock may be longer than 2 s, so under such a clock
/// the second poll of each rental is refused.
pub(crate) fn rate_limited() -> Scenario {
    let limit = || rate_limit(1, seconds(2)).per_rental();
    let refuse = |form| fault([Endpoint::GetSms], limit().retry_after(form));
    scenario("rate-limited")
        .summary("more than 1 poll of a rental in 2 s is 429; Retry-After as seconds, date, none")
        .catches("a client that hammers the server, or reads only one form of Retry-After")
        .countries(usual_countries())
        .fault(refuse(RetryAfterForm::Seconds).times(1))
        .fault(refuse(RetryAfterForm::HttpDate).times(1))
        .fault(refuse(RetryAfterForm::None))
        .fault(
            fault([Endpoint::GetSms], Effect::error(ErrorCode::RateLimited))
                .nth_of_rental([2])
                .under(ClockMode::PerPoll),
        )
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::refusal(Endpoint::GetSms, ErrorCode::RateLimited)
                .hint("poll a rental twice within 2 s, or twice under per_poll"),
        )
}

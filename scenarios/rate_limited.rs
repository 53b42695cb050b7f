//! A limit on polls, told in every way that HTTP allows.

use ringer::scenario::*;

/// One poll of a rental in 2 s. The first refusal tells the wait in seconds, the second as a date,
/// all others not at all.
#[must_use]
pub(crate) fn rate_limited() -> Scenario {
    let limit = || rate_limit(1, seconds(2)).per_rental();
    let told = |form| fault([Endpoint::GetSms], limit().retry_after(form));
    scenario("rate-limited")
        .summary("more than 1 poll of a rental in 2 s is 429; Retry-After as seconds, date, none")
        .catches("a client that hammers, or reads Retry-After in one form only")
        .countries(usual_countries())
        .fault(told(RetryAfterForm::Seconds).times(1))
        .fault(told(RetryAfterForm::HttpDate).times(1))
        .fault(told(RetryAfterForm::None))
        .script(steps().sms(seconds(8), sms()))
}

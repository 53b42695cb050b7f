//! Errors that look like success to a client that reads only the status.

use ringer::scenario::*;

/// DE is listed but empty, so that every client meets an error.
pub(crate) fn errors_as_200() -> Scenario {
    scenario("errors-as-200")
        .summary("every error comes with HTTP 200; DE is listed with 7 numbers but has none")
        .catches("a client that checks only the HTTP status")
        .country(country(Country::DE).available(0).price(cents(8)).listing(Listing::Fixed(7)))
        .country(country(Country::US).available(5_000).price(cents(5)))
        .replies(replies().errors_as_200())
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::refusal(Endpoint::RentNumber, ErrorCode::NoNumbers)
                .hint("rent a number in DE"),
        )
}

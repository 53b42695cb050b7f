//! Errors that look like success to who reads the status only.

use ringer::scenario::*;

/// DE has none, so that there is an error to meet.
#[must_use]
pub fn errors_as_200() -> Scenario {
    scenario("errors-as-200")
        .summary("every error comes with HTTP 200; DE has no numbers")
        .catches("a client that checks the HTTP status only")
        .country(country(DE).available(0).price(cents(8)))
        .country(country(US).available(5_000).price(cents(5)))
        .replies(replies().errors_as_200())
        .script(steps().sms(seconds(8), sms()))
}

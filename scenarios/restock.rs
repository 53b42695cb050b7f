//! Sold out today, and back in a minute.

use ringer::scenario::*;

/// No country has any numbers until 60 s after the start.
pub(crate) fn restock() -> Scenario {
    scenario("restock")
        .summary("no numbers anywhere; all countries are refilled after 60 s")
        .catches("a client that gives up on a country for good")
        .country(country(Country::US).available(0).price(cents(5)).refill_at(seconds(60), 100))
        .country(country(Country::GB).available(0).price(cents(6)).refill_at(seconds(60), 50))
        .country(country(Country::DE).available(0).price(cents(8)).refill_at(seconds(60), 25))
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::success(Endpoint::RentNumber)
                .hint("rent a number once 60 s have passed since the start, by an advance of the clock if it stands still"),
        )
}

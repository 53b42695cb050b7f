//! A listing that stays the same while rentals use up the numbers.

use ringer::scenario::*;

/// The listing is a minute old; DE has three numbers, and they go fast.
pub(crate) fn stale_stock() -> Scenario {
    let stale = Listing::Stale(seconds(60));
    scenario("stale-stock")
        .summary("the listing is frozen for 60 s while rentals use up the three numbers of DE")
        .catches("a client that trusts the listing more than the reply to its rental")
        .country(country(Country::DE).available(3).price(cents(8)).listing(stale))
        .country(country(Country::US).available(5_000).price(cents(5)).listing(stale))
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::refusal(Endpoint::RentNumber, ErrorCode::NoNumbers)
                .hint("rent four numbers in DE within 60 s of the start"),
        )
}

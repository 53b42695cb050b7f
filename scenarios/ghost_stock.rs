//! A listing full of numbers that are not there.

use ringer::scenario::*;

/// Every country is listed with 7 numbers, but none can be rented.
pub(crate) fn ghost_stock() -> Scenario {
    let ghost = |code| country(code).available(0).price(cents(6)).listing(Listing::Fixed(7));
    scenario("ghost-stock")
        .summary("every country is listed with 7 numbers, but renting one is NO_NUMBERS")
        .catches("a hot loop: rent, fail, look at the listing, rent again")
        .countries([ghost(Country::US), ghost(Country::GB), ghost(Country::DE)])
        .expects(
            Milestone::refusal(Endpoint::RentNumber, ErrorCode::NoNumbers)
                .hint("rent a number in US, GB or DE"),
        )
}

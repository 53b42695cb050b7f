//! A busy day: nothing in Germany, the last two in Britain, plenty in America.

use ringer::scenario::*;

/// DE has none, GB two, US plenty.
pub(crate) fn out_of_stock() -> Scenario {
    scenario("out-of-stock")
        .summary("DE has no numbers, GB runs out after two rentals, US has plenty")
        .catches("a client without another country to fall back on")
        .country(country(Country::DE).available(0).price(cents(8)))
        .country(country(Country::GB).available(2).price(cents(6)))
        .country(country(Country::US).available(5_000).price(cents(5)))
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::refusal(Endpoint::RentNumber, ErrorCode::NoNumbers)
                .hint("rent a number in DE, or three in GB"),
        )
}

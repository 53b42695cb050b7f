//! A rental is made, but its reply arrives after the client has given up.

use ringer::scenario::*;

/// The reply to the first rental takes 35 s of real time, longer than most clients wait.
pub(crate) fn rent_timeout_but_rented() -> Scenario {
    scenario("rent-timeout-but-rented")
        .summary("the first rental is made at once, but its reply arrives 35 s later in real time")
        .catches("a double rental: the client times out, rents again and pays for both")
        .countries(usual_countries())
        .fault(
            fault([Endpoint::RentNumber], Effect::delay(real_seconds(35)))
                .nth([1])
                .phase(Phase::After),
        )
        .script(steps().sms(seconds(8), sms()))
        .expects(Milestone::delay().hint("rent a number"))
}

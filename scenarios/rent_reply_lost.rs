//! A rental is made, but its reply is lost.

use ringer::scenario::*;

/// The first rental takes effect, then the connection is reset.
pub(crate) fn rent_reply_lost() -> Scenario {
    scenario("rent-reply-lost")
        .summary("the first rental is made, then its connection is reset before the reply")
        .catches("a double rental: the client rents again and pays for both")
        .countries(usual_countries())
        .fault(
            fault([Endpoint::RentNumber], Effect::connection_reset_by_peer())
                .nth([1])
                .phase(Phase::After),
        )
        .script(steps().sms(seconds(8), sms()))
        .expects(Milestone::no_reply(Endpoint::RentNumber).hint("rent a number"))
}

//! Replies of which only half arrives.

use ringer::scenario::*;

/// Half the reply of the first rental, and of the second poll.
pub(crate) fn truncated_json() -> Scenario {
    scenario("truncated-json")
        .summary(
            "the first rentNumber and the second getSMS get half a reply, then a closed connection",
        )
        .catches("a client that sends a POST again because its reply was cut off")
        .countries(usual_countries())
        .fault(
            fault([Endpoint::RentNumber], Effect::truncated_body(0.5)).nth([1]).phase(Phase::After),
        )
        .fault(fault([Endpoint::GetSms], Effect::truncated_body(0.5)).nth([2]).phase(Phase::After))
        .script(steps().sms(seconds(8), sms()))
        .expects(Milestone::spoilt_reply(Endpoint::RentNumber).hint("rent a number"))
}

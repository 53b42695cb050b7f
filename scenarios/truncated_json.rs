//! Replies of which only half arrives.

use ringer::scenario::*;

/// Half the reply of the first rental, and of the second poll.
#[must_use]
pub(crate) fn truncated_json() -> Scenario {
    scenario("truncated-json")
        .summary("half the reply of the first rentNumber and of the second getSMS, then the end")
        .catches("a client that sends a POST again because its reply was cut off")
        .countries(usual_countries())
        .fault(
            fault([Endpoint::RentNumber], Effect::truncated_body(0.5)).nth([1]).phase(Phase::After),
        )
        .fault(fault([Endpoint::GetSms], Effect::truncated_body(0.5)).nth([2]).phase(Phase::After))
        .script(steps().sms(seconds(8), sms()))
}

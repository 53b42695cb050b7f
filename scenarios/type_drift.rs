//! Replies with the documented meaning in other types.

use ringer::scenario::*;

/// What a partner with a loosely typed server sends without noticing.
pub(crate) fn type_drift() -> Scenario {
    scenario("type-drift")
        .summary("prices as strings, numbers without +, messages null, {} or absent, a new field")
        .catches("a schema that is stricter than what the data means")
        .countries(usual_countries())
        .replies(
            replies()
                .price_as_string()
                .number_without_plus()
                .no_messages([NoMessages::Null, NoMessages::Object, NoMessages::Absent])
                .extra_field(),
        )
        .script(steps().sms(seconds(8), sms()))
        .expects(Milestone::success(Endpoint::GetSms).hint("rent a number and poll it"))
}

//! Replies that mean the same and are typed otherwise.

use ringer::scenario::*;

/// What a partner in another language sends without noticing.
#[must_use]
pub(crate) fn type_drift() -> Scenario {
    scenario("type-drift")
        .summary("prices as strings, numbers without +, messages null, {} or absent, a new field")
        .catches("a schema that is stricter than the meaning")
        .countries(usual_countries())
        .replies(
            replies()
                .price_as_string()
                .number_without_plus()
                .no_messages([NoMessages::Null, NoMessages::Object, NoMessages::Absent])
                .extra_field(),
        )
        .script(steps().sms(seconds(8), sms()))
}

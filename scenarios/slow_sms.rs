//! A slow network: the code does come, but later than most clients wait.

use ringer::scenario::*;

/// Nothing until 95 s.
#[must_use]
pub(crate) fn slow_sms() -> Scenario {
    scenario("slow-sms")
        .summary("nothing until 95 s, then the SMS")
        .catches("a timeout that is too short")
        .countries(usual_countries())
        .script(steps().sms(seconds(95), sms()))
}

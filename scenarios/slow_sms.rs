//! The SMS arrives, but later than most clients wait.

use ringer::scenario::*;

/// Nothing for 95 s.
pub(crate) fn slow_sms() -> Scenario {
    scenario("slow-sms")
        .summary("nothing for 95 s, then the SMS")
        .catches("a timeout that is too short")
        .countries(usual_countries())
        .script(steps().sms(seconds(95), sms()))
        .expects(Milestone::sms_read().hint("poll for 95 s after the rental"))
}

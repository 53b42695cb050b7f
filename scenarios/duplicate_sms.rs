//! A network that delivers one SMS twice.

use ringer::scenario::*;

/// An SMS after 8 s, and the same one again after 9 s.
pub(crate) fn duplicate_sms() -> Scenario {
    scenario("duplicate-sms")
        .summary("an SMS after 8 s, and the same one again after 9 s")
        .catches("a client that processes one SMS twice")
        .countries(usual_countries())
        .script(steps().sms(seconds(8), sms()).duplicate(seconds(9)))
        .expects(Milestone::sms_read().count(2).hint("poll for 9 s after the rental"))
}

//! A network that delivers twice: one SMS, shown two times.

use ringer::scenario::*;

/// An SMS after 8 s, and the very same again after 9 s.
#[must_use]
pub(crate) fn duplicate_sms() -> Scenario {
    scenario("duplicate-sms")
        .summary("an SMS after 8 s, and the very same again after 9 s")
        .catches("a client that processes one SMS twice")
        .countries(usual_countries())
        .script(steps().sms(seconds(8), sms()).duplicate(seconds(9)))
}

//! An SMS that misses the rental by five seconds: the money is back, and the code comes all the
//! same.

use ringer::scenario::*;

/// One SMS after 1205 s, when the rental has expired and was refunded.
#[must_use]
pub(crate) fn late_sms_after_expiry() -> Scenario {
    scenario("late-sms-after-expiry")
        .summary("expired and refunded after 1200 s; the SMS comes after 1205 s and is shown")
        .catches("a late SMS that is ignored, or charged again")
        .countries(usual_countries())
        .rental(rental().late_sms_grace(seconds(60)))
        .script(steps().sms(seconds(1_205), sms()))
}

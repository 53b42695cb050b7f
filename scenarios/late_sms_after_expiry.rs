//! An SMS arrives five seconds after its rental expired and was refunded.

use ringer::scenario::*;

/// One SMS after 1205 s, when the rental has expired and was refunded.
pub(crate) fn late_sms_after_expiry() -> Scenario {
    scenario("late-sms-after-expiry")
        .summary("expires and is refunded after 1200 s; the SMS arrives after 1205 s and is shown")
        .catches("a late SMS that is ignored, or charged again")
        .countries(usual_countries())
        .rental(rental().late_sms_grace(seconds(60)))
        .script(steps().sms(seconds(1_205), sms()))
        .expects(Milestone::expiry().hint("leave a rental alone for 20 minutes"))
        .expects(Milestone::sms_read().hint("poll again 5 s after the rental has expired"))
}

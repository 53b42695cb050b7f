//! A number that has done its work cannot be given back.

use ringer::scenario::*;

/// One SMS after 8 s; from then on a cancel is refused.
#[must_use]
pub(crate) fn cancel_after_sms_refused() -> Scenario {
    scenario("cancel-after-sms-refused")
        .summary("one SMS after 8 s; from then on a cancel is SMS_ALREADY_RECEIVED")
        .catches("a double credit: the code is used, and the price is booked as paid back")
        .countries(usual_countries())
        .rental(rental().cancel_after_sms_refused())
        .script(steps().sms(seconds(8), sms()))
}

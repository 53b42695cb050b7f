//! An SMS that lands while the cancel is in flight, and wins.

use ringer::scenario::*;

/// No SMS comes by itself: the first cancel brings it.
#[must_use]
pub(crate) fn sms_during_cancel() -> Scenario {
    scenario("sms-during-cancel")
        .summary("the SMS lands at the moment of the first cancel, which is SMS_ALREADY_RECEIVED")
        .catches(
            "a client that books the refund it asked for, and never reads the code it paid for",
        )
        .countries(usual_countries())
        .rental(rental().sms_during_cancel(sms()).cancel_after_sms_refused())
        .script(steps())
}

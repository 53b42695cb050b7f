//! An SMS arrives while the cancel is in flight, and wins.

use ringer::scenario::*;

/// No SMS arrives by itself: the first cancel brings it.
pub(crate) fn sms_during_cancel() -> Scenario {
    scenario("sms-during-cancel")
        .summary("the SMS arrives at the moment of the first cancel, which is SMS_ALREADY_RECEIVED")
        .catches(
            "a client that books the refund it asked for, and never reads the code it paid for",
        )
        .countries(usual_countries())
        .rental(rental().sms_during_cancel(sms()).cancel_after_sms_refused())
        .script(steps())
        .expects(
            Milestone::refusal(Endpoint::CancelNumber, ErrorCode::SmsAlreadyReceived)
                .hint("cancel a rental before it expires"),
        )
}

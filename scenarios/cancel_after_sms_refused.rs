//! Once an SMS has arrived, the number cannot be cancelled.

use ringer::scenario::*;

/// One SMS after 8 s; from then on a cancel is refused.
pub(crate) fn cancel_after_sms_refused() -> Scenario {
    scenario("cancel-after-sms-refused")
        .summary("one SMS after 8 s; from then on a cancel is SMS_ALREADY_RECEIVED")
        .catches("a double credit: the code is used and the price booked as refunded")
        .countries(usual_countries())
        .rental(rental().cancel_after_sms_refused())
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::refusal(Endpoint::CancelNumber, ErrorCode::SmsAlreadyReceived)
                .hint("cancel when the SMS has come, 8 s after the rental"),
        )
}

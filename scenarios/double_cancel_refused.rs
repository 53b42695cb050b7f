//! A number can be cancelled only once.

use ringer::scenario::*;

/// One SMS after 8 s; the first cancel is allowed, the second is refused.
pub(crate) fn double_cancel_refused() -> Scenario {
    scenario("double-cancel-refused")
        .summary(
            "one SMS after 8 s; a second cancel is ALREADY_CANCELLED, whatever the first refunded",
        )
        .catches("a double refund, or a crash when a cancel is sent again")
        .countries(usual_countries())
        .rental(rental().second_cancel_refused())
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::refusal(Endpoint::CancelNumber, ErrorCode::AlreadyCancelled)
                .hint("cancel a rental twice"),
        )
}

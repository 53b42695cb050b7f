//! Cancelling is refused at first and allowed later.

use ringer::scenario::*;

/// One SMS after 8 s; a cancel is refused for 2 minutes, then allowed.
pub(crate) fn early_cancel_denied() -> Scenario {
    scenario("early-cancel-denied")
        .summary("one SMS after 8 s; a cancel is refused for 2 minutes, then allowed")
        .catches("a client that never tries to cancel again and leaks the rental")
        .countries(usual_countries())
        .rental(rental().early_cancel_denied(seconds(120)))
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::refusal(Endpoint::CancelNumber, ErrorCode::EarlyCancelDenied)
                .hint("cancel within 2 minutes of the rental"),
        )
}

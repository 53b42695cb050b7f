//! A partner who lets a number be given back only once, and says so.

use ringer::scenario::*;

/// No SMS; the first cancel pays back the price, the second is refused.
#[must_use]
pub fn double_cancel_refused() -> Scenario {
    scenario("double-cancel-refused")
        .summary("no SMS; the first cancel is refunded, a second one is ALREADY_CANCELLED")
        .catches("a double refund, or a crash when a cancel is sent again")
        .countries(usual_countries())
        .rental(rental().second_cancel_refused())
        .script(steps())
}

//! A number that nobody writes to: the client gives it back, and all of its money comes back.

use ringer::scenario::*;

/// No SMS; a cancel pays back the full price.
#[must_use]
pub(crate) fn cancel_refund() -> Scenario {
    scenario("cancel-refund")
        .summary("no SMS; a cancel pays back the full price")
        .catches("a ledger that does not book the refund")
        .countries(usual_countries())
        .script(steps())
}

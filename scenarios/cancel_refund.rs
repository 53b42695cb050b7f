//! No SMS arrives; the client cancels and gets all of its money back.

use ringer::scenario::*;

/// No SMS; a cancel refunds the full price.
pub(crate) fn cancel_refund() -> Scenario {
    scenario("cancel-refund")
        .summary("no SMS; a cancel refunds the full price")
        .catches("a ledger that does not book the refund")
        .countries(usual_countries())
        .script(steps())
        .expects(
            Milestone::success(Endpoint::CancelNumber).hint("cancel a rental before it expires"),
        )
}

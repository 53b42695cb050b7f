//! No SMS arrives; the client cancels and gets all of its money back.

use ringer::scenario::*;

/// No SMS; a cancel refunds the full price. Two prices are such as floats and whole cents spoil.
pub(crate) fn cancel_refund() -> Scenario {
    let priced = |offer: Offer| match offer.country {
        Country::SE => offer.price(cents(29)),
        Country::IE => offer.price(Money::ten_thousandths(125)),
        _ => offer,
    };
    scenario("cancel-refund")
        .summary("no SMS; a cancel refunds the full price")
        .catches("a ledger that does not book the refund, or rounds 0.29 and 0.0125")
        .countries(usual_countries().into_iter().map(priced))
        .script(steps())
        .expects(
            Milestone::success(Endpoint::CancelNumber).hint("cancel a rental before it expires"),
        )
}

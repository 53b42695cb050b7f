//! No SMS arrives; the rental expires and the money comes back.

use ringer::scenario::*;

/// No SMS; the rental expires after 20 minutes and is refunded.
pub(crate) fn no_sms_expires() -> Scenario {
    scenario("no-sms-expires")
        .summary("no SMS; the rental expires after 20 minutes and is refunded")
        .catches("a refund that is lost when nobody asks for it")
        .countries(usual_countries())
        .script(steps())
        .expects(Milestone::expiry().hint("leave a rental alone for 20 minutes"))
}

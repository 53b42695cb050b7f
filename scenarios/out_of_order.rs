//! Messages newest first, and one that arrives late and is older than what was there.

use ringer::scenario::*;

/// The SMS of 8 s is the newest by its date, whatever arrives after it.
pub(crate) fn out_of_order() -> Scenario {
    scenario("out-of-order")
        .summary("newest first: the code after 8 s; after 14 s an older SMS, dated 4 s, appears")
        .catches("a client that takes the last of the list, or what arrived last, for the newest")
        .countries(usual_countries())
        .script(
            steps()
                .sms(seconds(8), sms())
                .sms(seconds(14), sms().text("Old code: {code}").received_at(seconds(4)).decoy()),
        )
        .replies(replies().newest_first())
        .expects(Milestone::sms_read().count(2).hint("poll for 14 s after the rental"))
}

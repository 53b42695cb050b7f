//! A platform that says hello before it sends the code.

use ringer::scenario::*;

/// A decoy after 6 s, the code after 14 s.
pub(crate) fn two_sms_second_good() -> Scenario {
    scenario("two-sms-second-good")
        .summary("an SMS without a code after 6 s, the one with the code after 14 s")
        .catches("a client that takes the first SMS and stops polling")
        .countries(usual_countries())
        .script(steps().sms(seconds(6), sms().decoy()).sms(seconds(14), sms()))
        .expects(Milestone::sms_read().count(2).hint("poll for 14 s after the rental"))
}

//! A good day: the number is rented, the SMS arrives, the code works.

use ringer::scenario::*;

/// One SMS after 8 s.
pub(crate) fn happy_path() -> Scenario {
    scenario("happy-path")
        .summary("one SMS after 8 s")
        .catches("nothing: it is the baseline that every client must pass")
        .countries(usual_countries())
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::sms_read().hint("rent a number, and poll until its SMS comes after 8 s"),
        )
}

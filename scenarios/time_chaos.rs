//! Times in every style, from a clock that is ahead.

use ringer::scenario::*;

/// Three styles in turn, all 90 s ahead of the sandbox's clock.
pub(crate) fn time_chaos() -> Scenario {
    scenario("time-chaos")
        .summary("times without a zone, with +02:00, with nanoseconds, from a clock 90 s ahead")
        .catches("an expiry that is compared with the client's own clock or zone")
        .countries(usual_countries())
        .replies(
            replies()
                .timestamps([TimeStyle::Naive, TimeStyle::Offset, TimeStyle::Nanoseconds])
                .clock_skew(Skew::ahead(seconds(90))),
        )
        .script(steps().sms(seconds(8), sms()))
        .expects(Milestone::sms_read().hint("poll for 8 s after the rental"))
}

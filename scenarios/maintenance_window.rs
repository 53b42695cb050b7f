//! A minute of maintenance.

use ringer::scenario::*;

/// Every endpoint is 503 from 30 s to 90 s after the sandbox's start.
pub(crate) fn maintenance_window() -> Scenario {
    scenario("maintenance-window")
        .summary("503 at every endpoint from 30 s to 90 s after the start")
        .catches("a client without backoff, which gives up or retries nonstop")
        .countries(usual_countries())
        .fault(
            fault(Endpoints::ALL, Effect::error(ErrorCode::Maintenance))
                .from(seconds(30))
                .until(seconds(90)),
        )
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::refusal(None, ErrorCode::Maintenance)
                .hint("call from 30 s to 90 s after the start"),
        )
}

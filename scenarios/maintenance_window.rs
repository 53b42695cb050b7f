//! A minute of maintenance.

use ringer::scenario::*;

/// Every endpoint is 503 from 30 s to 90 s after the sandbox's start. Under a per_poll clock, a
/// rental has its SMS before that, so its second and third poll are refused too.
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
        .fault(
            fault([Endpoint::GetSms], Effect::error(ErrorCode::Maintenance))
                .nth_of_rental([2, 3])
                .under(ClockMode::PerPoll),
        )
        .script(steps().sms(seconds(8), sms()))
        .expects(
            Milestone::refusal(None, ErrorCode::Maintenance)
                .hint("call from 30 s to 90 s after the start, or poll twice under per_poll"),
        )
}

//! A network that is slow, and at times very slow.

use ringer::scenario::*;

/// Every reply is late in real time; one in five arrives in small pieces.
pub(crate) fn slow_network() -> Scenario {
    let latency = Delay::lognormal(real_millis(200), 0.8);
    scenario("slow-network")
        .summary(
            "every reply is about 200 ms late, at times much more; one in five dribbles for 2 s",
        )
        .catches("a read timeout that is too short, or counts from the first byte")
        .countries(usual_countries())
        .fault(fault(Endpoints::ALL, Effect::delay(latency)).phase(Phase::After))
        .fault(
            fault(Endpoints::ALL, Effect::dribble(real_seconds(2)))
                .probability(0.2)
                .phase(Phase::After),
        )
        .script(steps().sms(seconds(8), sms()))
        .expects(Milestone::delay().hint("call any endpoint"))
        .expects(Milestone::sms_read().hint("poll for 8 s after the rental"))
}

//! Fault rules as Rust writes them.

use super::layout::Expression;
use super::value::{country, real, virtual_length, whole};
use crate::domain::positive::Ordinals;
use crate::scenario::fault::delay::Delay;
use crate::scenario::fault::effect::{Disruption, Effect};
use crate::scenario::fault::endpoints::Endpoints;
use crate::scenario::fault::rate_limit::{Algorithm, Per, RateLimit, RetryAfterForm};
use crate::scenario::fault::wire_fault::WireFault;
use crate::scenario::fault::{FaultRule, Phase};

pub(super) fn rule(rule: &FaultRule) -> Expression {
    let mut built = Expression::call("fault", [endpoints(rule.endpoints), effect(&rule.effect)]);
    let when = &rule.trigger;
    if let Some(of) = when.country {
        built = built.method("country", [country(of)]);
    }
    if let Some(service) = &when.service {
        built = built.method("service", [Expression::string(service.as_str())]);
    }
    for (name, nth) in [("nth", &when.nth), ("nth_of_rental", &when.nth_of_rental)] {
        if let Some(nth) = nth {
            built = built.method(name, [ordinals(nth)]);
        }
    }
    if let Some(probability) = when.probability {
        built = built.method("probability", [float(probability.value())]);
    }
    if let Some(mode) = when.clock {
        built = built.method("under", [Expression::text(format!("ClockMode::{mode:?}"))]);
    }
    for (name, at) in [("from", when.from), ("until", when.until)] {
        if let Some(at) = at {
            built = built.method(name, [virtual_length(at)]);
        }
    }
    if rule.phase == Phase::After {
        built = built.method("phase", [Expression::text("Phase::After")]);
    }
    if let Some(times) = rule.times {
        built = built.method("times", [whole(times.get().into())]);
    }
    match rule.ttl {
        Some(ttl) => built.method("ttl", [virtual_length(ttl.get())]),
        None => built,
    }
}

fn endpoints(endpoints: Endpoints) -> Expression {
    if endpoints == Endpoints::ALL {
        return Expression::text("Endpoints::ALL");
    }
    let each = endpoints.iter().map(|it| Expression::text(format!("Endpoint::{it:?}")));
    Expression::List(each.collect())
}

fn ordinals(ordinals: &Ordinals) -> Expression {
    Expression::List(ordinals.iter().map(|nth| whole(nth.into())).collect())
}

fn float(number: f64) -> Expression {
    Expression::text(format!("{number:?}"))
}

fn effect(effect: &Effect) -> Expression {
    let delay = effect.delay.as_ref().map(delay);
    let Some(disruption) = &effect.disruption else {
        return Expression::call("Effect::delay", delay.into_iter().collect::<Vec<_>>());
    };
    let built = match (disruption, &delay) {
        // An effect can be delayed; a limit becomes one by itself.
        (Disruption::RateLimit(limit), Some(_)) => {
            Expression::call("Effect::from", [rate_limit(limit)])
        }
        (disruption, _) => self::disruption(disruption),
    };
    match delay {
        Some(delay) => built.method("delayed", [delay]),
        None => built,
    }
}

fn disruption(disruption: &Disruption) -> Expression {
    match disruption {
        Disruption::Error(code) => Expression::text(format!("Effect::error(ErrorCode::{code:?})")),
        Disruption::Status(status, body) => {
            let body = Expression::text(format!("BodyKind::{body:?}"));
            Expression::call("Effect::status", [Expression::text(status.get()), body])
        }
        Disruption::Redirect(by) => Expression::text(format!("Effect::redirect(Redirect::{by:?})")),
        Disruption::RateLimit(limit) => rate_limit(limit),
        Disruption::Wire(fault) => wire(fault),
    }
}

fn wire(fault: &WireFault) -> Expression {
    match fault {
        WireFault::TruncatedBody(fraction) => {
            Expression::call("Effect::truncated_body", [float(fraction.value())])
        }
        WireFault::Dribble(over) => Expression::call("Effect::dribble", [real(*over)]),
        other => Expression::call(&format!("Effect::{}", other.name().to_lowercase()), []),
    }
}

fn rate_limit(limit: &RateLimit) -> Expression {
    let (max, window) = (whole(limit.max.get().into()), virtual_length(limit.window.get()));
    let mut built = Expression::call("rate_limit", [max, window])
        .method_if(limit.algorithm == Algorithm::TokenBucket, "token_bucket");
    if limit.retry_after != RetryAfterForm::default() {
        let form = Expression::text(format!("RetryAfterForm::{:?}", limit.retry_after));
        built = built.method("retry_after", [form]);
    }
    built.method_if(limit.per == Per::Rental, "per_rental")
}

fn delay(delay: &Delay) -> Expression {
    match delay {
        Delay::Fixed(length) => real(*length),
        Delay::Uniform(range) => {
            let [shortest, longest] = range.ends();
            Expression::call("Delay::uniform", [real(shortest), real(longest)])
        }
        Delay::Lognormal(lognormal) => {
            let (median, sigma) = (real(lognormal.median), float(lognormal.sigma.value()));
            Expression::call("Delay::lognormal", [median, sigma])
        }
    }
}

//! The random choices of a fault, and the message of the error it makes.

use rand::RngExt;
use rand::distr::Distribution;
use rand_distr::LogNormal;

use super::command::Refusal;
use super::faults::{CallContext, FaultId};
use super::streams::numbered_stream;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::fnv::fnv1a;
use crate::domain::real_duration::RealDuration;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::{Delay, FaultRule, RetryAfterForm};

/// Draws for one fault and one call: the same seed, fault and call always draw the same.
pub(super) struct Draw<'a> {
    pub(super) seed: u64,
    pub(super) fault: FaultId,
    pub(super) place: &'a CallContext<'a>,
    /// How often each endpoint was called.
    pub(super) calls: &'a [u32; 4],
}

/// Each purpose has a random stream of its own.
#[derive(Clone, Copy)]
enum Purpose {
    Chance,
    Delay,
    Noise,
}

impl Draw<'_> {
    /// Whether the trigger of a rule matches, apart from its rate limit.
    pub(super) fn triggers(&self, rule: &FaultRule, since_start: VirtualDuration) -> bool {
        let (trigger, place) = (&rule.trigger, self.place);
        let in_sandbox = || rule.endpoints.iter().map(|e| self.calls[e as usize]).sum();
        let of_rental = || {
            place.rental.map(|(_, [polls, cancels])| {
                let counted = |endpoint, calls| {
                    if rule.endpoints.contains(endpoint) { calls } else { 0 }
                };
                counted(Endpoint::GetSms, polls) + counted(Endpoint::CancelNumber, cancels)
            })
        };
        trigger.is_open(since_start)
            && trigger.clock.is_none_or(|mode| place.clock == mode)
            && trigger.country.is_none_or(|country| place.country == Some(country))
            && trigger
                .service
                .as_ref()
                .is_none_or(|wanted| place.service.is_some_and(|s| s.is(wanted)))
            && trigger.nth.as_ref().is_none_or(|nth| nth.contains(in_sandbox()))
            && trigger
                .nth_of_rental
                .as_ref()
                .is_none_or(|n| of_rental().is_some_and(|c| n.contains(c)))
            && trigger.probability.is_none_or(|probability| {
                let mut rng = numbered_stream(self.seed, self.number(Purpose::Chance));
                rng.random::<f64>() < probability.value()
            })
    }

    fn number(&self, purpose: Purpose) -> u64 {
        let nth = match self.place.rental {
            Some((_, [polls, _])) if self.place.endpoint == Endpoint::GetSms => polls,
            Some((_, [_, cancels])) => cancels,
            None => self.calls[self.place.endpoint as usize],
        };
        let rental = self.place.rental.map_or(u32::MAX, |(serial, _)| serial);
        let fault = match self.fault {
            FaultId::Rule(number) => number,
            FaultId::ApiKey | FaultId::Country | FaultId::Prefer => 0,
        };
        let [f, r, n] = [fault, rental, nth].map(u32::to_le_bytes);
        let kind = [purpose as u8, self.place.endpoint as u8];
        fnv1a(&[b"fault".as_slice(), &kind, &f, &r, &n].concat())
    }

    /// Seeds the bytes that a wire fault makes up.
    pub(super) fn noise(&self) -> u64 {
        numbered_stream(self.seed, self.number(Purpose::Noise)).random()
    }

    pub(super) fn delay(&self, delay: Delay) -> RealDuration {
        let rng = || numbered_stream(self.seed, self.number(Purpose::Delay));
        match delay {
            Delay::Fixed(span) => span,
            Delay::Uniform(range) => {
                RealDuration::millis(u64::from(rng().random_range(range.as_millis())))
            }
            Delay::Lognormal(lognormal) => {
                let median = f64::from(lognormal.median.as_millis()).max(f64::MIN_POSITIVE);
                let spread = LogNormal::new(median.ln(), lognormal.sigma.value());
                // The cast saturates, and a delay is at most an hour.
                spread.map_or(lognormal.median, |spread| {
                    RealDuration::millis(spread.sample(&mut rng()).round() as u64)
                })
            }
        }
    }

    pub(super) fn refusal(&self, code: ErrorCode) -> Refusal {
        let refusal = Refusal::new(code, "");
        match code.usual_retry_after() {
            Some(wait) => self.explain(refusal.retry_after(wait)),
            None => self.explain(refusal),
        }
    }

    pub(super) fn rate_limited(
        &self,
        wait: VirtualDuration,
        form: RetryAfterForm,
        now: Timestamp,
    ) -> Refusal {
        let refusal = Refusal::new(ErrorCode::RateLimited, "").retry_after(wait);
        self.explain(refusal.in_form(form, now))
    }

    /// Sets a message that says what the error means, what to do, and that it was injected.
    fn explain(&self, mut refusal: Refusal) -> Refusal {
        let code = refusal.code;
        let meaning = code.meaning().split(';').next().unwrap_or_default();
        let advice = match (code, refusal.retry_after) {
            (ErrorCode::RateLimited, None) => "slow down",
            _ => code.advice(),
        };
        refusal.message = format!("{meaning}; {advice} ({})", self.fault.reason());
        refusal
    }
}

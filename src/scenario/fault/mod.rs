//! Faults: what goes wrong where, when, how, and in which phase of a call.
//!
//! ```
//! use ringer::scenario::*;
//!
//! // The first rental is made, and then its reply is lost.
//! let lost = fault([Endpoint::RentNumber], Effect::connection_reset_by_peer()).nth([1]).phase(Phase::After);
//! // Every endpoint is down for a minute.
//! let down = fault(Endpoints::ALL, Effect::error(ErrorCode::Maintenance))
//!     .from(seconds(30))
//!     .until(seconds(90));
//! let scenario = scenario("bad-day").country(country(Country::DE).available(9)).fault(lost).fault(down);
//! assert!(scenario.check().is_ok());
//! ```

pub(crate) mod delay;
pub(crate) mod effect;
mod effect_json;
pub(crate) mod endpoints;
pub(crate) mod rate_limit;
pub(crate) mod status;
pub(crate) mod trigger;
pub(crate) mod wire_fault;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::positive::{Ordinals, PositiveCount, PositiveDuration};
use crate::domain::probability::Probability;
use crate::domain::serde_helpers::choices;
use crate::domain::service::Service;
use crate::domain::virtual_duration::VirtualDuration;
use effect::{Disruption, Effect};
use endpoints::Endpoints;
use rate_limit::Per;
use trigger::Trigger;

/// One thing that goes wrong.
///
/// Rules are tried in order. The first that strikes and is more than a delay decides; the delays of
/// all that strike add up (our ruling).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, try_from = "FaultRuleFields")]
pub struct FaultRule {
    /// At which endpoints.
    #[serde(rename = "where")]
    endpoints: Endpoints,
    /// When.
    #[serde(rename = "when")]
    trigger: Trigger,
    /// What happens.
    #[serde(rename = "what")]
    effect: Effect,
    /// Before or after the call takes effect.
    phase: Phase,
    /// How often at the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<PositiveCount>,
    /// How long after the rule was made it still strikes, in virtual time.
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<PositiveDuration>,
}

/// Whether a fault strikes before a call takes effect, or after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The call never takes effect. A mere delay holds it up on its way in.
    #[default]
    Before,
    /// The call takes effect, then its reply is lost or spoilt.
    After,
}

choices!(Phase, "a phase": Before "before", After "after");

/// The fields before it is known whether they make sense together.
#[derive(Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a rule such as {\"where\": [\"getSMS\"], \"what\": {\"error\": \"MAINTENANCE\"}}"
)]
struct FaultRuleFields {
    #[serde(rename = "where")]
    endpoints: Endpoints,
    #[serde(default, rename = "when", deserialize_with = "trigger::read")]
    #[schemars(with = "Trigger")]
    trigger: Trigger,
    #[serde(rename = "what", deserialize_with = "effect_json::read")]
    #[schemars(with = "Effect")]
    effect: Effect,
    #[serde(default)]
    phase: Phase,
    times: Option<PositiveCount>,
    ttl: Option<PositiveDuration>,
}

impl TryFrom<FaultRuleFields> for FaultRule {
    type Error = String;

    fn try_from(fields: FaultRuleFields) -> Result<Self, String> {
        let FaultRuleFields { endpoints, trigger, effect, phase, times, ttl } = fields;
        let rule = Self { endpoints, trigger, effect, phase, times, ttl };
        rule.check()?;
        Ok(rule)
    }
}

/// Begins a rule: at these endpoints, this happens, each time and before the call takes effect.
///
/// # Panics
/// When no endpoint is named.
#[must_use]
#[track_caller]
pub fn fault(endpoints: impl Into<Endpoints>, effect: impl Into<Effect>) -> FaultRule {
    FaultRule {
        endpoints: endpoints.into(),
        trigger: Trigger::default(),
        effect: effect.into(),
        phase: Phase::Before,
        times: None,
        ttl: None,
    }
}

impl FaultRule {
    /// Only for calls about this country: one that is named, or that of the rental.
    #[must_use]
    pub fn country(mut self, country: Country) -> Self {
        self.trigger.country = Some(country);
        self
    }

    /// Only for calls about this service, letter case aside.
    ///
    /// # Panics
    /// When the text is no service: blank, or longer than 64 characters.
    #[must_use]
    #[track_caller]
    pub fn service(mut self, service: &str) -> Self {
        self.trigger.service = Some(sound("service", Service::parse(service)));
        self
    }

    /// Only for these calls of its endpoints in the sandbox, counted from 1.
    ///
    /// # Panics
    /// When the list is empty or holds 0.
    #[must_use]
    #[track_caller]
    pub fn nth(mut self, nth: impl Into<Vec<u32>>) -> Self {
        self.trigger.nth = Some(sound("nth", Ordinals::new(nth)));
        self
    }

    /// Only for these calls of its endpoints for one rental, counted from 1. A rentNumber is none of
    /// them: its rental is not there yet.
    ///
    /// # Panics
    /// When the list is empty or holds 0.
    #[must_use]
    #[track_caller]
    pub fn nth_of_rental(mut self, nth: impl Into<Vec<u32>>) -> Self {
        self.trigger.nth_of_rental = Some(sound("nth_of_rental", Ordinals::new(nth)));
        self
    }

    /// Only so often: from 0 (never) to 1 (always). What is drawn depends on the seed and on the
    /// call's place among its like, and on nothing else that happens.
    ///
    /// # Panics
    /// When it is no probability.
    #[must_use]
    #[track_caller]
    pub fn probability(mut self, probability: f64) -> Self {
        self.trigger.probability = Some(sound("probability", Probability::new(probability)));
        self
    }

    /// Only from so long after the sandbox's start on, in virtual time.
    ///
    /// # Panics
    /// When its window then ends before it starts.
    #[must_use]
    #[track_caller]
    pub fn from(mut self, from: VirtualDuration) -> Self {
        self.trigger.from = Some(from);
        sound("from", self.trigger.check_window());
        self
    }

    /// Only until so long after the sandbox's start, in virtual time.
    ///
    /// # Panics
    /// When its window then ends before it starts.
    #[must_use]
    #[track_caller]
    pub fn until(mut self, until: VirtualDuration) -> Self {
        self.trigger.until = Some(until);
        sound("until", self.trigger.check_window());
        self
    }

    /// In this phase of the call.
    #[must_use]
    pub fn phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// At most so often.
    ///
    /// # Panics
    /// When it is 0.
    #[must_use]
    #[track_caller]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(sound("times", PositiveCount::new(times)));
        self
    }

    /// Only for so long after the rule was made, in virtual time.
    ///
    /// # Panics
    /// When it is no time at all.
    #[must_use]
    #[track_caller]
    pub fn ttl(mut self, ttl: VirtualDuration) -> Self {
        self.ttl = Some(sound("ttl", PositiveDuration::new(ttl)));
        self
    }

    /// At which endpoints.
    #[must_use]
    pub const fn endpoints(&self) -> Endpoints {
        self.endpoints
    }

    /// When it strikes.
    #[must_use]
    pub const fn trigger(&self) -> &Trigger {
        &self.trigger
    }

    /// What it does.
    #[must_use]
    pub const fn effect(&self) -> &Effect {
        &self.effect
    }

    /// In which phase of the call.
    #[must_use]
    pub const fn in_phase(&self) -> Phase {
        self.phase
    }

    /// Whether it may strike once more, after so many times and so long after it was made.
    #[must_use]
    pub fn is_alive(&self, fired: u32, age: VirtualDuration) -> bool {
        self.times.is_none_or(|times| fired < times.get())
            && self.ttl.is_none_or(|ttl| age < ttl.get())
    }

    /// Whether a rule that is made at the sandbox's start is over before its window opens.
    pub(super) fn ends_before_it_starts(&self) -> bool {
        let from = self.trigger.from.unwrap_or_default();
        self.ttl.is_some_and(|ttl| ttl.get() <= from)
    }

    /// Looks for what can never happen although each field is right.
    pub(super) fn check(&self) -> Result<(), String> {
        let of_rental = [Endpoint::GetSms, Endpoint::CancelNumber];
        let has_rental = of_rental.into_iter().any(|endpoint| self.endpoints.contains(endpoint));
        let per_rental = matches!(
            self.effect.disruption(),
            Some(Disruption::RateLimit(limit)) if limit.per == Per::Rental
        );
        if per_rental && !has_rental {
            return Err(
                "`what.rate_limit.per` is rental, and no endpoint of where names one; add \
                        getSMS or cancelNumber"
                    .into(),
            );
        }
        if self.effect.held_up().is_some_and(|delay| delay.is_none()) {
            return Err(
                "`what.delay` is 0s, which is no delay; above 0 is right, such as \"2s\"".into()
            );
        }
        if self.trigger.service.is_some() && self.endpoints == [Endpoint::GetNumbers].into() {
            return Err("`when.service` can never hold: getNumbers knows no service".into());
        }
        Ok(())
    }
}

#[track_caller]
fn sound<T>(name: &str, value: Result<T, String>) -> T {
    value.unwrap_or_else(|reason| panic!("{name}: {reason}"))
}

impl fmt::Display for FaultRule {
    /// `rentNumber, call 1: CONNECTION_RESET_BY_PEER, after it took effect`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.endpoints.fmt(f)?;
        if self.trigger != Trigger::default() {
            write!(f, ", {}", self.trigger)?;
        }
        write!(f, ": {}", self.effect)?;
        if self.phase == Phase::After {
            f.write_str(", after the call took effect")?;
        }
        match self.times.map(PositiveCount::get) {
            None => Ok(()),
            Some(1) => f.write_str(", once"),
            Some(times) => write!(f, ", {times} times"),
        }?;
        match self.ttl {
            None => Ok(()),
            Some(ttl) => write!(f, ", for {}", ttl.get()),
        }
    }
}

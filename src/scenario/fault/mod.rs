//! Faults: what goes wrong, where, when, and in which phase of a call.
//!
//! ```
//! use ringer::scenario::*;
//!
//! // The first rental is made, and then its reply is lost.
//! let lost = fault([Endpoint::RentNumber], Effect::connection_reset_by_peer())
//!     .nth([1])
//!     .phase(Phase::After);
//! // Every endpoint is down for a minute.
//! let down = fault(Endpoints::ALL, Effect::error(ErrorCode::Maintenance))
//!     .from(seconds(30))
//!     .until(seconds(90));
//! let offer = country(Country::DE).available(9);
//! let scenario = scenario("bad-day").country(offer).fault(lost).fault(down);
//! assert!(scenario.validate().is_ok());
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
use strum::{IntoStaticStr, VariantArray};

use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::positive::{Ordinals, PositiveCount, PositiveDuration};
use crate::domain::probability::Probability;
use crate::domain::serde_helpers::json_names;
use crate::domain::service::Service;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::ClockMode;
use effect::{Disruption, Effect};
use endpoints::Endpoints;
use rate_limit::Per;
use trigger::Trigger;

/// One thing that goes wrong.
///
/// A sandbox tries its rules in order. Of those that strike, the first with more than a delay
/// decides the outcome, and all delays add up (our ruling).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, try_from = "FaultRuleFields")]
#[must_use]
pub struct FaultRule {
    /// At which endpoints.
    #[serde(rename = "where")]
    pub(crate) endpoints: Endpoints,
    /// When.
    #[serde(rename = "when")]
    pub(crate) trigger: Trigger,
    /// What happens.
    #[serde(rename = "what")]
    pub(crate) effect: Effect,
    /// Before or after the call takes effect.
    pub(crate) phase: Phase,
    /// How often at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<PositiveCount>,
    /// How long after it was made it strikes, in virtual time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ttl: Option<PositiveDuration>,
}

/// Whether a fault strikes before a call takes effect, or after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// The call never takes effect; if the effect is only a delay, the call is delayed on its way
    /// in.
    #[default]
    Before,
    /// The call takes effect, then its reply is lost or damaged.
    After,
}

json_names!(Phase, "a phase");

/// The fields of a rule, not yet checked against each other.
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

/// Starts a rule: at these endpoints this happens, each time, before the call takes effect.
///
/// # Panics
/// When no endpoint is named.
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
    pub fn country(mut self, country: Country) -> Self {
        self.trigger.country = Some(country);
        self
    }

    /// Only for calls about this service, ignoring letter case.
    ///
    /// # Panics
    /// When the text is blank or longer than 64 characters.
    #[track_caller]
    pub fn service(mut self, service: &str) -> Self {
        self.trigger.service = Some(valid("service", Service::parse(service)));
        self
    }

    /// Only for these calls of its endpoints in the sandbox, counted from 1.
    ///
    /// # Panics
    /// When the list is empty or holds 0.
    #[track_caller]
    pub fn nth(mut self, nth: impl Into<Vec<u32>>) -> Self {
        self.trigger.nth = Some(valid("nth", Ordinals::new(nth)));
        self
    }

    /// Only for these calls of its endpoints for one rental, counted from 1. A rentNumber does not
    /// count: its rental does not exist yet.
    ///
    /// # Panics
    /// When the list is empty or holds 0.
    #[track_caller]
    pub fn nth_of_rental(mut self, nth: impl Into<Vec<u32>>) -> Self {
        self.trigger.nth_of_rental = Some(valid("nth_of_rental", Ordinals::new(nth)));
        self
    }

    /// Only with this probability, from 0 (never) to 1 (always). The draw depends on the seed and
    /// on the call's place among calls of its kind, and on nothing else.
    ///
    /// # Panics
    /// When it is not from 0 to 1.
    #[track_caller]
    pub fn probability(mut self, probability: f64) -> Self {
        self.trigger.probability = Some(valid("probability", Probability::new(probability)));
        self
    }

    /// Only under clocks of this mode: under a per_poll clock, only polls bring a window nearer.
    pub fn under(mut self, mode: ClockMode) -> Self {
        self.trigger.clock = Some(mode);
        self
    }

    /// Only from this long after the sandbox's start, in virtual time.
    ///
    /// # Panics
    /// When the window ends before it starts.
    #[track_caller]
    pub fn from(mut self, from: VirtualDuration) -> Self {
        self.trigger.from = Some(from);
        valid("from", self.trigger.check_window());
        self
    }

    /// Only until this long after the sandbox's start, in virtual time.
    ///
    /// # Panics
    /// When the window ends before it starts.
    #[track_caller]
    pub fn until(mut self, until: VirtualDuration) -> Self {
        self.trigger.until = Some(until);
        valid("until", self.trigger.check_window());
        self
    }

    /// Strikes in this phase of the call.
    pub fn phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// At most this many times.
    ///
    /// # Panics
    /// When it is 0.
    #[track_caller]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(valid("times", PositiveCount::new(times)));
        self
    }

    /// Only for this long after the rule is made, in virtual time.
    ///
    /// # Panics
    /// When the time is zero.
    #[track_caller]
    pub fn ttl(mut self, ttl: VirtualDuration) -> Self {
        self.ttl = Some(valid("ttl", PositiveDuration::new(ttl)));
        self
    }

    /// Whether it may strike again, after it has fired this often and reached this age.
    pub(crate) fn is_alive(&self, fired: u32, age: VirtualDuration) -> bool {
        self.times.is_none_or(|times| fired < times.get())
            && self.ttl.is_none_or(|ttl| age < ttl.get())
    }

    /// Whether a rule made at the sandbox's start ends before its window opens.
    pub(super) fn ends_before_it_starts(&self) -> bool {
        let from = self.trigger.from.unwrap_or_default();
        self.ttl.is_some_and(|ttl| ttl.get() <= from)
    }

    /// Refuses a rule that can never strike although each field is valid.
    pub(super) fn check(&self) -> Result<(), String> {
        let of_rental = [Endpoint::GetSms, Endpoint::CancelNumber];
        let has_rental = of_rental.into_iter().any(|endpoint| self.endpoints.contains(endpoint));
        let per_rental = matches!(
            self.effect.disruption,
            Some(Disruption::RateLimit(limit)) if limit.per == Per::Rental
        );
        if per_rental && !has_rental {
            return Err(
                "`what.rate_limit.per` is rental, but no endpoint of where names a rental; add \
                 getSMS or cancelNumber"
                    .into(),
            );
        }
        if self.effect.delay.is_some_and(|delay| delay.is_zero()) {
            return Err(
                "`what.delay` is 0s, which is no delay; above 0 is right, such as \"2s\"".into()
            );
        }
        self.trigger.check_window().map_err(|message| message.replacen('`', "`when.", 1))?;
        if self.trigger.service.is_some() && self.endpoints == [Endpoint::GetNumbers].into() {
            return Err("`when.service` can never hold: getNumbers knows no service".into());
        }
        Ok(())
    }
}

#[track_caller]
fn valid<T>(name: &str, value: Result<T, String>) -> T {
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

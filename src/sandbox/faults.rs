//! The fault rules of a sandbox: which call they strike, and how often each has fired.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::command::Refusal;
use super::fault_draw::Draw;
use super::rate_limiter::Limiter;
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::real_duration::RealDuration;
use crate::domain::schema::json_schema;
use crate::domain::service::Service;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::fault::effect::Disruption;
use crate::scenario::fault::status::HttpStatus;
use crate::scenario::fault::wire_fault::WireFault;
use crate::scenario::{BodyKind, ClockMode, Effect, FaultRule, Phase, Redirect};

/// What made a call fail: a fault rule, or a request for an on-demand error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultId {
    /// A fault rule, numbered from 1: `fault_1`.
    Rule(u32),
    /// A test api_key such as `test_banned`.
    ApiKey,
    /// A pseudo-country.
    Country,
    /// The `Prefer` header of the request.
    Prefer,
}

impl fmt::Display for FaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(number) => write!(f, "fault_{number}"),
            Self::ApiKey => f.write_str("on_demand_by_api_key"),
            Self::Country => f.write_str("on_demand_by_country"),
            Self::Prefer => f.write_str("on_demand_by_prefer"),
        }
    }
}

impl FaultId {
    /// For the message of an error.
    pub(crate) fn reason(self) -> String {
        match self {
            Self::Rule(_) => format!("{self} of this sandbox"),
            Self::ApiKey => "on demand: this api_key asks for it".into(),
            Self::Country => "on demand: this country asks for it".into(),
            Self::Prefer => "on demand: the header Prefer asks for it".into(),
        }
    }
}

impl<'de> Deserialize<'de> for FaultId {
    /// Only rules are ever read back.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = text.strip_prefix("fault_").and_then(|number| number.parse().ok());
        number.map(Self::Rule).ok_or_else(|| {
            de::Error::custom(format!("{text:?} names no fault rule; they are called \"fault_1\""))
        })
    }
}

impl Serialize for FaultId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A fault that the call itself asks for. It comes before all rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnDemandFault {
    pub id: FaultId,
    pub effect: Effect,
    pub phase: Phase,
}

impl OnDemandFault {
    /// Whether the fault alone answers the call, and the sandbox stays as it is (our ruling on
    /// `Prefer: code` and `error`).
    pub(crate) const fn leaves_state_alone(&self) -> bool {
        matches!(self.effect.disruption, Some(Disruption::Error(_) | Disruption::Status(..)))
    }
}

/// The call that a rule is matched with. What a rule draws depends only on this and the seed, so
/// that nothing else shifts a fault.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallContext<'a> {
    pub(super) endpoint: Endpoint,
    pub(super) country: Option<Country>,
    pub(super) service: Option<&'a Service>,
    /// The serial of the rental that it names, with the number of getSMS and cancelNumber calls for
    /// it, this one included.
    pub(super) rental: Option<(u32, [u32; 2])>,
    pub(super) clock: ClockMode,
}

/// What the faults do to a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultDecision {
    /// The fault that decided; if none did, the first one that delays.
    pub fault: Option<FaultId>,
    /// The delay before the call takes effect.
    pub before: RealDuration,
    /// How long the reply is then delayed.
    pub after: RealDuration,
    /// The first disruption, and when it strikes.
    pub action: Option<(FaultAction, Phase)>,
    /// A wire fault that the request asks for, whatever the reply.
    pub on_reply: Option<FaultAction>,
}

/// What is done to a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FaultAction {
    Refuse(Refusal),
    /// The refusal is the content of a JSON body.
    Status(HttpStatus, BodyKind, Refusal),
    Redirect(Redirect),
    /// The number seeds the bytes that it makes up.
    Wire(WireFault, u64),
}

/// A rule and its state.
#[derive(Debug)]
pub(crate) struct ActiveRule {
    pub id: FaultId,
    pub rule: FaultRule,
    pub fired: u32,
    made_at: Timestamp,
    limiter: Limiter,
}

/// The rules in the order in which they are tried.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    rules: Vec<ActiveRule>,
    made: u32,
    bytes: usize,
    /// How often each endpoint was called.
    calls: [u32; 4],
}

impl Faults {
    pub(super) fn new(seed: u64, rules: &[FaultRule], now: Timestamp) -> Self {
        let mut faults = Self { seed, rules: Vec::new(), made: 0, bytes: 0, calls: [0; 4] };
        for rule in rules {
            faults.add(rule.clone(), now);
        }
        faults
    }

    pub(super) fn add(&mut self, rule: FaultRule, now: Timestamp) -> FaultId {
        self.made += 1;
        let id = FaultId::Rule(self.made);
        self.bytes += bytes(&rule);
        self.rules.push(ActiveRule {
            id,
            rule,
            fired: 0,
            made_at: now,
            limiter: Limiter::default(),
        });
        id
    }

    /// Returns whether the rule existed.
    pub(super) fn remove(&mut self, id: FaultId) -> bool {
        let Some(place) = self.rules.iter().position(|rule| rule.id == id) else { return false };
        self.bytes -= bytes(&self.rules.remove(place).rule);
        true
    }

    /// Roughly their size in memory.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn rules(&self) -> impl Iterator<Item = &ActiveRule> {
        self.rules.iter()
    }

    /// Counts a call, and returns how often its endpoint has been called.
    pub(super) fn count(&mut self, endpoint: Endpoint) -> u32 {
        let calls = &mut self.calls[endpoint as usize];
        *calls = calls.saturating_add(1);
        *calls
    }

    /// Decides about a call that is not counted, since this fault alone answers it.
    pub(super) fn answer(
        &self,
        endpoint: Endpoint,
        wish: &OnDemandFault,
        now: Timestamp,
    ) -> FaultDecision {
        // No trigger is asked.
        let clock = ClockMode::Realtime;
        let place = CallContext { endpoint, country: None, service: None, rental: None, clock };
        let OnDemandFault { id, effect, phase } = wish;
        let draw = Draw { seed: self.seed, fault: *id, place: &place, calls: &self.calls };
        let mut decision = FaultDecision::default();
        decision.add(&draw, effect, *phase, || Ok(()), now);
        decision
    }

    /// Decides about a counted call. The first disruption wins; all delays add up (our ruling).
    pub(super) fn judge(
        &mut self,
        place: &CallContext<'_>,
        on_demand: &[OnDemandFault],
        now: Timestamp,
        started: Timestamp,
    ) -> FaultDecision {
        let mut decision = FaultDecision::default();
        for OnDemandFault { id, effect, phase } in on_demand {
            let draw = Draw { seed: self.seed, fault: *id, place, calls: &self.calls };
            match (id, effect.disruption) {
                // It is done to whatever reply there will be.
                (FaultId::Prefer, Some(Disruption::Wire(fault))) => {
                    decision.on_reply = Some(FaultAction::Wire(fault, draw.noise()));
                    let delay = effect.delay.map(|delay| draw.delay(delay));
                    decision.after = decision.after + delay.unwrap_or_default();
                }
                _ => drop(decision.add(&draw, effect, *phase, || Ok(()), now)),
            }
        }
        for active in &mut self.rules {
            let ActiveRule { id, rule, fired, made_at, limiter } = active;
            let draw = Draw { seed: self.seed, fault: *id, place, calls: &self.calls };
            if !rule.endpoints.contains(place.endpoint)
                || !rule.is_alive(*fired, now.since(*made_at))
                || !draw.triggers(rule, now.since(started))
            {
                continue;
            }
            let admit = || match rule.effect.disruption {
                Some(Disruption::RateLimit(limit)) => {
                    limiter.take(&limit, place.rental.map(|(serial, _)| serial), now)
                }
                _ => Ok(()),
            };
            if decision.add(&draw, &rule.effect, rule.phase, admit, now) {
                *fired = fired.saturating_add(1);
            }
        }
        if decision.on_reply.is_some() {
            decision.fault = decision.fault.or(Some(FaultId::Prefer));
        }
        decision
    }
}

fn bytes(rule: &FaultRule) -> usize {
    let lists = [&rule.trigger.nth, &rule.trigger.nth_of_rental];
    let numbers: usize = lists.into_iter().flatten().map(|list| list.iter().len()).sum();
    size_of::<ActiveRule>() + 256 + numbers * size_of::<u32>()
}

impl FaultDecision {
    /// Adds one fault, unless a disruption came before it, and returns whether it fired. `admit`:
    /// counts the call against a rate limit; its error is how long to wait.
    fn add(
        &mut self,
        draw: &Draw<'_>,
        effect: &Effect,
        phase: Phase,
        admit: impl FnOnce() -> Result<(), VirtualDuration>,
        now: Timestamp,
    ) -> bool {
        if let Some(disruption) = effect.disruption {
            if self.action.is_some() {
                return false;
            }
            let strike = match (disruption, admit()) {
                (Disruption::RateLimit(_), Ok(())) => return false,
                (Disruption::RateLimit(limit), Err(wait)) => {
                    FaultAction::Refuse(draw.rate_limited(wait, limit.retry_after, now))
                }
                (Disruption::Error(code), _) => FaultAction::Refuse(draw.refusal(code)),
                (Disruption::Status(status, body), _) => {
                    let code = ErrorCode::for_status(status.get());
                    FaultAction::Status(status, body, draw.refusal(code))
                }
                (Disruption::Redirect(redirect), _) => FaultAction::Redirect(redirect),
                (Disruption::Wire(fault), _) => FaultAction::Wire(fault, draw.noise()),
            };
            self.action = Some((strike, phase));
            self.fault = Some(draw.fault);
        }
        if let Some(delay) = effect.delay {
            let span = draw.delay(delay);
            match phase {
                Phase::Before => self.before = self.before + span,
                Phase::After => self.after = self.after + span,
            }
            self.fault = self.fault.or(Some(draw.fault));
        }
        true
    }
}

json_schema!(FaultId, "FaultId": {
    "type": "string", "pattern": "^fault_[1-9][0-9]*$|^on_demand_by_(api_key|country|prefer)$",
    "description": "A rule of the sandbox, or an error that was asked for on demand.",
});

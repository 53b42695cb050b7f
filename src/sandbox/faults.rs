//! What goes wrong with a call: the fault rules of a sandbox, and how often each has struck.

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
use crate::scenario::{BodyKind, Effect, FaultRule, Phase, Redirect};

/// The name of what made a call go wrong, as the journal gives it: `fault_1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultId {
    /// A rule of the sandbox, counted from 1.
    Rule(u32),
    /// A magic api_key.
    ApiKey,
    /// A country that is none.
    Country,
    /// The header `Prefer` of the request.
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
    /// What made it happen, for a message.
    #[must_use]
    pub fn reason(self) -> String {
        match self {
            Self::Rule(_) => format!("{self} of this sandbox"),
            Self::ApiKey => "on demand: this api_key asks for it".into(),
            Self::Country => "on demand: this country asks for it".into(),
            Self::Prefer => "on demand: the header Prefer asks for it".into(),
        }
    }
}

impl<'de> Deserialize<'de> for FaultId {
    /// Reads the name of a rule; the others are never written down to be read.
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

/// What is to go wrong with one call by its own wish, before any rule is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnDemandFault {
    /// What asked for it.
    pub id: FaultId,
    /// What is asked for.
    pub effect: Effect,
    /// In which phase of the call.
    pub phase: Phase,
}

impl OnDemandFault {
    /// Whether it answers without asking the sandbox, which then stays as it is (our ruling on
    /// `Prefer: code` and `error`).
    #[must_use]
    pub(crate) const fn leaves_state_alone(&self) -> bool {
        matches!(self.effect.disruption, Some(Disruption::Error(_) | Disruption::Status(..)))
    }
}

/// Where a call stands among its like. What a rule draws depends on this and the seed alone, so
/// that nothing else that happens moves a fault elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallContext<'a> {
    pub(super) endpoint: Endpoint,
    pub(super) country: Option<Country>,
    pub(super) service: Option<&'a Service>,
    /// The rental it names, and how often it was polled and cancelled, this call included.
    pub(super) rental: Option<(u32, [u32; 2])>,
}

/// What is to become of a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultDecision {
    /// What decided it, or else the first that delays it.
    pub fault: Option<FaultId>,
    /// How long the call is held up before it takes effect.
    pub before: RealDuration,
    /// How long its reply is held up after it took effect.
    pub after: RealDuration,
    /// What goes wrong, and in which phase.
    pub action: Option<(FaultAction, Phase)>,
    /// What the request itself asks to happen to its reply on the wire, whatever that reply is.
    pub on_reply: Option<FaultAction>,
}

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FaultAction {
    /// It is refused.
    Refuse(Refusal),
    /// It is answered with this status and body. The refusal is what a JSON body says.
    Status(HttpStatus, BodyKind, Refusal),
    /// It is sent elsewhere.
    Redirect(Redirect),
    /// This happens on the wire. What is drawn for it grows from the number.
    Wire(WireFault, u64),
}

/// A rule of a sandbox, and what became of it.
#[derive(Debug)]
pub(crate) struct ActiveRule {
    /// Its name.
    pub id: FaultId,
    /// What was specified.
    pub rule: FaultRule,
    /// How often it has struck.
    pub fired: u32,
    made_at: Timestamp,
    limiter: Limiter,
}

/// The rules of a sandbox, in the order they are tried.
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
    /// The rules that a sandbox starts with.
    pub(super) fn new(seed: u64, rules: &[FaultRule], now: Timestamp) -> Self {
        let mut faults = Self { seed, rules: Vec::new(), made: 0, bytes: 0, calls: [0; 4] };
        for rule in rules {
            faults.add(rule.clone(), now);
        }
        faults
    }

    /// Adds a rule; it is tried after all others.
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

    /// Removes a rule. Whether there was one.
    pub(super) fn remove(&mut self, id: FaultId) -> bool {
        let Some(place) = self.rules.iter().position(|rule| rule.id == id) else { return false };
        self.bytes -= bytes(&self.rules.remove(place).rule);
        true
    }

    /// About how much memory they take.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The rules, in the order they are tried.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &ActiveRule> {
        self.rules.iter()
    }

    /// Counts a call. Gives how often its endpoint was called, this time included.
    pub(super) fn count(&mut self, endpoint: Endpoint) -> u32 {
        let calls = &mut self.calls[endpoint as usize];
        *calls = calls.saturating_add(1);
        *calls
    }

    /// What becomes of a call that is not counted, since nothing but this one wish decides.
    pub(super) fn answer(
        &self,
        endpoint: Endpoint,
        wish: &OnDemandFault,
        now: Timestamp,
    ) -> FaultDecision {
        let place = CallContext { endpoint, country: None, service: None, rental: None };
        let OnDemandFault { id, effect, phase } = wish;
        let draw = Draw { seed: self.seed, fault: *id, place: &place, calls: &self.calls };
        let mut decision = FaultDecision::default();
        decision.add(&draw, effect, *phase, || Ok(()), now);
        decision
    }

    /// Decides what becomes of a call that was counted: the first that strikes and is more than a
    /// delay decides, the delays of all that strike add up (our ruling).
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
                // It happens to the reply that there will be, and decides none.
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

/// About how much memory a rule takes.
fn bytes(rule: &FaultRule) -> usize {
    let lists = [&rule.trigger.nth, &rule.trigger.nth_of_rental];
    let numbers: usize = lists.into_iter().flatten().map(|list| list.iter().len()).sum();
    size_of::<ActiveRule>() + 256 + numbers * size_of::<u32>()
}

impl FaultDecision {
    /// Adds what one fault does, unless a disruption has decided before it. `admit` counts the call
    /// of a rate limit; its error is how long to wait. Whether the fault struck.
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

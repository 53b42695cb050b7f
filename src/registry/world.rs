//! What one lock guards: a sandbox, and the journal of what it was asked.

use std::sync::Arc;

use parking_lot::Mutex;

use super::on_demand;
use super::real_time::RealClock;
use super::{Answer, Call};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::lint::Lint;
use crate::domain::real_span::RealSpan;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::insight::journal::{Entry, Journal};
use crate::sandbox::Sandbox;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::{Command, Refusal, Reply};
use crate::sandbox::faults::{FaultId, OnDemand, Strike, Verdict};
use crate::scenario::shape::Shape;
use crate::scenario::{BodyKind, Phase};

/// What one lock guards.
#[derive(Debug)]
pub(super) struct World {
    pub(super) sandbox: Sandbox,
    pub(super) journal: Journal,
    pub(super) entered_at: RealTime,
    /// What goes wrong with every call, or every rental, since the key asks for it.
    pub(super) on_demand: Option<on_demand::ByKey>,
}

/// What becomes of a call that has been decided.
#[derive(Debug)]
pub struct Outcome {
    /// The reply, or the refusal.
    pub answer: Answer,
    /// What the client gets instead of it, or what happens to it on its way.
    pub instead: Option<Strike>,
    /// What made it go wrong.
    pub fault: Option<FaultId>,
    /// How long the reply is held up.
    pub delay: RealSpan,
    /// What the sandbox's clock showed, if it reached one.
    pub at: Option<Timestamp>,
    /// How the reply deviates from the documented one.
    pub shape: Shape,
    /// Whether what the request preferred was done.
    pub prefer_applied: bool,
}

impl Outcome {
    /// The status that the client sees, if it sees one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.instead {
            Some(Strike::Status(status, ..)) => Some(status.get()),
            Some(Strike::Redirect(redirect)) => Some(redirect.status()),
            Some(Strike::Wire(fault, _)) if !fault.carries_reply() => None,
            _ => Some(match &self.answer {
                Err(refusal) if !self.shape.errors_as_200 => refusal.code.status(),
                _ => 200,
            }),
        }
    }

    /// The error that the client is told, if it is told one.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        match &self.instead {
            // The JSON body tells it whatever the status is.
            Some(Strike::Status(status, body, refusal))
                if status.get() >= 400 || *body == BodyKind::Json =>
            {
                Some(refusal.code)
            }
            Some(Strike::Status(..) | Strike::Redirect(_)) => None,
            Some(Strike::Wire(fault, _)) if !fault.carries_reply() => None,
            _ => self.answer.as_ref().err().map(|refusal| refusal.code),
        }
    }
}

/// A call on its way into a sandbox: decided at once, or held up first.
#[derive(Debug)]
pub enum Entered<'a> {
    /// It is decided.
    Decided(Outcome),
    /// It takes effect only after a while.
    Held(Held<'a>),
}

/// A call that is held up on its way. One that is dropped never takes effect.
#[derive(Debug)]
pub struct Held<'a> {
    world: Arc<Mutex<World>>,
    real: &'a RealClock,
    call: &'a Call,
    strict: bool,
    /// Taken by the one who lets it go on.
    decided: Option<(Verdict, Shape)>,
}

impl Held<'_> {
    /// How long it is to be held up.
    #[must_use]
    pub fn delay(&self) -> RealSpan {
        self.decided.as_ref().map_or(RealSpan::ZERO, |(verdict, _)| verdict.before)
    }

    /// Lets it take effect now.
    #[must_use]
    pub fn go_on(mut self) -> Outcome {
        let (verdict, shape) = self.decided.take().unwrap_or_default();
        let mut world = self.world.lock();
        let real = self.real.now();
        world.sandbox.catch_up(real);
        world.carry_out(self.call, verdict, shape, self.strict, real)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some((verdict, _)) = self.decided.take() {
            let mut world = self.world.lock();
            let real = self.real.now();
            world.sandbox.catch_up(real);
            world.write(self.call, None, None, None, verdict.fault, real);
        }
    }
}

/// Takes a call into a world, under its lock.
pub(super) fn enter<'a>(
    world: Arc<Mutex<World>>,
    real: &'a RealClock,
    call: &'a Call,
    strict: bool,
) -> Entered<'a> {
    let mut guard = world.lock();
    // Read under the lock, so that no later entry has an earlier time.
    let now = real.now();
    guard.entered_at = now;
    let (verdict, shape) = guard.judge(call, now);
    let is_held =
        verdict.before > RealSpan::ZERO && !matches!(verdict.strike, Some((_, Phase::Before)));
    if is_held {
        drop(guard);
        return Entered::Held(Held { world, real, call, strict, decided: Some((verdict, shape)) });
    }
    Entered::Decided(guard.carry_out(call, verdict, shape, strict, now))
}

impl World {
    /// Brings the sandbox up to now and decides what is to become of a call.
    fn judge(&mut self, call: &Call, real: RealTime) -> (Verdict, Shape) {
        let command = call.command.as_ref().ok();
        if let Some(prefer) = &call.prefer
            && prefer.leaves_state_alone()
        {
            self.sandbox.catch_up(real);
            return self.sandbox.answer_on_demand(call.endpoint, prefer);
        }
        match call.endpoint {
            Endpoint::GetSms => self.sandbox.catch_up_for_poll(real),
            _ => self.sandbox.catch_up(real),
        };
        let by_key = self.on_demand.and_then(|by_key| by_key.for_call(call.endpoint));
        let by_country = on_demand::by_country(command);
        let on_demand = [call.prefer, by_key, by_country];
        let is_empty = on_demand.iter().all(Option::is_none);
        if is_empty {
            return self.sandbox.judge(call.endpoint, command, &[]);
        }
        let on_demand: Vec<OnDemand> = on_demand.into_iter().flatten().collect();
        self.sandbox.judge(call.endpoint, command, &on_demand)
    }

    fn carry_out(
        &mut self,
        call: &Call,
        verdict: Verdict,
        shape: Shape,
        strict: bool,
        real: RealTime,
    ) -> Outcome {
        let Verdict { fault, before, after, strike, on_reply } = verdict;
        let (before_it, after_it) = match strike {
            Some((strike, Phase::Before)) => (Some(strike), None),
            Some((strike, Phase::After)) => (None, Some(strike)),
            None => (None, None),
        };
        // What was held up before it took effect has waited already.
        let delay = if before_it.is_some() { before + after } else { after };
        let applied = match before_it {
            Some(_) => None,
            None => Some(match &call.command {
                Ok(_) if strict && call.lints.iter().any(Lint::is_refused_when_strict) => {
                    Err(too_lax(&call.lints))
                }
                Ok(command) => self.sandbox.apply(command),
                Err(refusal) => Err(refusal.clone()),
            }),
        };
        let made = match &applied {
            Some(Ok(Reply::Rented { rental_id, .. })) => Some(*rental_id),
            _ => None,
        };
        let answer = applied.unwrap_or_else(|| Err(never_took_effect(fault)));
        let (answer, instead) = match before_it.or(after_it) {
            Some(Strike::Refuse(refusal)) => (Err(refusal), on_reply),
            None => (answer, on_reply),
            strike => (answer, strike),
        };
        let prefer_applied = call.prefer.is_some();
        let at = Some(self.sandbox.now());
        let outcome = Outcome { answer, instead, fault, delay, at, shape, prefer_applied };
        self.write(call, outcome.status(), outcome.code(), made, fault, real);
        outcome
    }

    fn write(
        &mut self,
        call: &Call,
        status: Option<u16>,
        code: Option<ErrorCode>,
        made: Option<RentalId>,
        fault: Option<FaultId>,
        real: RealTime,
    ) {
        let (country, service, named) = match call.command.as_ref().ok() {
            Some(Command::GetNumbers { country }) => (*country, None, None),
            Some(Command::RentNumber { country, service }) => {
                (Some(*country), service.clone(), None)
            }
            Some(Command::GetSms { rental_id } | Command::CancelNumber { rental_id }) => {
                (None, None, Some(*rental_id))
            }
            None => (None, None, None),
        };
        let at = self.sandbox.now();
        self.journal.write(|seq| Entry {
            seq,
            at,
            real_at: Timestamp::from_unix_millis(i64::try_from(real.0 / 1_000).unwrap_or(i64::MAX)),
            endpoint: call.endpoint,
            method: call.endpoint.method(),
            status,
            code,
            rental_id: made.or(named),
            country,
            service,
            lints: call.lints.clone(),
            fault,
        });
    }
}

/// What a reply that is spoilt on the wire says, where the call never took effect (our ruling).
fn never_took_effect(fault: Option<FaultId>) -> Refusal {
    let code = ErrorCode::InternalError;
    let reason = fault.map(|fault| format!(" ({})", fault.reason())).unwrap_or_default();
    Refusal::new(code, format!("{}; {}{reason}", code.meaning(), code.advice()))
}

fn too_lax(lints: &[Lint]) -> Refusal {
    let lint = lints.iter().find(|lint| lint.is_refused_when_strict());
    let message = lint.map(|lint| format!("{lint} (--strict)")).unwrap_or_default();
    Refusal::new(ErrorCode::InvalidRequest, message)
}

//! A call on its way into a sandbox: decided at once, held up first, or made to wait.

use std::sync::Arc;

use super::Registry;
use super::event_bus::Update;
use super::jobs::JobLength;
use super::on_demand_errors;
use super::real_time::RealClock;
use super::slot::SandboxSlot;
use super::state::{SandboxState, catch_up};
use crate::capsule::Change;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::lint::Lint;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::journal::recorded_request::{RecordedPrefer, RecordedRefusal, RecordedRequest};
use crate::journal::{Details, JournalEntry};
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::{Command, Refusal, Reply};
use crate::sandbox::faults::{FaultAction, FaultDecision, FaultId, OnDemandFault};
use crate::sandbox::outcome::{CallOutcome, ClientDisconnected};
use crate::scenario::Phase;
use crate::scenario::shape::Shape;

/// A call that has reached an endpoint: what it asks, or why it could not be understood.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Which endpoint.
    pub endpoint: Endpoint,
    /// What it asks.
    pub command: Result<Command, Refusal>,
    /// What was accepted although the documentation writes it otherwise.
    pub lints: Vec<Lint>,
    /// What its `Prefer` header asks to go wrong.
    pub prefer: Option<OnDemandFault>,
}

/// A call on its way into a sandbox.
#[derive(Debug)]
pub(crate) enum CallProgress {
    /// It is decided.
    Decided(Arc<CallOutcome>),
    /// It takes effect only after a while. Boxed, since it is rare.
    Delayed(Box<DelayedCall>),
    /// It cannot be decided yet.
    Waiting(WaitingCall),
}

/// A call that waits for its sandbox: there is too much to catch up with for the thread that
/// answers the partner API, or somebody reads who needs the sandbox to stay as it is.
#[derive(Debug)]
pub(crate) struct WaitingCall {
    pub(super) slot: Arc<SandboxSlot>,
    /// Whether it is a getSMS that has moved the clock by its step.
    pub(super) stepped: bool,
}

impl WaitingCall {
    /// Waits until the sandbox has been caught up with.
    pub(crate) async fn wait(&self, registry: &Registry) {
        let (slot, real) = (Arc::clone(&self.slot), registry.real);
        let job = move || drop(catch_up(&slot, &real));
        // Short, so that no long job of another key comes before it.
        if registry.jobs.run(self.slot.key.as_str(), JobLength::Short, job).await.is_none() {
            // No thread for it can be had; better here than never.
            drop(catch_up(&self.slot, &registry.real));
        }
        // Somebody who reads outside the order of the jobs may go on: others are let in.
        tokio::task::yield_now().await;
    }
}

/// A call that is held up on its way. One that is dropped never takes effect.
#[derive(Debug)]
pub(crate) struct DelayedCall {
    slot: Arc<SandboxSlot>,
    real: RealClock,
    call: Arc<Call>,
    /// Why it is refused once it goes on, as it was decided when it came.
    refused: Option<Refusal>,
    /// Taken by the one who lets it go on.
    decided: Option<(FaultDecision, Shape)>,
    delay_id: u32,
}

impl DelayedCall {
    /// Waits until its sandbox has been caught up with, and nobody needs it to stay as it is.
    pub(crate) async fn wait_for_sandbox(&self, registry: &Registry) {
        let is_ready = || {
            let mut state = self.slot.lock();
            state.readers == 0 && state.catch_up_some(self.real.now())
        };
        while !is_ready() {
            WaitingCall { slot: Arc::clone(&self.slot), stepped: false }.wait(registry).await;
        }
    }

    /// How long it is to be held up.
    pub(crate) fn delay(&self) -> RealDuration {
        self.decided.as_ref().map_or(RealDuration::ZERO, |(decision, _)| decision.before)
    }

    /// Lets it take effect now.
    pub(crate) fn resume(mut self) -> Arc<CallOutcome> {
        let (decision, shape) = self.decided.take().unwrap_or_default();
        let (mut state, real) = catch_up(&self.slot, &self.real);
        let how = How { held: Some(self.delay_id), stepped: false };
        state.carry_out(&self.call, decision, shape, self.refused.take(), how, real)
    }
}

impl Drop for DelayedCall {
    fn drop(&mut self) {
        if let Some((decision, _)) = self.decided.take() {
            let (mut state, real) = catch_up(&self.slot, &self.real);
            let how = How { held: Some(self.delay_id), stepped: false };
            let details = details(&self.call, self.refused.take(), how);
            state.write(&self.call, None, details, None, decision.fault, real);
        }
    }
}

/// How a call came to be carried out, where it was not at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct How {
    /// The number under which it was held up.
    pub(super) held: Option<u32>,
    /// Whether it moved a per_poll clock before it had to wait, which was written down then.
    pub(super) stepped: bool,
}

/// Takes a call into a sandbox, under its lock, on a thread that must not be held up.
pub(super) fn enter(
    slot: Arc<SandboxSlot>,
    real: &RealClock,
    call: &Call,
    strict: bool,
    mut stepped: bool,
) -> CallProgress {
    let mut state = slot.lock();
    // Read under the lock, so that no later entry has an earlier time.
    let now = real.now();
    state.entered_at = now;
    if state.readers > 0 || !state.arrive(call, &mut stepped, now) {
        drop(state);
        return CallProgress::Waiting(WaitingCall { slot, stepped });
    }
    let (decision, shape) = state.judge(call);
    let is_held = decision.before > RealDuration::ZERO
        && !matches!(decision.strike, Some((_, Phase::Before)));
    if is_held {
        let delay_id = state.delay_id();
        let refused = state.refused(call, strict);
        let hold = Change::Hold { delay_id, request: asked(call, refused.clone(), stepped) };
        state.note(hold, now);
        drop(state);
        let decided = Some((decision, shape));
        let (real, call) = (*real, Arc::new(call.clone()));
        return CallProgress::Delayed(Box::new(DelayedCall {
            slot,
            real,
            call,
            refused,
            decided,
            delay_id,
        }));
    }
    let how = How { held: None, stepped };
    let refused = state.refused(call, strict);
    CallProgress::Decided(state.carry_out(call, decision, shape, refused, how, now))
}

impl SandboxState {
    /// Brings the sandbox up to a call by one stretch; a getSMS moves a per_poll clock first. Whether
    /// it is there: else the call is to come again, and `stepped` says whether it has moved the clock.
    pub(super) fn arrive(&mut self, call: &Call, stepped: &mut bool, real: RealTime) -> bool {
        if !self.catch_up_some(real) {
            return false;
        }
        let leaves_clock_alone = call.prefer.is_some_and(|prefer| prefer.leaves_state_alone());
        if *stepped || leaves_clock_alone || call.endpoint != Endpoint::GetSms {
            return true;
        }
        let Some(by) = self.machine.step_clock(real) else { return true };
        if self.catch_up_some(real) {
            return true;
        }
        *stepped = true;
        self.note(Change::Advance { by }, real);
        false
    }

    /// Why a call is refused before it reaches the state machine, if it is.
    fn refused(&self, call: &Call, strict: bool) -> Option<Refusal> {
        match &call.command {
            Ok(_) if strict && call.lints.iter().any(Lint::is_refused_when_strict) => {
                Some(too_lax(&call.lints))
            }
            Ok(Command::RentNumber { .. }) => self.check_room().err(),
            Ok(_) => None,
            Err(refusal) => Some(refusal.clone()),
        }
    }

    /// Decides what is to become of a call that has [arrived](Self::arrive).
    pub(super) fn judge(&mut self, call: &Call) -> (FaultDecision, Shape) {
        let command = call.command.as_ref().ok();
        if let Some(prefer) = &call.prefer
            && prefer.leaves_state_alone()
        {
            return self.machine.answer_on_demand(call.endpoint, prefer);
        }
        let by_key = self.config.key_error;
        let by_key = by_key.and_then(|code| on_demand_errors::by_key(code, call.endpoint));
        let by_country = on_demand_errors::by_country(command);
        let on_demand = [call.prefer, by_key, by_country];
        let is_empty = on_demand.iter().all(Option::is_none);
        if is_empty {
            return self.machine.judge(call.endpoint, command, &[]);
        }
        let on_demand: Vec<OnDemandFault> = on_demand.into_iter().flatten().collect();
        self.machine.judge(call.endpoint, command, &on_demand)
    }

    pub(super) fn carry_out(
        &mut self,
        call: &Call,
        decision: FaultDecision,
        shape: Shape,
        refused: Option<Refusal>,
        how: How,
        real: RealTime,
    ) -> Arc<CallOutcome> {
        let FaultDecision { fault, before, after, strike, on_reply } = decision;
        let (before_it, after_it) = match strike {
            Some((strike, Phase::Before)) => (Some(strike), None),
            Some((strike, Phase::After)) => (None, Some(strike)),
            None => (None, None),
        };
        // What was held up before it took effect has waited already.
        let delay = if before_it.is_some() { before + after } else { after };
        let applied = match before_it {
            Some(_) => None,
            None => Some(match (&call.command, &refused) {
                (_, Some(refusal)) | (Err(refusal), None) => Err(refusal.clone()),
                (Ok(command), None) => self.machine.apply(command),
            }),
        };
        if self.is_heard()
            && let Some(Ok(Reply::Rented { rental_id, .. } | Reply::Cancelled { rental_id, .. })) =
                &applied
        {
            self.tell_rental(*rental_id, self.machine.now());
        }
        let made = match &applied {
            Some(Ok(Reply::Rented { rental_id, .. })) => Some(*rental_id),
            _ => None,
        };
        let answer = applied.unwrap_or_else(|| Err(never_took_effect(fault)));
        let (answer, override_action) = match before_it.or(after_it) {
            Some(FaultAction::Refuse(refusal)) => (Err(refusal), on_reply),
            None => (answer, on_reply),
            strike => (answer, strike),
        };
        let prefer_applied = call.prefer.is_some();
        let at = Some(self.machine.now());
        let client_disconnected = ClientDisconnected::default();
        let outcome = CallOutcome {
            answer,
            override_action,
            fault,
            delay,
            at,
            shape,
            prefer_applied,
            client_disconnected,
        };
        let outcome = Arc::new(outcome);
        self.write(call, Some(&outcome), details(call, refused, how), made, fault, real);
        outcome
    }

    fn write(
        &mut self,
        call: &Call,
        outcome: Option<&Arc<CallOutcome>>,
        details: Option<Box<Details>>,
        made: Option<RentalId>,
        fault: Option<FaultId>,
        real: RealTime,
    ) {
        let command = call.command.as_ref().ok();
        let (at, runs) = (self.machine.now(), self.machine.clock().runs());
        self.coverage.count(call.endpoint, outcome.map(|outcome| &**outcome));
        if let Some(id) = fault {
            self.publish(at, || Update::Fault { id, what: "fired" });
        }
        let (key, event_bus, retired) = (&self.key, &self.shared.event_bus, self.retired);
        let (channel, may_grow) = (self.channel.upgrade(), self.may_grow());
        let channel = channel.as_deref();
        let written = self.journal.write(may_grow, |seq| JournalEntry {
            seq,
            at,
            real_at: Timestamp::from_unix_millis(i64::try_from(real.0 / 1_000).unwrap_or(i64::MAX)),
            endpoint: call.endpoint,
            method: call.endpoint.method(),
            status: outcome.and_then(|outcome| outcome.status()),
            code: outcome.and_then(|outcome| outcome.code()),
            rental_id: made.or(command.and_then(Command::rental_id)),
            country: command.and_then(Command::country),
            service: command.and_then(Command::service).cloned(),
            lints: call.lints.clone(),
            fault,
            outcome: outcome.map(Arc::clone),
            real,
            runs,
            details,
            bytes: 0,
        });
        if let Some(entry) = written.filter(|_| !retired) {
            if let Some(channel) = channel {
                channel.verify_waits.see(entry);
            }
            event_bus.publish(channel, key, at, || Update::Request(Box::new(entry.clone())));
        }
    }
}

/// What a call asked, as it is written down.
fn asked(call: &Call, refused: Option<Refusal>, stepped: bool) -> RecordedRequest {
    let mut asked = RecordedRequest::new(call.endpoint, call.command.as_ref().ok());
    asked.refused = refused.map(RecordedRefusal::from);
    asked.prefer = call.prefer.map(RecordedPrefer::from);
    asked.stepped = stepped;
    asked
}

/// What is to be known of a call beside what its entry says; mostly nothing.
fn details(call: &Call, refused: Option<Refusal>, how: How) -> Option<Box<Details>> {
    let How { held, stepped } = how;
    let is_plain = refused.is_none() && call.prefer.is_none() && held.is_none() && !stepped;
    (!is_plain)
        .then(|| Box::new(Details { request: asked(call, refused, stepped), delay_id: held }))
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

//! What is decided about a call, and how that is carried out and written to the journal.

use std::borrow::Cow;
use std::sync::Arc;

use super::call::Call;
use super::event_bus::Update;
use super::on_demand_errors;
use super::state::SandboxState;
use crate::domain::error_code::ErrorCode;
use crate::domain::lint::Lint;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::journal::recorded_request::{RecordedPrefer, RecordedRefusal, RecordedRequest};
use crate::journal::{Details, JournalEntry};
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::{Command, Refusal, Reply};
use crate::sandbox::faults::{FaultAction, FaultDecision, FaultId, OnDemandFault};
use crate::sandbox::outcome::{Answer, CallOutcome, ClientDisconnected};
use crate::scenario::Phase;
use crate::scenario::shape::Shape;

/// What is decided about a call when it arrives, before it takes effect.
#[derive(Debug, Default)]
pub(super) struct Decision {
    /// Why the call does not reach the state machine, if it does not.
    pub(super) refused: Option<Refusal>,
    pub(super) faults: FaultDecision,
    pub(super) shape: Shape,
    /// Set if a fault delays the call before it takes effect.
    pub(super) delay_id: Option<u32>,
    /// Whether the call moved a per_poll clock before it had to wait. The change log has that step.
    pub(super) stepped: bool,
}

impl SandboxState {
    /// Why a call is refused before it reaches the state machine, if it is.
    pub(super) fn refuse(&self, call: &Call, strict: bool) -> Option<Refusal> {
        let is_strict = |lint: &&Lint| strict && lint.is_refused_when_strict();
        match &call.command {
            Err(refusal) => Some(refusal.clone()),
            Ok(command) => match call.lints.iter().find(is_strict) {
                Some(lint) => {
                    let message = format!("{lint}; this server is strict");
                    Some(Refusal::new(ErrorCode::InvalidRequest, message))
                }
                None if matches!(command, Command::RentNumber { .. }) => self.check_room().err(),
                None => None,
            },
        }
    }

    /// Counts a call and decides which faults strike it, and the shape of its reply.
    pub(super) fn decide(&mut self, call: &Call) -> Decision {
        let (faults, shape) = self.faults_of(call);
        self.coverage.count_faults(&faults);
        Decision { faults, shape, ..Decision::default() }
    }

    fn faults_of(&mut self, call: &Call) -> (FaultDecision, Shape) {
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
        if on_demand.iter().all(Option::is_none) {
            return self.machine.judge(call.endpoint, command, &[]);
        }
        let on_demand: Vec<OnDemandFault> = on_demand.into_iter().flatten().collect();
        self.machine.judge(call.endpoint, command, &on_demand)
    }

    /// Lets a call take effect, unless a fault prevents that, and writes it to the journal.
    pub(super) fn carry_out(
        &mut self,
        call: &Call,
        mut decision: Decision,
        real: RealTime,
    ) -> Arc<CallOutcome> {
        let faults = &mut decision.faults;
        let (fault, before, after) = (faults.fault, faults.before, faults.after);
        let on_reply = faults.on_reply.take();
        let (answer, action, delay) = match faults.action.take() {
            Some((action, Phase::Before)) => {
                (Err(never_took_effect(fault)), Some(action), before + after)
            }
            // The delay before the effect is over.
            Some((action, Phase::After)) => {
                (self.apply(call, decision.refused.as_ref()), Some(action), after)
            }
            None => (self.apply(call, decision.refused.as_ref()), None, after),
        };
        let rented = match &answer {
            Ok(Reply::Rented { rental_id, .. }) => Some(*rental_id),
            _ => None,
        };
        let (answer, override_action) = match action {
            Some(FaultAction::Refuse(refusal)) => (Err(refusal), on_reply),
            None => (answer, on_reply),
            action => (answer, action),
        };
        let outcome = Arc::new(CallOutcome {
            answer,
            override_action,
            fault,
            delay,
            at: Some(self.machine.now()),
            shape: decision.shape,
            prefer_applied: call.prefer.is_some(),
            client_disconnected: ClientDisconnected::default(),
        });
        self.write(call, decision, Some(&outcome), rented, real);
        outcome
    }

    fn apply(&mut self, call: &Call, refused: Option<&Refusal>) -> Answer {
        let answer = match (&call.command, refused) {
            (_, Some(refusal)) | (Err(refusal), None) => Err(refusal.clone()),
            (Ok(command), None) => self.machine.apply(command),
        };
        if self.has_subscribers()
            && let Ok(Reply::Rented { rental_id, .. } | Reply::Cancelled { rental_id, .. }) =
                &answer
        {
            self.tell_rental(*rental_id, self.machine.now());
        }
        answer
    }

    /// Writes a call to the journal. `outcome`: `None` if the client disconnected before the call
    /// took effect.
    pub(super) fn write(
        &mut self,
        call: &Call,
        decision: Decision,
        outcome: Option<&Arc<CallOutcome>>,
        rented: Option<RentalId>,
        real: RealTime,
    ) {
        let (command, fault) = (call.command.as_ref().ok(), decision.faults.fault);
        let (at, runs) = (self.machine.now(), self.machine.clock().runs());
        self.coverage.count(call.endpoint, outcome.map(|outcome| &**outcome));
        if let Some(id) = fault {
            self.publish(at, || Update::Fault { id, what: "fired" });
        }
        let unstepped_at = self.machine.without_steps(at);
        self.append(at, |seq| JournalEntry {
            seq,
            at,
            real_at: real.to_timestamp(),
            endpoint: Some(call.endpoint),
            method: call.endpoint.method(),
            path: Cow::Borrowed(call.endpoint.path()),
            status: outcome.and_then(|outcome| outcome.status()),
            code: outcome.and_then(|outcome| outcome.code()),
            rental_id: rented.or(command.and_then(Command::rental_id)),
            country: command.and_then(Command::country),
            service: command.and_then(Command::service).cloned(),
            lints: call.lints.clone(),
            fault,
            outcome: outcome.map(Arc::clone),
            real,
            runs,
            unstepped_at,
            details: details(call, decision),
            bytes: 0,
        });
    }

    /// Appends an entry to the journal, and tells those who wait for one.
    pub(super) fn append(&mut self, at: Timestamp, make: impl FnOnce(u64) -> JournalEntry) {
        let (key, event_bus, retired) = (&self.key, &self.shared.event_bus, self.retired);
        let (channel, may_grow) = (self.channel.upgrade(), self.may_grow());
        let channel = channel.as_deref();
        let written = self.journal.write(may_grow, make);
        if let Some(entry) = written.filter(|_| !retired) {
            if let Some(channel) = channel {
                channel.verify_waits.see(entry);
            }
            event_bus.publish(channel, key, at, || Update::Request(Box::new(entry.clone())));
        }
    }
}

/// A call as the change log and the journal keep it.
pub(super) fn recorded_request(
    call: &Call,
    refused: Option<Refusal>,
    stepped: bool,
) -> RecordedRequest {
    let mut request = RecordedRequest::new(call.endpoint, call.command.as_ref().ok());
    request.refused = refused.map(RecordedRefusal::from);
    request.prefer = call.prefer.map(RecordedPrefer::from);
    request.stepped = stepped;
    request
}

/// What is kept of a call and its journal entry does not say; mostly nothing.
fn details(call: &Call, decision: Decision) -> Option<Box<Details>> {
    let Decision { refused, delay_id, stepped, .. } = decision;
    let is_plain = refused.is_none() && call.prefer.is_none() && delay_id.is_none() && !stepped;
    if is_plain && call.trace.is_empty() {
        return None;
    }
    let request = recorded_request(call, refused, stepped);
    Some(Box::new(Details { request, delay_id, trace: call.trace.clone() }))
}

/// The answer behind a reply that a fault spoils, if the call never took effect (our ruling).
fn never_took_effect(fault: Option<FaultId>) -> Refusal {
    let code = ErrorCode::InternalError;
    let reason = fault.map(|fault| format!(" ({})", fault.reason())).unwrap_or_default();
    Refusal::new(code, format!("{}; {}{reason}", code.meaning(), code.advice()))
}

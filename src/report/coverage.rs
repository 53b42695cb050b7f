//! The outcomes that a client has met, and what else happened to it. Counted, since the journal
//! forgets its oldest entries.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::endpoint::Endpoint;
use crate::domain::real_duration::RealDuration;
use crate::sandbox::command::Reply;
use crate::sandbox::event::{EventKind, SandboxEvent};
use crate::sandbox::faults::FaultDecision;
use crate::sandbox::outcome::{CallOutcome, OutcomeKind};
use crate::scenario::milestone::{CallEnding, MilestoneKind, MilestoneOutcome, StoryEvent};

/// Counts by endpoint, outcome and status, in the order in which they first occurred. There are
/// few, so a scan costs less than a hash table would.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage {
    calls: Vec<Calls>,
    events: [u64; StoryEvent::COUNT],
}

/// The calls of an endpoint that ended alike.
#[derive(Clone, Copy, Debug)]
struct Calls {
    endpoint: Endpoint,
    kind: OutcomeKind,
    status: Option<u16>,
    count: u64,
}

/// An outcome that a client has met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct CoverageEntry {
    /// The endpoint that the client called.
    pub endpoint: Endpoint,
    /// `success`, an error code, `redirect`, `spoilt_reply` or `no_reply`.
    pub outcome: &'static str,
    /// How often.
    pub count: u64,
}

impl Coverage {
    /// Counts a request; `None` is one that never took effect.
    pub(crate) fn count(&mut self, endpoint: Endpoint, outcome: Option<&CallOutcome>) {
        let kind = outcome.map_or(OutcomeKind::NoReply, CallOutcome::kind);
        let status = outcome.and_then(CallOutcome::status);
        let alike = (endpoint, kind, status);
        let calls = self.calls.iter_mut();
        match calls.into_iter().find(|it| (it.endpoint, it.kind, it.status) == alike) {
            Some(calls) => calls.count += 1,
            None => self.calls.push(Calls { endpoint, kind, status, count: 1 }),
        }
        if kind == OutcomeKind::Success
            && let Some(Ok(Reply::Messages(inbox))) = outcome.map(|outcome| &outcome.answer)
        {
            match inbox.messages.len() as u64 {
                0 => self.events[StoryEvent::EmptyPoll as usize] += 1,
                count => {
                    let fullest = &mut self.events[StoryEvent::SmsRead as usize];
                    *fullest = count.max(*fullest);
                }
            }
        }
    }

    /// Counts what faults do to a call.
    pub(crate) fn count_faults(&mut self, faults: &FaultDecision) {
        if faults.action.is_some() || faults.on_reply.is_some() {
            self.events[StoryEvent::Fault as usize] += 1;
        }
        if faults.before > RealDuration::ZERO || faults.after > RealDuration::ZERO {
            self.events[StoryEvent::Delay as usize] += 1;
        }
    }

    /// Counts what happened when it fell due.
    pub(crate) fn count_due(&mut self, happened: &[SandboxEvent]) {
        for event in happened {
            let event = match event.kind {
                EventKind::Sms { .. } => StoryEvent::SmsArrived,
                EventKind::Expiry { .. } => StoryEvent::Expiry,
                EventKind::Revocation { .. } => StoryEvent::Revocation,
                EventKind::Stock { .. } => continue,
            };
            self.events[event as usize] += 1;
        }
    }

    /// How often this has happened.
    pub(super) fn seen(&self, what: MilestoneKind) -> u64 {
        let (endpoint, ending) = match what {
            MilestoneKind::Event(event) => return self.events[event as usize],
            MilestoneKind::Call(endpoint, ending) => (endpoint, ending),
        };
        let ended_so = |calls: &&Calls| {
            endpoint.is_none_or(|endpoint| calls.endpoint == endpoint)
                && match ending {
                    CallEnding::Any => true,
                    CallEnding::Refused(code) => calls.kind == OutcomeKind::Refused(code),
                    CallEnding::Status(status) => calls.status == Some(status.get()),
                    CallEnding::Outcome(outcome) => calls.kind == kind_of(outcome),
                }
        };
        self.calls.iter().filter(ended_so).map(|calls| calls.count).sum()
    }

    /// The outcomes in the order of the endpoints.
    pub(crate) fn entries(&self) -> Vec<CoverageEntry> {
        let mut sorted = self.calls.clone();
        sorted.sort_unstable_by_key(|calls| (calls.endpoint, calls.kind));
        let mut entries: Vec<CoverageEntry> = Vec::new();
        for Calls { endpoint, kind, count, .. } in sorted {
            let outcome = kind.name();
            match entries.last_mut() {
                Some(last) if (last.endpoint, last.outcome) == (endpoint, outcome) => {
                    last.count += count;
                }
                _ => entries.push(CoverageEntry { endpoint, outcome, count }),
            }
        }
        entries
    }
}

const fn kind_of(outcome: MilestoneOutcome) -> OutcomeKind {
    match outcome {
        MilestoneOutcome::Success => OutcomeKind::Success,
        MilestoneOutcome::Redirect => OutcomeKind::Redirect,
        MilestoneOutcome::SpoiltReply => OutcomeKind::Corrupted,
        MilestoneOutcome::NoReply => OutcomeKind::NoReply,
    }
}

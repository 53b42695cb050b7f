//! Requests that are refused before they reach a sandbox.

use std::borrow::Cow;
use std::sync::Arc;

use super::Registry;
use super::state::SandboxState;
use crate::domain::endpoint::Endpoint;
use crate::domain::lint::Lint;
use crate::domain::real_duration::RealDuration;
use crate::journal::JournalEntry;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::Refusal;
use crate::sandbox::outcome::{CallOutcome, ClientDisconnected};

/// A request that is refused at the door: its path, its method, its encoding or the place of its
/// key is wrong.
#[derive(Debug)]
pub(crate) struct UnroutedRequest {
    /// `None`: the path is none of the API's.
    pub endpoint: Option<Endpoint>,
    pub method: &'static str,
    pub path: Cow<'static, str>,
    pub lints: Vec<Lint>,
}

impl Registry {
    /// The outcome of a request that reaches no sandbox.
    pub(crate) fn refuse(&self, refusal: Refusal) -> Arc<CallOutcome> {
        self.count_unrouted(refusal.code);
        Arc::new(self.refused(refusal))
    }

    /// The same. If its key names a sandbox, that sandbox's journal has it, and nothing else of the
    /// sandbox changes.
    pub(crate) fn refuse_unrouted(
        self: &Arc<Self>,
        api_key: Option<&str>,
        unrouted: UnroutedRequest,
        refusal: Refusal,
    ) -> Arc<CallOutcome> {
        let Some(slot) = api_key.and_then(|api_key| self.find(api_key)) else {
            return self.refuse(refusal);
        };
        self.count_unrouted(refusal.code);
        let outcome = Arc::new(self.refused(refusal));
        let mut state = slot.lock();
        let real = self.real.now();
        state.entered_at = real;
        state.write_unrouted(unrouted, &outcome, real);
        drop(state);
        self.watch_memory();
        outcome
    }

    fn refused(&self, refusal: Refusal) -> CallOutcome {
        CallOutcome {
            answer: Err(refusal),
            override_action: None,
            fault: None,
            delay: RealDuration::ZERO,
            at: None,
            shape: self.shape_without_sandbox(),
            prefer_applied: false,
            client_disconnected: ClientDisconnected::default(),
        }
    }
}

impl SandboxState {
    fn write_unrouted(
        &mut self,
        unrouted: UnroutedRequest,
        outcome: &Arc<CallOutcome>,
        real: RealTime,
    ) {
        let UnroutedRequest { endpoint, method, path, lints } = unrouted;
        if let Some(endpoint) = endpoint {
            self.coverage.count(endpoint, Some(&**outcome));
        }
        // It need not catch up: nothing is asked of the sandbox.
        let at = self.machine.clock_shows(real);
        let unstepped_at = self.machine.without_steps(at);
        let runs = self.machine.clock().runs();
        self.append(at, |seq| JournalEntry {
            seq,
            at,
            real_at: real.to_timestamp(),
            endpoint,
            method,
            path,
            status: outcome.status(),
            code: outcome.code(),
            rental_id: None,
            country: None,
            service: None,
            lints,
            fault: None,
            outcome: Some(Arc::clone(outcome)),
            real,
            runs,
            unstepped_at,
            details: None,
            bytes: 0,
        });
    }
}

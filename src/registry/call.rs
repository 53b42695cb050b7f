//! A call on its way into a sandbox: decided at once, delayed by a fault, or made to wait.

use std::sync::Arc;

use super::Registry;
use super::decision::{Decision, recorded_request};
use super::jobs::JobLength;
use super::real_time::RealClock;
use super::slot::SandboxSlot;
use super::state::{SandboxState, catch_up};
use crate::capsule::Change;
use crate::domain::endpoint::Endpoint;
use crate::domain::lint::Lint;
use crate::domain::real_duration::RealDuration;
use crate::journal::client_trace::ClientTrace;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::{Command, Refusal};
use crate::sandbox::faults::OnDemandFault;
use crate::sandbox::outcome::CallOutcome;
use crate::scenario::Phase;

/// A call of the partner API.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub endpoint: Endpoint,
    /// What it asks, or why it is malformed.
    pub command: Result<Command, Refusal>,
    /// How it deviates from the documentation, where that is accepted.
    pub lints: Vec<Lint>,
    /// The fault that its `Prefer` header asks for.
    pub prefer: Option<OnDemandFault>,
    pub trace: ClientTrace,
}

/// How far a call has come.
#[derive(Debug)]
pub(crate) enum CallProgress {
    Decided(Arc<CallOutcome>),
    /// A fault delays it before it takes effect. Boxed, since it is rare.
    Delayed(Box<DelayedCall>),
    /// Its sandbox cannot take it yet.
    Waiting(WaitingCall),
}

/// A call whose sandbox has too much to catch up with for a thread that answers the partner API, or
/// is being read and must not change meanwhile.
#[derive(Debug)]
pub(crate) struct WaitingCall {
    pub(super) slot: Arc<SandboxSlot>,
    /// Whether the call, a getSMS, has moved its per_poll clock already.
    pub(super) stepped: bool,
}

impl WaitingCall {
    /// Waits until the sandbox has caught up.
    pub(crate) async fn wait(&self, registry: &Registry) {
        let (slot, real) = (Arc::clone(&self.slot), registry.real);
        let job = move || drop(catch_up(&slot, &real));
        // Short, so that it does not queue behind long jobs of other keys.
        if registry.jobs.run(self.slot.key.as_str(), JobLength::Short, job).await.is_none() {
            // The job's thread cannot be started: catch up on this one.
            drop(catch_up(&self.slot, &registry.real));
        }
        // A reader outside the job queue may still need the sandbox: give it a chance to finish.
        tokio::task::yield_now().await;
    }
}

/// A call that a fault delays before it takes effect. If it is dropped, it never takes effect.
#[derive(Debug)]
pub(crate) struct DelayedCall {
    slot: Arc<SandboxSlot>,
    real: RealClock,
    call: Arc<Call>,
    /// `None` once the call goes on.
    decision: Option<Decision>,
}

impl DelayedCall {
    /// Waits until the sandbox has caught up and nobody reads it.
    pub(crate) async fn wait_for_sandbox(&self, registry: &Registry) {
        let is_ready = || {
            let mut state = self.slot.lock();
            state.readers == 0 && state.catch_up_batch(self.real.now())
        };
        while !is_ready() {
            WaitingCall { slot: Arc::clone(&self.slot), stepped: false }.wait(registry).await;
        }
    }

    pub(crate) fn delay(&self) -> RealDuration {
        self.decision.as_ref().map_or(RealDuration::ZERO, |decision| decision.faults.before)
    }

    /// Lets the call take effect now.
    pub(crate) fn resume(mut self) -> Arc<CallOutcome> {
        let decision = self.decision.take().unwrap_or_default();
        let (mut state, real) = catch_up(&self.slot, &self.real);
        state.carry_out(&self.call, decision, real)
    }
}

impl Drop for DelayedCall {
    fn drop(&mut self) {
        if let Some(decision) = self.decision.take() {
            let (mut state, real) = catch_up(&self.slot, &self.real);
            state.write(&self.call, decision, None, None, real);
        }
    }
}

/// Takes a call into a sandbox. Never blocks for long, so that it may run on a thread that answers
/// the partner API.
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
    let refused = state.refuse(call, strict);
    let mut decision = Decision { refused, stepped, ..state.decide(call) };
    let faults = &decision.faults;
    if faults.before == RealDuration::ZERO || matches!(faults.action, Some((_, Phase::Before))) {
        return CallProgress::Decided(state.carry_out(call, decision, now));
    }
    let delay_id = state.next_delay_id();
    let request = recorded_request(call, decision.refused.clone(), stepped);
    state.note(Change::Hold { delay_id, request }, now);
    drop(state);
    decision.delay_id = Some(delay_id);
    let (real, call, decision) = (*real, Arc::new(call.clone()), Some(decision));
    CallProgress::Delayed(Box::new(DelayedCall { slot, real, call, decision }))
}

impl SandboxState {
    /// Catches up with the clock for a call, by at most one batch; a getSMS moves a per_poll clock
    /// first. Returns whether the sandbox has caught up. If not, the call must arrive again, and
    /// `stepped` tells whether it has moved the clock.
    pub(super) fn arrive(&mut self, call: &Call, stepped: &mut bool, real: RealTime) -> bool {
        if !self.catch_up_batch(real) {
            return false;
        }
        let leaves_clock_alone = call.prefer.is_some_and(|prefer| prefer.leaves_state_alone());
        if *stepped || leaves_clock_alone || call.endpoint != Endpoint::GetSms {
            return true;
        }
        let Some(by) = self.machine.step_clock(real) else { return true };
        if self.catch_up_batch(real) {
            return true;
        }
        *stepped = true;
        self.note(Change::Advance { by }, real);
        false
    }
}

//! A world that is run once more from what was written down of it. It tells no time: it is told.

use std::sync::Arc;

use super::Call;
use super::call::How;
use super::event_bus::EventBus;
use super::memory::{Memory, MemorySize};
use super::on_demand_errors;
use super::state::{SandboxState, Shared};
use crate::capsule::Change;
use crate::domain::api_key::ApiKey;
use crate::journal::recorded_request::RecordedRequest;
use crate::sandbox::clock::RealTime;
use crate::sandbox::config::SandboxConfig;
use crate::sandbox::faults::FaultDecision;
use crate::sandbox::outcome::CallOutcome;
use crate::scenario::shape::Shape;

/// A world that is run once more.
#[derive(Debug)]
pub(crate) struct Replay {
    state: SandboxState,
    /// The calls that are held up, each under its number.
    held: Vec<(u32, Call, RecordedRequest, FaultDecision, Shape)>,
}

impl Replay {
    /// Begins.
    ///
    /// # Errors
    /// When the world cannot be made: a sentence.
    pub(crate) fn start(config: SandboxConfig, started: RealTime) -> Result<Self, String> {
        let played = on_demand_errors::played(&config);
        let memory = Arc::new(Memory::new(MemorySize::DEFAULT));
        let shared = Shared { event_bus: EventBus::default(), memory, max_journal_entries: 0 };
        let (key, config) = (ApiKey::parse("replay")?, Arc::new(config));
        let state = SandboxState::new(key, config, played, started, &shared);
        Ok(Self { state, held: Vec::new() })
    }

    /// Makes a change from outside, at this real time.
    ///
    /// # Errors
    /// When it cannot be made: a sentence.
    pub(crate) fn change(&mut self, change: &Change, real: RealTime) -> Result<(), String> {
        let state = &mut self.state;
        if let Change::Hold { delay_id, request } = change {
            let call = call(request)?;
            arrive(state, &call, request.stepped, real);
            let (decision, shape) = state.judge(&call);
            self.held.push((*delay_id, call, request.clone(), decision, shape));
            return Ok(());
        }
        state.machine.catch_up(real);
        state.change(change.clone(), real).map_err(|error| error.to_string())?;
        state.machine.catch_up(real);
        Ok(())
    }

    /// Sends a request, at this real time. Gives what became of it.
    ///
    /// # Errors
    /// When it makes no sense: a sentence.
    pub(crate) fn request(
        &mut self,
        asked: &RecordedRequest,
        real: RealTime,
    ) -> Result<Arc<CallOutcome>, String> {
        let call = call(asked)?;
        arrive(&mut self.state, &call, asked.stepped, real);
        let (decision, shape) = self.state.judge(&call);
        let refused = asked.refused.clone().map(Into::into);
        Ok(self.state.carry_out(&call, decision, shape, refused, How::default(), real))
    }

    /// Lets a call go on that was held up, at this real time. Gives what became of it.
    ///
    /// # Errors
    /// When there is none of this number: a sentence.
    pub(crate) fn go_on(
        &mut self,
        delay_id: u32,
        real: RealTime,
    ) -> Result<Arc<CallOutcome>, String> {
        let (call, asked, decision, shape) = self.take(delay_id)?;
        self.state.machine.catch_up(real);
        let refused = asked.refused.map(Into::into);
        Ok(self.state.carry_out(&call, decision, shape, refused, How::default(), real))
    }

    /// Drops a call that was held up, and whose client went.
    ///
    /// # Errors
    /// When there is none of this number: a sentence.
    pub(crate) fn drop_held(&mut self, delay_id: u32, real: RealTime) -> Result<(), String> {
        self.take(delay_id)?;
        self.state.machine.catch_up(real);
        Ok(())
    }

    fn take(
        &mut self,
        delay_id: u32,
    ) -> Result<(Call, RecordedRequest, FaultDecision, Shape), String> {
        let place = self.held.iter().position(|(held, ..)| *held == delay_id);
        let place =
            place.ok_or_else(|| format!("no call is held up under the number {delay_id}"))?;
        let (_, call, asked, decision, shape) = self.held.swap_remove(place);
        Ok((call, asked, decision, shape))
    }
}

/// Brings a world up to a call, which in its first life may have waited after it moved the clock.
fn arrive(state: &mut SandboxState, call: &Call, mut stepped: bool, real: RealTime) {
    while !state.arrive(call, &mut stepped, real) {}
}

fn call(asked: &RecordedRequest) -> Result<Call, String> {
    let command = match (asked.command()?, &asked.refused) {
        (Some(command), _) => Ok(command),
        (None, Some(refused)) => Err(refused.clone().into()),
        (None, None) => return Err("it is malformed, and nothing says how it was refused".into()),
    };
    let prefer = asked.prefer.map(Into::into);
    Ok(Call { endpoint: asked.endpoint, command, lints: Vec::new(), prefer })
}

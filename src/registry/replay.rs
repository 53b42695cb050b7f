//! Runs a recorded sandbox again. Time comes from the recording, never from the system clock.

use std::sync::Arc;

use super::Call;
use super::decision::Decision;
use super::event_bus::EventBus;
use super::memory::{Memory, MemorySize};
use super::on_demand_errors;
use super::state::{SandboxState, Shared};
use crate::capsule::Change;
use crate::domain::api_key::ApiKey;
use crate::journal::client_trace::ClientTrace;
use crate::journal::recorded_request::RecordedRequest;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::Refusal;
use crate::sandbox::config::SandboxConfig;
use crate::sandbox::outcome::CallOutcome;

/// A recorded sandbox that runs again. Its errors are sentences.
#[derive(Debug)]
pub(crate) struct Replay {
    state: SandboxState,
    /// The calls that a fault delays.
    delayed: Vec<(Call, Decision)>,
}

impl Replay {
    pub(crate) fn start(config: SandboxConfig, started: RealTime) -> Result<Self, String> {
        let played = on_demand_errors::played(&config);
        let memory = Arc::new(Memory::new(MemorySize::DEFAULT));
        let shared = Shared { event_bus: EventBus::default(), memory, max_journal_entries: 0 };
        let (key, config) = (ApiKey::parse("replay")?, Arc::new(config));
        let state = SandboxState::new(key, config, played, started, &shared);
        Ok(Self { state, delayed: Vec::new() })
    }

    pub(crate) fn change(&mut self, change: &Change, real: RealTime) -> Result<(), String> {
        if let Change::Hold { delay_id, request } = change {
            let (call, mut decision) = self.arrive(request, real)?;
            decision.delay_id = Some(*delay_id);
            self.delayed.push((call, decision));
            return Ok(());
        }
        self.state.machine.catch_up(real);
        self.state.change(change.clone(), real).map_err(|error| error.to_string())?;
        self.state.machine.catch_up(real);
        Ok(())
    }

    pub(crate) fn request(
        &mut self,
        request: &RecordedRequest,
        real: RealTime,
    ) -> Result<Arc<CallOutcome>, String> {
        let (call, decision) = self.arrive(request, real)?;
        Ok(self.state.carry_out(&call, decision, real))
    }

    /// Lets a delayed call take effect.
    pub(crate) fn resume(
        &mut self,
        delay_id: u32,
        real: RealTime,
    ) -> Result<Arc<CallOutcome>, String> {
        let (call, decision) = self.take_delayed(delay_id)?;
        self.state.machine.catch_up(real);
        Ok(self.state.carry_out(&call, decision, real))
    }

    /// Drops a delayed call, whose client disconnected.
    pub(crate) fn disconnect(&mut self, delay_id: u32, real: RealTime) -> Result<(), String> {
        self.take_delayed(delay_id)?;
        self.state.machine.catch_up(real);
        Ok(())
    }

    fn arrive(
        &mut self,
        request: &RecordedRequest,
        real: RealTime,
    ) -> Result<(Call, Decision), String> {
        let RecordedRequest { refused, prefer, mut stepped, .. } = request.clone();
        let refused: Option<Refusal> = refused.map(Into::into);
        let command = match (request.command()?, &refused) {
            (Some(command), _) => Ok(command),
            (None, Some(refused)) => Err(refused.clone()),
            (None, None) => {
                return Err("it is malformed, and nothing says how it was refused".into());
            }
        };
        let prefer = prefer.map(Into::into);
        let (endpoint, lints, trace) = (request.endpoint, Vec::new(), ClientTrace::default());
        let call = Call { endpoint, command, lints, prefer, trace };
        while !self.state.arrive(&call, &mut stepped, real) {}
        let decision = Decision { refused, ..self.state.decide(&call) };
        Ok((call, decision))
    }

    fn take_delayed(&mut self, delay_id: u32) -> Result<(Call, Decision), String> {
        let mut delayed = self.delayed.iter();
        let index = delayed.position(|(_, decision)| decision.delay_id == Some(delay_id));
        let index = index.ok_or_else(|| format!("no call is delayed under number {delay_id}"))?;
        Ok(self.delayed.swap_remove(index))
    }
}

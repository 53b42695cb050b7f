//! Runs a recorded sandbox again, to compare its replies or to go on from there. Time comes from the
//! recording, never from the system clock.

use std::sync::Arc;

use super::decision::Decision;
use super::event_bus::EventBus;
use super::memory::{Memory, MemorySize};
use super::on_demand_errors;
use super::slot::SandboxSlot;
use super::state::{SandboxState, Shared};
use super::{Call, Registry, Sandbox};
use crate::capsule::Change;
use crate::domain::api_key::ApiKey;
use crate::journal::client_trace::ClientTrace;
use crate::journal::recorded_request::RecordedRequest;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::Refusal;
use crate::sandbox::config::SandboxConfig;
use crate::sandbox::error::SandboxError;
use crate::sandbox::outcome::CallOutcome;
use crate::scenario::Clock;

/// A recorded sandbox that runs again. Its errors are sentences.
#[derive(Debug)]
pub(crate) struct Replay {
    state: SandboxState,
    /// The calls that a fault delays.
    delayed: Vec<(Call, Decision)>,
}

impl Replay {
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the command alone needs it"))]
    pub(crate) fn start(config: SandboxConfig, started: RealTime) -> Result<Self, String> {
        let played = on_demand_errors::played(&config);
        let memory = Arc::new(Memory::new(MemorySize::DEFAULT));
        let shared = Shared { event_bus: EventBus::default(), memory, max_journal_entries: 0 };
        let (key, config) = (ApiKey::parse("replay")?, Arc::new(config));
        Ok(Self::of(SandboxState::new(key, config, played, started, &shared)))
    }

    fn of(mut state: SandboxState) -> Self {
        // Nobody hears of the past.
        state.retired = true;
        Self { state, delayed: Vec::new() }
    }

    pub(crate) fn change(&mut self, change: &Change, real: RealTime) -> Result<(), String> {
        if let Change::Hold { delay_id, request } = change {
            let (call, mut decision) = self.arrive(request, real)?;
            decision.delay_id = Some(*delay_id);
            self.delayed.push((call, decision));
            self.state.change_log.skip_delay_ids(*delay_id);
            self.state.note(change.clone(), real);
            return Ok(());
        }
        if matches!(change, Change::Resume) {
            return self.state.change(Change::Resume, real).map(drop).map_err(|e| e.to_string());
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
        let (call, decision) = self.take_delayed(delay_id)?;
        self.state.machine.catch_up(real);
        self.state.write(&call, decision, None, None, real);
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

impl Registry {
    /// A replay that can [go on](Registry::go_on) as the sandbox of this key.
    pub(crate) fn replay_as(
        &self,
        api_key: &str,
        config: SandboxConfig,
        started: RealTime,
    ) -> Result<Replay, SandboxError> {
        let key = self.admit(api_key)?;
        let max_ended_rentals = config.max_ended_rentals.min(self.settings.max_ended_rentals);
        let label = config.label.or_else(|| self.settings.label.clone());
        let config = Arc::new(SandboxConfig { max_ended_rentals, label, ..config });
        let played = self.as_played(&config);
        Ok(Replay::of(SandboxState::new(key, config, played, started, &self.shared)))
    }

    /// Lets a replay go on as a sandbox, which replaces the one of its key. `clock` replaces that of
    /// the recording.
    pub(crate) fn go_on(
        self: &Arc<Self>,
        replay: Replay,
        clock: Option<Clock>,
    ) -> Result<Sandbox, SandboxError> {
        let (mut state, now) = (replay.state, self.real.now());
        state.change(Change::Resume, now)?;
        if let Some(clock) = clock {
            state.change(Change::Clock(clock), now)?;
        }
        (state.retired, state.entered_at) = (false, now);
        Ok(Sandbox::of(Arc::clone(self), self.replace(SandboxSlot::new(state))))
    }
}

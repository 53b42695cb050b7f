//! The sandboxes of this process, and their locks.
//!
//! A request finds its sandbox in a map behind a read-write lock, releases that, and holds the
//! sandbox's own lock while the state machine runs. No lock is held across an await, no sandbox's
//! lock is taken while the map is write-locked, and none is held for longer than a batch: longer
//! work runs in [`jobs`], off the threads that answer.

mod added_scenarios;
mod call;
mod change;
mod change_log;
mod decision;
pub(crate) mod event_bus;
mod eviction;
mod handle;
pub(crate) mod jobs;
mod lifecycle;
pub(crate) mod memory;
pub(crate) mod on_demand_errors;
mod past_reports;
mod reader;
pub(crate) mod real_time;
mod replay;
pub(crate) mod request_counters;
mod slot;
mod state;
#[cfg(test)]
mod tests;
mod ticker;
mod unrouted;
mod verify_wait;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use log::info;
use parking_lot::{Mutex, RwLock};

pub(crate) use call::{Call, CallProgress, WaitingCall};
pub(crate) use change_log::{RecordedStep, RecordingData};
pub(crate) use handle::{ClockMoved, RentalPage, RentalQuery};
pub use handle::{
    CountryStock, FaultStatus, Sandbox, SandboxClock, SandboxFaults, SandboxJournal,
    SandboxRentals, SandboxStock,
};
pub(crate) use lifecycle::SandboxSummary;
pub use memory::MemorySize;
#[cfg(feature = "cli")]
pub(crate) use past_reports::UnroutedCounts;
pub(crate) use replay::Replay;
pub(crate) use unrouted::UnroutedRequest;
pub(crate) use verify_wait::VerifyWait;

use crate::domain::api_key::ApiKey;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::label::Label;
use crate::report::Thresholds;
use crate::sandbox::command::Refusal;
use crate::sandbox::config::{SandboxConfig, SandboxOptions};
use crate::sandbox::error::SandboxError;
use crate::sandbox::outcome::OutcomeKind;
use crate::scenario::catalogue::Catalogue;
use crate::scenario::shape::Shape;
use crate::scenario::{Clock, Scenario};
use added_scenarios::AddedScenarios;
use event_bus::EventBus;
use jobs::Jobs;
use memory::Memory;
use past_reports::PastReports;
use real_time::RealClock;
use request_counters::RequestCounters;
use slot::SandboxSlot;
use state::{SandboxState, Shared};

/// The settings that all sandboxes of a server share.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub catalogue: Catalogue,
    /// The scenario of a key without `@SCENARIO`.
    pub default_scenario: Arc<Scenario>,
    /// Overrides the scenarios' clocks.
    pub clock: Option<Clock>,
    pub seed: u64,
    /// The keys to accept, with or without `@SCENARIO`. Empty accepts any key.
    pub api_keys: Vec<ApiKey>,
    /// Reject input that is normally accepted with a lint.
    pub strict: bool,
    /// Whether test api_keys, pseudo-countries and `Prefer` trigger errors.
    pub on_demand_errors: bool,
    pub max_sandboxes: usize,
    /// For each sandbox.
    pub max_ended_rentals: usize,
    /// For each sandbox.
    pub max_journal_entries: usize,
    /// The budget of the process; its sandboxes get a share of it.
    pub max_memory: MemorySize,
    /// How long a sandbox must be unused, in real time, before it may be removed to free memory.
    pub evict_idle_after: Duration,
    /// How many reports of retired sandboxes are kept.
    pub max_past_reports: usize,
    /// The label of sandboxes that are given none.
    pub label: Option<Label>,
    /// Thresholds the report uses to flag client behaviour.
    pub thresholds: Thresholds,
}

impl Settings {
    /// The initial clock of a sandbox with this scenario, if it may be `wanted`.
    pub(crate) fn clock_of(&self, scenario: &Scenario, wanted: Option<Clock>) -> Clock {
        match (wanted.or(self.clock), scenario.clock.start()) {
            (None, _) => scenario.clock,
            // A start that the scenario names stays, whatever the mode of the clock.
            (Some(clock), Some(start)) if clock.start().is_none() => clock.with_start(start),
            (Some(clock), _) => clock,
        }
    }
}

type SlotsByKey = foldhash::HashMap<ApiKey, Arc<SandboxSlot>>;

#[derive(Debug, Default)]
struct Sandboxes {
    by_key: SlotsByKey,
    /// While all are reset: the keys whose sandbox joined or left the map since that began.
    changed: Option<Vec<ApiKey>>,
}

/// The sandboxes of this process.
#[derive(Debug)]
pub(crate) struct Registry {
    settings: Settings,
    /// The catalogue's scenarios with the pseudo-countries, if on-demand errors are on.
    played: Vec<Arc<Scenario>>,
    added_scenarios: RwLock<AddedScenarios>,
    real: RealClock,
    sandboxes: RwLock<Sandboxes>,
    shared: Shared,
    /// Whether memory is being freed.
    is_making_room: AtomicBool,
    /// Held while all sandboxes are reset.
    resetting: Mutex<()>,
    jobs: Jobs,
    request_counters: RequestCounters,
    past: PastReports,
    unrouted: [AtomicU64; ErrorCode::ALL.len()],
}

impl Registry {
    pub(crate) fn new(settings: Settings) -> Self {
        let told = settings.catalogue.iter().filter(|_| settings.on_demand_errors);
        let played = told.map(|scenario| Arc::new(on_demand_errors::extend(scenario))).collect();
        Self {
            played,
            added_scenarios: RwLock::default(),
            real: RealClock::start(),
            sandboxes: RwLock::default(),
            shared: Shared {
                event_bus: EventBus::default(),
                memory: Arc::new(Memory::new(settings.max_memory)),
                max_journal_entries: settings.max_journal_entries,
            },
            is_making_room: AtomicBool::new(false),
            resetting: Mutex::default(),
            jobs: Jobs::default(),
            request_counters: RequestCounters::default(),
            past: PastReports::default(),
            unrouted: std::array::from_fn(|_| AtomicU64::new(0)),
            settings,
        }
    }

    /// The approximate memory of all sandboxes, in bytes.
    pub(crate) fn memory_used(&self) -> usize {
        self.shared.memory.used()
    }

    pub(crate) const fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// In whole seconds of real time.
    pub(crate) fn uptime_seconds(&self) -> u64 {
        self.real.micros_since_start() / 1_000_000
    }

    pub(crate) const fn request_counters(&self) -> &RequestCounters {
        &self.request_counters
    }

    pub(crate) fn count(&self, endpoint: Endpoint, kind: OutcomeKind) {
        self.request_counters.count(endpoint, kind);
    }

    /// Takes a call into the sandbox of this key, which is created if need be.
    pub(crate) fn enter(self: &Arc<Self>, api_key: &str, call: &Call) -> CallProgress {
        match self.find_or_make(api_key) {
            Ok(slot) => self.enter_slot(slot, call, false),
            Err(error) => {
                CallProgress::Decided(self.refuse(Refusal::invalid_key(error.to_string())))
            }
        }
    }

    /// Takes a call into the sandbox that it [waited](WaitingCall::wait) for.
    pub(crate) fn enter_again(self: &Arc<Self>, waiting: WaitingCall, call: &Call) -> CallProgress {
        let WaitingCall { slot, stepped } = waiting;
        self.enter_slot(slot, call, stepped)
    }

    fn enter_slot(
        self: &Arc<Self>,
        slot: Arc<SandboxSlot>,
        call: &Call,
        stepped: bool,
    ) -> CallProgress {
        let entered = call::enter(slot, &self.real, call, self.settings.strict, stepped);
        self.watch_memory();
        entered
    }

    /// The reply shape for requests that reach no sandbox: the default scenario's.
    pub(crate) fn shape_without_sandbox(&self) -> Shape {
        self.settings.default_scenario.shape.at(0)
    }

    fn find(&self, api_key: &str) -> Option<Arc<SandboxSlot>> {
        self.sandboxes.read().by_key.get(api_key).map(Arc::clone)
    }

    /// In no particular order.
    fn unordered_slots(&self) -> Vec<Arc<SandboxSlot>> {
        self.sandboxes.read().by_key.values().map(Arc::clone).collect()
    }

    fn find_or_make(self: &Arc<Self>, api_key: &str) -> Result<Arc<SandboxSlot>, SandboxError> {
        if let Some(slot) = self.find(api_key) {
            return Ok(slot);
        }
        let key = self.admit(api_key)?;
        let config = self.config(&key, SandboxOptions::default())?;
        let slot = self.slot(key, config);
        let evicted = {
            let mut sandboxes = self.sandboxes.write();
            // Another thread may have created it meanwhile.
            if let Some(slot) = sandboxes.by_key.get(api_key) {
                return Ok(Arc::clone(slot));
            }
            let evicted = self.make_room(&mut sandboxes, &slot.key);
            self.connect_subscribers(&slot);
            sandboxes.insert(Arc::clone(&slot));
            evicted
        };
        info!(
            "{} is new: scenario {}, clock {}",
            slot.key, slot.config.scenario.name, slot.config.clock
        );
        self.evict(evicted);
        Ok(slot)
    }

    /// The config of a new sandbox with this key.
    fn config(
        &self,
        key: &ApiKey,
        options: SandboxOptions,
    ) -> Result<Arc<SandboxConfig>, SandboxError> {
        let SandboxOptions { scenario, scenario_bytes, seed, clock, label } = options;
        let scenario = match scenario {
            Some(scenario) => scenario,
            None => self.scenario_for(key).map_err(SandboxError::InvalidKey)?,
        };
        let seed = seed.unwrap_or(self.settings.seed);
        let on_demand_errors = self.settings.on_demand_errors;
        Ok(Arc::new(SandboxConfig {
            clock: self.settings.clock_of(&scenario, clock),
            first_rental_id: SandboxConfig::first_rental_id(&scenario, seed, key.as_str()),
            scenario,
            scenario_bytes,
            seed,
            label: label.or_else(|| self.settings.label.clone()),
            max_ended_rentals: self.settings.max_ended_rentals,
            on_demand_errors,
            key_error: on_demand_errors.then(|| on_demand_errors::of_key(key)).flatten(),
        }))
    }

    /// A sandbox that is not in the map yet.
    fn slot(&self, key: ApiKey, config: Arc<SandboxConfig>) -> Arc<SandboxSlot> {
        let played = self.as_played(&config);
        SandboxSlot::new(SandboxState::new(key, config, played, self.real.now(), &self.shared))
    }

    fn admit(&self, api_key: &str) -> Result<ApiKey, SandboxError> {
        let key = ApiKey::parse(api_key).map_err(SandboxError::InvalidKey)?;
        if self.admits(&key) {
            return Ok(key);
        }
        Err(SandboxError::InvalidKey(
            "api_key is not one of the keys that this server accepts; check \
             for a typing mistake or another environment's key"
                .into(),
        ))
    }

    fn admits(&self, key: &ApiKey) -> bool {
        let admitted = &self.settings.api_keys;
        let is = |text: &str| admitted.iter().any(|admitted| admitted.as_str() == text);
        admitted.is_empty() || is(key.as_str()) || is(key.base())
    }

    fn scenario_for(&self, key: &ApiKey) -> Result<Arc<Scenario>, String> {
        let Some(name) = key.scenario() else {
            return Ok(Arc::clone(&self.settings.default_scenario));
        };
        self.scenario(name).map_err(|reason| {
            format!("api_key ends in @SCENARIO, and {reason}; a key without @ is taken as it is")
        })
    }

    /// The scenario with the pseudo-countries, if on-demand errors are on.
    fn as_played(&self, config: &SandboxConfig) -> Arc<Scenario> {
        // The catalogue's scenarios are extended once, and shared by all sandboxes that play them.
        let mut extended = self.settings.catalogue.iter().zip(&self.played);
        let of_start = extended.find(|(scenario, _)| Arc::ptr_eq(scenario, &config.scenario));
        let played = match of_start {
            Some((_, played)) => Some(Arc::clone(played)),
            None => self.added_as_played(&config.scenario),
        };
        played.unwrap_or_else(|| on_demand_errors::played(config))
    }
}

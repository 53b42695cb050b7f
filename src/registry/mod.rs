//! The sandboxes of this process: who has which, and under which lock.
//!
//! A request finds its sandbox under a lock that is shared by all and mostly only read, lets go of
//! it, and takes the sandbox's own for as long as the state machine takes. No lock is held over an
//! await, no sandbox's lock is taken under that of the map for writing, and none is held for longer
//! than a stretch: what takes longer is done in [`jobs`], off the threads that answer.

mod call;
mod control;
mod due;
mod eviction;
pub(crate) mod feed;
mod grades;
mod handle;
pub(crate) mod jobs;
pub(crate) mod memory;
mod moving;
pub(crate) mod on_demand;
mod reading;
pub(crate) mod real_time;
mod record;
mod replay;
mod slot;
pub(crate) mod tally;
#[cfg(test)]
mod tests;
mod watch;
mod world;

use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Weak};
use std::time::Duration;

use log::info;
use parking_lot::{Mutex, RwLock};

pub(crate) use call::{Call, Entered, Held, Waiting};
pub(crate) use control::{Making, Standing};
pub(crate) use grades::Strays;
pub use handle::{SandboxHandle, Stocked};
pub use memory::MemorySize;
pub(crate) use moving::{MoveOn, Moved};
pub use reading::{Lives, RentalPage};
pub(crate) use record::{Recorded, Recording, Start};
pub(crate) use replay::Replay;

use crate::domain::api_key::ApiKey;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::real_span::RealSpan;
use crate::insight::journal::Journal;
use crate::insight::report::Thresholds;
use crate::insight::report::coverage::Coverage;
use crate::sandbox::command::Refusal;
use crate::sandbox::outcome::{Abandoned, Ending, Outcome};
use crate::sandbox::{Origin, Sandbox};
use crate::scenario::catalogue::Catalogue;
use crate::scenario::shape::Shape;
use crate::scenario::{Clock, Scenario};
use feed::Feed;
use grades::Past;
use jobs::Jobs;
use memory::Memory;
use real_time::RealClock;
use record::Record;
use slot::Slot;
use tally::Tally;
use world::{FiredId, Made, World};

/// What all sandboxes of a server have in common.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The scenarios that can be asked for by name.
    pub catalogue: Catalogue,
    /// The scenario of a key that asks for none.
    pub default_scenario: Arc<Scenario>,
    /// The clock of every sandbox, over that of its scenario.
    pub clock: Option<Clock>,
    /// What all randomness grows from.
    pub seed: u64,
    /// The only keys admitted, in any `@SCENARIO` form; all keys where it is empty.
    pub api_keys: Vec<ApiKey>,
    /// Whether a lint is refused.
    pub strict: bool,
    /// Whether there are errors on demand: by magic keys, countries that are none, and `Prefer`.
    pub magic: bool,
    /// How many sandboxes are kept at the most.
    pub max_sandboxes: usize,
    /// How many ended rentals a sandbox keeps at the most.
    pub max_ended_rentals: usize,
    /// How many journal entries a sandbox keeps at the most.
    pub max_journal_entries: usize,
    /// How much memory the process may take; its sandboxes are held to a share of it.
    pub max_memory: MemorySize,
    /// How long nobody has used a sandbox, in real time, before it may go for want of memory.
    pub evict_idle_after: Duration,
    /// How many reports are kept of worlds that others have taken the place of.
    pub max_past_reports: usize,
    /// Where, for the report, what is fine ends and what is not begins.
    pub thresholds: Thresholds,
}

impl Settings {
    /// The clock that a sandbox on this scenario starts with.
    #[must_use]
    pub fn clock_of(&self, scenario: &Scenario) -> Clock {
        match (self.clock, scenario.clock.start()) {
            (None, _) => scenario.clock,
            // A scenario that names a moment means it, whatever mode its clock is put in.
            (Some(clock), Some(start)) if clock.start().is_none() => clock.starting_at(start),
            (Some(clock), _) => clock,
        }
    }
}

type ByKey = foldhash::HashMap<ApiKey, Arc<Slot>>;

/// The map of the sandboxes.
#[derive(Debug, Default)]
struct Sandboxes {
    by_key: ByKey,
    /// The keys whose sandbox came or went since a reset of all of them began.
    changed: Option<Vec<ApiKey>>,
}

/// The sandboxes of this process.
#[derive(Debug)]
pub struct Registry {
    settings: Settings,
    /// The scenarios as they are played: with the countries on demand, where there are any.
    played: Vec<Arc<Scenario>>,
    real: RealClock,
    sandboxes: RwLock<Sandboxes>,
    memory: Arc<Memory>,
    /// Whether sandboxes are being let go for want of memory.
    is_making_room: AtomicBool,
    /// Held by the one who resets all sandboxes.
    resetting: Mutex<()>,
    jobs: Jobs,
    feed: Feed,
    tally: Tally,
    past: Past,
    strays: [AtomicU64; ErrorCode::ALL.len()],
}

impl Registry {
    /// No sandbox yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let told = settings.catalogue.iter().filter(|_| settings.magic);
        let played = told.map(|scenario| Arc::new(on_demand::extend(scenario))).collect();
        Self {
            played,
            real: RealClock::start(),
            sandboxes: RwLock::default(),
            memory: Arc::new(Memory::new(settings.max_memory)),
            is_making_room: AtomicBool::new(false),
            resetting: Mutex::default(),
            jobs: Jobs::default(),
            feed: Feed::default(),
            tally: Tally::default(),
            past: Past::default(),
            strays: std::array::from_fn(|_| AtomicU64::new(0)),
            settings,
        }
    }

    /// About how many bytes the sandboxes take.
    #[must_use]
    pub fn memory_used(&self) -> usize {
        self.memory.used()
    }

    /// What is done off the threads that answer the partner API.
    #[must_use]
    pub const fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// What its sandboxes have in common.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How long this process has served, in whole seconds of real time.
    #[must_use]
    pub fn uptime_seconds(&self) -> u64 {
        self.real.micros_since_start() / 1_000_000
    }

    /// How many requests ended how.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Counts how a request ended.
    pub fn count(&self, endpoint: Endpoint, ending: Ending) {
        self.tally.count(endpoint, ending);
    }

    /// Takes a call into the sandbox of this key, which is made where there is none yet.
    pub fn enter(self: &Arc<Self>, api_key: &str, call: &Call) -> Entered {
        match self.find_or_make(api_key) {
            Ok(slot) => self.enter_slot(slot, call, false),
            Err(refusal) => Entered::Decided(self.refuse(refusal)),
        }
    }

    /// Takes a call into the sandbox that it has [waited](Waiting::wait) for.
    pub fn enter_again(self: &Arc<Self>, waiting: Waiting, call: &Call) -> Entered {
        let Waiting { slot, stepped } = waiting;
        self.enter_slot(slot, call, stepped)
    }

    fn enter_slot(self: &Arc<Self>, slot: Arc<Slot>, call: &Call, stepped: bool) -> Entered {
        let entered = call::enter(slot, &self.real, call, self.settings.strict, stepped);
        self.watch_memory();
        entered
    }

    /// The shape of replies to what reaches no sandbox: that of the server's own scenario.
    #[must_use]
    pub fn shape_without_sandbox(&self) -> Shape {
        self.settings.default_scenario.shape.at(0)
    }

    /// The outcome of a call that reaches no sandbox.
    #[must_use]
    pub fn refuse(&self, refusal: Refusal) -> Arc<Outcome> {
        self.count_stray(refusal.code);
        Arc::new(Outcome {
            answer: Err(refusal),
            instead: None,
            fault: None,
            delay: RealSpan::ZERO,
            at: None,
            shape: self.shape_without_sandbox(),
            prefer_applied: false,
            abandoned: Abandoned::default(),
        })
    }

    fn find(&self, api_key: &str) -> Option<Arc<Slot>> {
        self.sandboxes.read().by_key.get(api_key).map(Arc::clone)
    }

    /// All sandboxes, in no order.
    fn unordered_slots(&self) -> Vec<Arc<Slot>> {
        self.sandboxes.read().by_key.values().map(Arc::clone).collect()
    }

    fn find_or_make(self: &Arc<Self>, api_key: &str) -> Result<Arc<Slot>, Refusal> {
        if let Some(slot) = self.find(api_key) {
            return Ok(slot);
        }
        let key = self.admit(api_key)?;
        let scenario = self.scenario_for(&key).map_err(Refusal::invalid_key)?;
        let clock = self.settings.clock_of(&scenario);
        let (seed, magic) = (self.settings.seed, self.settings.magic);
        let slot = self.slot(key, Made { scenario, scenario_bytes: 0, seed, clock, magic });
        let evicted = {
            let mut sandboxes = self.sandboxes.write();
            // Another thread may have made it meanwhile.
            if let Some(slot) = sandboxes.by_key.get(api_key) {
                return Ok(Arc::clone(slot));
            }
            let evicted = self.make_room(&mut sandboxes, &slot.key);
            self.tune_in(&slot);
            sandboxes.insert(Arc::clone(&slot));
            evicted
        };
        info!(
            "{} is new: scenario {}, clock {}",
            slot.key, slot.made.scenario.name, slot.made.clock
        );
        self.let_go(evicted);
        Ok(slot)
    }

    /// A sandbox that is not in the map yet.
    fn slot(&self, key: ApiKey, made: Made) -> Arc<Slot> {
        let origin = Origin {
            clock: made.clock,
            scenario: self.as_played(&made.scenario),
            seed: made.seed,
            name: key.as_str().to_owned(),
            max_ended_rentals: self.settings.max_ended_rentals,
        };
        let now = self.real.now();
        let world = World {
            entered_at: now,
            made_at: now,
            on_demand: if self.settings.magic { on_demand::ByKey::of(&key) } else { None },
            sandbox: Sandbox::new(&origin, now),
            journal: Journal::new(self.settings.max_journal_entries),
            record: Record::new(self.settings.max_journal_entries),
            coverage: Coverage::default(),
            key: key.clone(),
            feed: self.feed.clone(),
            channel: Weak::new(),
            retired: false,
            readers: 0,
            fired: Vec::new(),
            last_fired: FiredId::default(),
            memory: Arc::clone(&self.memory),
            scenario_bytes: made.scenario_bytes,
        };
        Slot::new(key, made, world, Arc::clone(&self.memory))
    }

    /// The key, where it opens a sandbox.
    fn admit(&self, api_key: &str) -> Result<ApiKey, Refusal> {
        let key = ApiKey::parse(api_key).map_err(Refusal::invalid_key)?;
        if self.admits(&key) {
            return Ok(key);
        }
        Err(Refusal::invalid_key(
            "api_key is not one of the keys that this server was started with (--api-key); check \
             for a typing mistake or another environment's key",
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
        self.settings.catalogue.get(name).map(Arc::clone).map_err(|reason| {
            format!("api_key ends in @SCENARIO, and {reason}; a key without @ is taken as it is")
        })
    }

    /// The scenario with the countries on demand, where there are any.
    fn as_played(&self, scenario: &Arc<Scenario>) -> Arc<Scenario> {
        if !self.settings.magic {
            return Arc::clone(scenario);
        }
        // Those of the catalogue are extended once, and shared by all that play them.
        let told = self.settings.catalogue.iter();
        let known = told.zip(&self.played).find(|(told, _)| Arc::ptr_eq(told, scenario));
        known
            .map_or_else(|| Arc::new(on_demand::extend(scenario)), |(_, played)| Arc::clone(played))
    }
}

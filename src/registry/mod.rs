//! The sandboxes of this process: who has which, and under which lock.
//!
//! A request finds its sandbox under a lock that is shared by all and mostly only read, lets go of
//! it, and takes the sandbox's own for as long as the state machine takes. No lock is held over an
//! await.

mod control;
pub mod feed;
mod grades;
mod handle;
mod moving;
pub mod on_demand;
pub mod real_time;
mod record;
mod replay;
pub mod tally;
mod world;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use log::info;
use parking_lot::{Mutex, RwLock};

pub use control::{Making, Standing};
pub use grades::Strays;
pub use handle::{SandboxHandle, Stocked};
pub use moving::MoveOn;
pub use record::{Recorded, Recording, Start};
pub use replay::Replay;
pub use world::{Entered, Held};

use crate::domain::api_key::ApiKey;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::lint::Lint;
use crate::domain::real_span::RealSpan;
use crate::insight::journal::Journal;
use crate::insight::report::Thresholds;
use crate::insight::report::coverage::Coverage;
use crate::sandbox::command::{Command, Refusal};
use crate::sandbox::faults::OnDemand;
use crate::sandbox::outcome::{Abandoned, Ending, Outcome};
use crate::sandbox::{Origin, Sandbox};
use crate::scenario::catalogue::Catalogue;
use crate::scenario::shape::Shape;
use crate::scenario::{Clock, Scenario};
use feed::Feed;
use grades::Past;
use on_demand::ByKey;
use real_time::RealClock;
use record::Record;
use tally::Tally;
use world::{Made, World};

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

/// A call that has reached an endpoint: what it asks, or why it could not be understood.
#[derive(Clone, Debug)]
pub struct Call {
    /// Which endpoint.
    pub endpoint: Endpoint,
    /// What it asks.
    pub command: Result<Command, Refusal>,
    /// What was accepted although the documentation writes it otherwise.
    pub lints: Vec<Lint>,
    /// What its `Prefer` header asks to go wrong.
    pub prefer: Option<OnDemand>,
}

type Sandboxes = foldhash::HashMap<ApiKey, Arc<Mutex<World>>>;

/// The sandboxes of this process.
#[derive(Debug)]
pub struct Registry {
    settings: Settings,
    /// The scenarios as they are played: with the countries on demand, where there are any.
    played: Vec<Arc<Scenario>>,
    real: RealClock,
    sandboxes: RwLock<Sandboxes>,
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
        let (real, sandboxes) = (RealClock::start(), RwLock::default());
        let (feed, tally, past) = (Feed::default(), Tally::default(), Past::default());
        let strays = std::array::from_fn(|_| AtomicU64::new(0));
        Self { settings, played, real, sandboxes, feed, tally, past, strays }
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
    pub fn enter(&self, api_key: &str, call: &Call) -> Entered {
        match self.find_or_make(api_key) {
            Ok(world) => world::enter(world, &self.real, call, self.settings.strict),
            Err(refusal) => Entered::Decided(self.refuse(refusal)),
        }
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

    fn find_or_make(&self, api_key: &str) -> Result<Arc<Mutex<World>>, Refusal> {
        if let Some(world) = self.sandboxes.read().get(api_key) {
            return Ok(Arc::clone(world));
        }
        let key = self.admit(api_key)?;
        let scenario = self.scenario_for(&key).map_err(Refusal::invalid_key)?;
        let clock = self.settings.clock_of(&scenario);
        let (seed, magic) = (self.settings.seed, self.settings.magic);
        let made = Made { scenario, seed, clock, magic };
        let mut sandboxes = self.sandboxes.write();
        // Another thread may have made it meanwhile.
        if let Some(world) = sandboxes.get(api_key) {
            return Ok(Arc::clone(world));
        }
        Ok(self.put(&mut sandboxes, key, made))
    }

    /// Makes a sandbox, in the place of one of the same key.
    fn put(&self, sandboxes: &mut Sandboxes, key: ApiKey, made: Made) -> Arc<Mutex<World>> {
        if sandboxes.len() >= self.settings.max_sandboxes && !sandboxes.contains_key(key.as_str()) {
            self.evict(sandboxes);
        }
        info!("{key} is new: scenario {}, clock {}", made.scenario.name, made.clock);
        let world = Arc::new(Mutex::new(self.world(&key, made)));
        if let Some(old) = sandboxes.insert(key, Arc::clone(&world)) {
            self.retire(&old);
        }
        world
    }

    fn world(&self, key: &ApiKey, made: Made) -> World {
        let origin = Origin {
            clock: made.clock,
            scenario: self.as_played(&made.scenario),
            seed: made.seed,
            name: key.as_str().to_owned(),
            max_ended_rentals: self.settings.max_ended_rentals,
        };
        let now = self.real.now();
        World {
            entered_at: now,
            made_at: now,
            on_demand: if self.settings.magic { ByKey::of(key) } else { None },
            sandbox: Sandbox::new(&origin, now),
            journal: Journal::new(self.settings.max_journal_entries),
            record: Record::new(self.settings.max_journal_entries),
            coverage: Coverage::default(),
            made,
            key: key.clone(),
            feed: self.feed.clone(),
            retired: false,
        }
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

    /// Drops the sandboxes that were entered longest ago, those without live rentals first. It drops a
    /// sixteenth at once, so that a flood of keys does not look through all of them each time.
    fn evict(&self, sandboxes: &mut Sandboxes) {
        let (most, real) = (self.settings.max_sandboxes, &self.real);
        let rank = |world: &Arc<Mutex<World>>| {
            let mut world = world.lock();
            world.sandbox.catch_up(real.now());
            (world.sandbox.rentals().live() > 0, world.entered_at)
        };
        let mut ranked: Vec<_> =
            sandboxes.iter().map(|(key, world)| (rank(world), key.clone())).collect();
        ranked.sort_unstable_by_key(|(rank, _)| *rank);
        let dropped = (most / 16).max(ranked.len() + 1 - most);
        for (_, key) in ranked.into_iter().take(dropped) {
            info!("{key} is forgotten: more than {most} sandboxes");
            if let Some(world) = sandboxes.remove(&key) {
                self.retire(&world);
            }
        }
    }
}

//! The settings of a server, and how they become a running one.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::sync::oneshot;

use super::{ScenarioChoice, Server, StartError, listen};
use crate::domain::api_key::ApiKey;
use crate::domain::label::Label;
use crate::http::{self, ControlGuard, HostPattern, HttpConfig, Token};
use crate::registry::{MemorySize, Registry, Settings};
use crate::report::Thresholds;
use crate::scenario::catalogue::Catalogue;
use crate::scenario::{Clock, Scenario};
use crate::scenarios;

/// The settings of a [`Server`], each with a default.
///
/// ```
/// use ringer::Server;
/// use ringer::scenario::*;
///
/// let sold_out = scenario("sold-out").country(country(Country::DE));
/// let server = Server::builder().scenario(sold_out).clock(Clock::frozen()).seed(7).start()?;
/// # Ok::<(), ringer::StartError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ServerBuilder {
    scenario: ScenarioChoice,
    catalogue: Vec<Scenario>,
    clock: Option<Clock>,
    seed: u64,
    api_keys: Vec<String>,
    strict: bool,
    on_demand_errors: bool,
    guard: ControlGuard,
    /// The first wrong value, and the method that took it.
    mistake: Option<(&'static str, String)>,
    admin_address: Option<(String, u16)>,
    host: String,
    port: u16,
    workers: usize,
    request_timeout: Duration,
    shutdown_timeout: Duration,
    max_sandboxes: usize,
    max_ended_rentals: usize,
    max_journal_entries: usize,
    max_memory: MemorySize,
    evict_idle_after: Duration,
    max_past_reports: usize,
    label: Option<Label>,
    thresholds: Thresholds,
}

impl Default for ServerBuilder {
    fn default() -> Self {
        Self {
            scenario: ScenarioChoice::Named("happy-path".into()),
            catalogue: Vec::new(),
            clock: None,
            seed: 0,
            api_keys: Vec::new(),
            strict: false,
            on_demand_errors: true,
            guard: ControlGuard::default(),
            mistake: None,
            admin_address: None,
            host: "127.0.0.1".into(),
            port: 0,
            workers: 1,
            request_timeout: Duration::from_secs(10),
            shutdown_timeout: Duration::from_secs(5),
            max_sandboxes: 10_000,
            max_ended_rentals: 100_000,
            max_journal_entries: 10_000,
            max_memory: MemorySize::DEFAULT,
            evict_idle_after: Duration::from_secs(60),
            max_past_reports: 0,
            label: None,
            thresholds: Thresholds::default(),
        }
    }
}

impl ServerBuilder {
    /// The scenario of every api_key that does not name one: a [`Scenario`], or its name.
    #[must_use]
    pub fn scenario(mut self, scenario: impl Into<ScenarioChoice>) -> Self {
        self.scenario = scenario.into();
        self
    }

    /// Adds scenarios that clients can choose by name.
    #[must_use]
    pub fn with_scenarios(mut self, scenarios: impl IntoIterator<Item = Scenario>) -> Self {
        self.catalogue.extend(scenarios);
        self
    }

    /// The clock of every sandbox. Overrides that of its scenario.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The seed of all randomness: the same seed gives the same replies.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Admits this api_key and its `@SCENARIO` forms. Without a call of this, every key is admitted.
    #[must_use]
    pub fn api_key(mut self, api_key: &str) -> Self {
        self.api_keys.push(api_key.to_owned());
        self
    }

    /// Whether to reject input that is normally accepted with a lint.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Whether clients can ask for an error: by a magic api_key, a pseudo-country, or the header
    /// `Prefer`. On by default.
    #[must_use]
    pub fn on_demand_errors(mut self, enabled: bool) -> Self {
        self.on_demand_errors = enabled;
        self
    }

    /// Moves the control API to its own address; port 0 takes a free port.
    #[must_use]
    pub fn admin_address(mut self, host: &str, port: u16) -> Self {
        self.admin_address = Some((host.to_owned(), port));
        self
    }

    /// The token that the control API requires as `Authorization: Bearer`. If other machines can
    /// reach it and you give none, the server generates one ([`Server::admin_token`]).
    #[must_use]
    pub fn admin_token(mut self, token: &str) -> Self {
        self.guard.token = self.parse("admin_token", token);
        self
    }

    /// Adds a host name under which the control API answers without a token, beside IP addresses and
    /// `localhost`: `ringer`, `*.internal` (a domain and all names below it) or `*` (any name). A
    /// port in it is ignored.
    #[must_use]
    pub fn admin_host(mut self, host: &str) -> Self {
        let host: Option<HostPattern> = self.parse("admin_host", host);
        self.guard.hosts.extend(host);
        self
    }

    /// The one foreign origin whose web pages may use the control API: `http://localhost:3000`.
    #[must_use]
    pub fn admin_cors_origin(mut self, origin: &str) -> Self {
        self.guard.cors_origin = self.parse("admin_cors_origin", origin);
        self
    }

    /// Parses a value. [`ServerBuilder::start`] reports the first one that is wrong.
    fn parse<T: FromStr<Err: Display>>(&mut self, name: &'static str, text: &str) -> Option<T> {
        let parsed = text.parse().map_err(|reason: T::Err| {
            self.mistake.get_or_insert_with(|| (name, reason.to_string()));
        });
        parsed.ok()
    }

    /// The host name or address to listen on; `localhost` is both 127.0.0.1 and ::1.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.host = host.to_owned();
        self
    }

    /// The port to listen on; 0 takes a free port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The number of threads that answer requests: 1 to 512.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers.clamp(1, 512);
        self
    }

    /// How long a client may take to send a request, in real time; 1 s or more.
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// How long requests in flight may take after the server was told to stop, in real time.
    #[must_use]
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.shutdown_timeout = timeout;
        self
    }

    /// The most sandboxes to keep, at least 1. Beyond it, the least recently used is dropped;
    /// sandboxes without live rentals go first.
    #[must_use]
    pub fn max_sandboxes(mut self, most: usize) -> Self {
        self.max_sandboxes = most.max(1);
        self
    }

    /// The most ended rentals that a sandbox keeps.
    #[must_use]
    pub fn max_ended_rentals(mut self, most: usize) -> Self {
        self.max_ended_rentals = most;
        self
    }

    /// The most journal entries that a sandbox keeps.
    #[must_use]
    pub fn max_journal_entries(mut self, most: usize) -> Self {
        self.max_journal_entries = most;
        self
    }

    /// The most memory that the process may take. When its sandboxes come near it, those idle longest
    /// are dropped; if that is not enough, rentNumber is refused.
    #[must_use]
    pub fn max_memory(mut self, most: MemorySize) -> Self {
        self.max_memory = most;
        self
    }

    /// How long a sandbox must have been idle, in real time, before it may be dropped to free memory.
    /// A minute by default.
    #[must_use]
    pub fn evict_idle_after(mut self, span: Duration) -> Self {
        self.evict_idle_after = span;
        self
    }

    /// How many reports to keep of sandboxes that were reset, replaced or deleted. None by default.
    #[must_use]
    pub fn max_past_reports(mut self, most: usize) -> Self {
        self.max_past_reports = most;
        self
    }

    /// What reports call sandboxes that are given no label of their own.
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        self.label = self.parse("label", label);
        self
    }

    /// The thresholds at which the report flags a client's behaviour.
    #[must_use]
    pub fn thresholds(mut self, thresholds: Thresholds) -> Self {
        self.thresholds = thresholds;
        self
    }

    /// Starts the server. It accepts connections as soon as this returns.
    ///
    /// # Errors
    /// A setting has a wrong value, or the server cannot listen on an address.
    pub fn start(self) -> Result<Server, StartError> {
        let registry = Arc::new(Registry::new(self.settings()?));
        let (listeners, address) = listen::listen("port", &self.host, self.port)?;
        let (admin_listeners, admin_address) = match &self.admin_address {
            Some((host, port)) => listen::listen("admin_address", host, *port)?,
            None => (Vec::new(), address),
        };
        let mut guard = self.guard.clone();
        // A control API that other machines can reach always has a token.
        if guard.token.is_none() && !admin_address.ip().is_loopback() {
            guard.token = Some(Token::random().map_err(wrong("admin_token"))?);
        }
        let admin_token = guard.token.as_ref().map(|token| token.as_str().to_owned());
        let serving = HttpConfig {
            registry: Arc::clone(&registry),
            guard: Arc::new(guard),
            stop: Arc::default(),
            workers: self.workers,
            request_timeout: self.request_timeout,
            shutdown_timeout: self.shutdown_timeout,
        };
        let (started, handle) = mpsc::channel();
        let (running, ended) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name("ringer".into()).spawn(move || {
            // Dropped when this thread ends, however it ends.
            let _running = running;
            actix_web::rt::System::new().block_on(async move {
                match http::serve(listeners, admin_listeners, &serving) {
                    Ok(server) => {
                        let (handle, stop) = (server.handle(), Arc::clone(&serving.stop));
                        let _ = started.send(Ok(server.handle()));
                        actix_web::rt::spawn(http::tick_watched_sandboxes(Arc::clone(
                            &serving.registry,
                        )));
                        actix_web::rt::spawn(async move {
                            stop.notified().await;
                            handle.stop(true).await;
                        });
                        let _ = server.await;
                    }
                    Err(reason) => {
                        let _ = started.send(Err(reason));
                    }
                }
            });
        });
        let failed =
            |source| StartError::Listen { name: "port", address: address.to_string(), source };
        let thread = thread.map_err(failed)?;
        let gone = |_| Err(std::io::Error::other("the server's thread ended"));
        let handle = handle.recv().unwrap_or_else(gone).map_err(failed)?;
        let (thread, ended) = (Some(thread), Some(ended));
        Ok(Server { address, admin_address, admin_token, registry, handle, thread, ended })
    }

    fn settings(&self) -> Result<Settings, StartError> {
        if let Some((name, reason)) = &self.mistake {
            return Err(wrong(name)(reason.clone()));
        }
        // The HTTP dispatcher's timer has a resolution of half a second.
        if self.request_timeout < Duration::from_secs(1) {
            let reason = format!("{:?} is too short; it must be 1s or more", self.request_timeout);
            return Err(wrong("request_timeout")(reason));
        }
        let scenarios = scenarios::all().into_iter().chain(self.catalogue.iter().cloned());
        let mut catalogue = Catalogue::new(scenarios).map_err(wrong("with_scenarios"))?;
        let default_scenario = match &self.scenario {
            ScenarioChoice::Named(name) => catalogue.get(name).cloned(),
            ScenarioChoice::Given(scenario) => catalogue.add((**scenario).clone()),
        };
        let admitted = |text: &String| {
            let key = ApiKey::parse(text)?;
            match key.scenario().map(|name| catalogue.get(name)) {
                Some(Err(reason)) => Err(format!(
                    "the part after @ names a scenario, and {reason}; leave it out: the key alone \
                     admits all its @SCENARIO forms"
                )),
                _ => Ok(key),
            }
        };
        let api_keys: Result<Vec<ApiKey>, String> = self.api_keys.iter().map(admitted).collect();
        Ok(Settings {
            default_scenario: default_scenario.map_err(wrong("scenario"))?,
            api_keys: api_keys.map_err(wrong("api_key"))?,
            catalogue,
            clock: self.clock,
            seed: self.seed,
            strict: self.strict,
            on_demand_errors: self.on_demand_errors,
            max_sandboxes: self.max_sandboxes,
            max_ended_rentals: self.max_ended_rentals,
            max_journal_entries: self.max_journal_entries,
            max_memory: self.max_memory,
            evict_idle_after: self.evict_idle_after,
            max_past_reports: self.max_past_reports,
            label: self.label.clone(),
            thresholds: self.thresholds,
        })
    }
}

fn wrong(name: &'static str) -> impl FnOnce(String) -> StartError {
    move |reason| StartError::Setting { name, reason }
}

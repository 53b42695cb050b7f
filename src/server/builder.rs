//! The settings of a server that is to start.

use std::fmt::Display;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Server, StartError, listen};
use crate::domain::api_key::ApiKey;
use crate::http::{self, ControlGuard, HostPattern, HttpConfig, Origin, Token};
use crate::registry::{MemorySize, Registry, Settings};
use crate::report::Thresholds;
use crate::scenario::catalogue::Catalogue;
use crate::scenario::{Clock, Scenario};
use crate::scenarios;

/// The settings of a server that is to start.
#[derive(Clone, Debug)]
pub struct ServerBuilder {
    scenario: ScenarioChoice,
    catalogue: Vec<Scenario>,
    clock: Option<Clock>,
    seed: u64,
    api_keys: Vec<String>,
    strict: bool,
    magic: bool,
    guard: ControlGuard,
    /// The first value that was given and makes no sense.
    mistake: Option<String>,
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
            magic: true,
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
            thresholds: Thresholds::default(),
        }
    }
}

impl ServerBuilder {
    /// The scenario of every key that asks for none: a [`Scenario`], or the name of one.
    #[must_use]
    pub fn scenario(mut self, scenario: impl Into<ScenarioChoice>) -> Self {
        self.scenario = scenario.into();
        self
    }

    /// More scenarios to be asked for by name, beside the bundled ones.
    #[must_use]
    pub fn with_scenarios(mut self, scenarios: impl IntoIterator<Item = Scenario>) -> Self {
        self.catalogue.extend(scenarios);
        self
    }

    /// The clock of every sandbox, over that of its scenario.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// What all randomness grows from: the same seed gives the same replies.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Admits this key (and its `@SCENARIO` forms) and no other, except those admitted likewise.
    #[must_use]
    pub fn api_key(mut self, api_key: &str) -> Self {
        self.api_keys.push(api_key.to_owned());
        self
    }

    /// Refuses what is else accepted with a lint.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Whether there are errors on demand: by magic keys, by countries that are none, by `Prefer`.
    #[must_use]
    pub fn magic(mut self, magic: bool) -> Self {
        self.magic = magic;
        self
    }

    /// Moves the control API to a listener of its own; port 0 takes a free one.
    #[must_use]
    pub fn admin_address(mut self, host: &str, port: u16) -> Self {
        self.admin_address = Some((host.to_owned(), port));
        self
    }

    /// What the control API demands as `Authorization: Bearer`. Where it can be reached from other
    /// machines, a token is made up if none is given ([`Server::admin_token`]).
    #[must_use]
    pub fn admin_token(mut self, token: impl TryInto<Token, Error: Display>) -> Self {
        self.guard.token = self.read("--admin-token", token);
        self
    }

    /// One more name under which the control API answers where it demands no token, beside addresses
    /// and `localhost`: `ringer`, `*.internal` (a domain and all names below it) or `*` (any name).
    /// A port is accepted and makes no difference.
    #[must_use]
    pub fn admin_host(mut self, host: impl TryInto<HostPattern, Error: Display>) -> Self {
        let host = self.read("--admin-host", host);
        self.guard.hosts.extend(host);
        self
    }

    /// The origin of the only foreign web page that may use the control API, such as
    /// `http://localhost:3000`.
    #[must_use]
    pub fn admin_cors_origin(mut self, origin: impl TryInto<Origin, Error: Display>) -> Self {
        self.guard.cors_origin = self.read("--admin-cors-origin", origin);
        self
    }

    /// Reads a value. What makes no sense is what [`ServerBuilder::start`] then fails with.
    fn read<T>(&mut self, flag: &str, value: impl TryInto<T, Error: Display>) -> Option<T> {
        match value.try_into() {
            Ok(value) => Some(value),
            Err(reason) => {
                self.mistake.get_or_insert_with(|| format!("{flag} {reason}"));
                None
            }
        }
    }

    /// The host name or address to listen on; `localhost` means both 127.0.0.1 and ::1.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.host = host.to_owned();
        self
    }

    /// The port to listen on; 0 takes a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// How many threads answer: 1 to 512.
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

    /// How long requests in flight may take once the server stops, in real time.
    #[must_use]
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.shutdown_timeout = timeout;
        self
    }

    /// How many sandboxes are kept, at least 1. Beyond it those go that were used longest ago, the
    /// ones without live rentals first.
    #[must_use]
    pub fn max_sandboxes(mut self, most: usize) -> Self {
        self.max_sandboxes = most.max(1);
        self
    }

    /// How many ended rentals a sandbox keeps at the most.
    #[must_use]
    pub fn max_ended_rentals(mut self, most: usize) -> Self {
        self.max_ended_rentals = most;
        self
    }

    /// How many journal entries a sandbox keeps at the most.
    #[must_use]
    pub fn max_journal_entries(mut self, most: usize) -> Self {
        self.max_journal_entries = most;
        self
    }

    /// How much memory the process may take at the most. Where its sandboxes come near it, those go
    /// that were idle longest, and then nothing more can be rented.
    #[must_use]
    pub fn max_memory(mut self, most: MemorySize) -> Self {
        self.max_memory = most;
        self
    }

    /// How long nobody has used a sandbox, in real time, before it may go for want of memory; a
    /// minute unless said.
    #[must_use]
    pub fn evict_idle_after(mut self, span: Duration) -> Self {
        self.evict_idle_after = span;
        self
    }

    /// How many reports are kept of sandboxes that were reset, made anew or deleted; none unless
    /// said.
    #[must_use]
    pub fn max_past_reports(mut self, most: usize) -> Self {
        self.max_past_reports = most;
        self
    }

    /// Where, for the report, what is fine ends and what is not begins.
    #[must_use]
    pub fn thresholds(mut self, thresholds: Thresholds) -> Self {
        self.thresholds = thresholds;
        self
    }

    /// Starts the server. When this returns, it accepts connections.
    ///
    /// # Errors
    /// A setting that makes no sense, or an address that cannot be listened on.
    pub fn start(self) -> Result<Server, StartError> {
        let registry = Arc::new(Registry::new(self.settings()?));
        let (listeners, address) = listen::listen(&self.host, self.port)?;
        let (admin_listeners, admin_address) = match &self.admin_address {
            Some((host, port)) => listen::listen(host, *port)?,
            None => (Vec::new(), address),
        };
        let mut guard = self.guard.clone();
        // Who can be reached from other machines has a token, whatever was said.
        if guard.token.is_none() && !admin_address.ip().is_loopback() {
            let failed = |reason| StartError::Setting(format!("the admin token {reason}"));
            guard.token = Some(Token::random().map_err(failed)?);
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
            // Dropped at the end, whatever that is.
            let _running = running;
            actix_web::rt::System::new().block_on(async move {
                match http::serve(listeners, admin_listeners, &serving) {
                    Ok(server) => {
                        let (handle, stop) = (server.handle(), Arc::clone(&serving.stop));
                        let _ = started.send(Ok(server.handle()));
                        actix_web::rt::spawn(http::bring_up_watched(Arc::clone(&serving.registry)));
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
        let failed = |reason| StartError::Listen { address: address.to_string(), reason };
        let thread = thread.map_err(failed)?;
        let gone = |_| Err(std::io::Error::other("the server thread ended"));
        let handle = handle.recv().unwrap_or_else(gone).map_err(failed)?;
        let (thread, ended) = (Some(thread), Some(ended));
        Ok(Server { address, admin_address, admin_token, registry, handle, thread, ended })
    }

    fn settings(&self) -> Result<Settings, StartError> {
        if let Some(mistake) = &self.mistake {
            return Err(StartError::Setting(mistake.clone()));
        }
        // The HTTP dispatcher tells the time by half seconds only.
        if self.request_timeout < Duration::from_secs(1) {
            let sent = self.request_timeout;
            let message =
                format!("a request timeout of {sent:?} is too short; 1s or more is right");
            return Err(StartError::Setting(message));
        }
        let scenarios = scenarios::all().into_iter().chain(self.catalogue.iter().cloned());
        let mut catalogue = Catalogue::new(scenarios).map_err(StartError::Setting)?;
        let default_scenario = match &self.scenario {
            ScenarioChoice::Named(name) => catalogue.get(name).cloned(),
            ScenarioChoice::Given(scenario) => catalogue.add((**scenario).clone()),
        };
        let admitted = |text: &String| {
            let key = ApiKey::parse(text)?;
            match key.scenario().map(|name| catalogue.get(name)) {
                Some(Err(reason)) => Err(format!(
                    "an api_key that ends in @ asks for a scenario, and {reason}; leave it out: \
                     the key alone admits all its @SCENARIO forms"
                )),
                _ => Ok(key),
            }
        };
        let api_keys: Result<Vec<ApiKey>, String> = self.api_keys.iter().map(admitted).collect();
        Ok(Settings {
            default_scenario: default_scenario
                .map_err(|reason| StartError::Setting(format!("--scenario: {reason}")))?,
            api_keys: api_keys
                .map_err(|reason| StartError::Setting(format!("--api-key: {reason}")))?,
            catalogue,
            clock: self.clock,
            seed: self.seed,
            strict: self.strict,
            on_demand_errors: self.magic,
            max_sandboxes: self.max_sandboxes,
            max_ended_rentals: self.max_ended_rentals,
            max_journal_entries: self.max_journal_entries,
            max_memory: self.max_memory,
            evict_idle_after: self.evict_idle_after,
            max_past_reports: self.max_past_reports,
            thresholds: self.thresholds,
        })
    }
}

/// Which scenario a server plays: one of its own, or one that it knows by name.
#[derive(Clone, Debug)]
pub enum ScenarioChoice {
    /// By name.
    Named(String),
    /// This one.
    Given(Box<Scenario>),
}

impl From<&str> for ScenarioChoice {
    fn from(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

impl From<String> for ScenarioChoice {
    fn from(name: String) -> Self {
        Self::Named(name)
    }
}

impl From<Scenario> for ScenarioChoice {
    fn from(scenario: Scenario) -> Self {
        Self::Given(Box::new(scenario))
    }
}

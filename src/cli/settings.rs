//! The flags of the server, shared by `serve` and `run`.

use std::io::ErrorKind;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, value_parser};

use super::Failure;
use super::scenario_files::ScenarioFileArguments;
use crate::domain::virtual_duration::VirtualDuration;
use crate::http::{HostPattern, Origin};
use crate::registry::MemorySize;
use crate::report::Thresholds;
use crate::scenario::{Clock, Scenario};
use crate::server::{Server, ServerBuilder, StartError};

/// The settings of the server. Each flag has an environment variable `RINGER_…`.
#[derive(Args, Debug)]
pub(super) struct ServeArguments {
    /// The scenario of every api_key that does not ask for one with KEY@SCENARIO
    #[arg(long, env = "RINGER_SCENARIO", value_name = "NAME", default_value = "happy-path")]
    pub(super) scenario: String,
    #[command(flatten)]
    scenario_files: ScenarioFileArguments,
    /// The host name or address to listen on; localhost is 127.0.0.1 and ::1
    #[arg(long, env = "RINGER_HOST", default_value = "127.0.0.1")]
    host: String,
    /// The port to listen on; 0 takes a free port [default: 7464; of `ringer run`: a free port]
    #[arg(long, env = "RINGER_PORT")]
    port: Option<u16>,
    /// The seed of all randomness: the same seed gives the same replies
    #[arg(long, env = "RINGER_SEED", value_name = "N", default_value_t = 0)]
    pub(super) seed: u64,
    /// The clock of every sandbox: realtime, scaled[:RATE], frozen[:TIME] or per_poll[:STEP]; with
    /// @TIME after it, it starts there. TIME is RFC 3339, or now [default: the clock of the scenario]
    #[arg(long, env = "RINGER_CLOCK", value_name = "CLOCK")]
    clock: Option<Clock>,
    /// Admits only this api_key, with its @SCENARIO forms; repeatable [default: every key is admitted]
    #[arg(
        long = "api-key",
        env = "RINGER_ALLOWED_API_KEYS",
        value_name = "KEY",
        value_delimiter = ',',
        hide_env_values = true
    )]
    pub(super) api_keys: Vec<String>,
    /// Rejects input that is normally accepted with a warning: unknown parameters, lower-case
    /// countries
    #[arg(long, env = "RINGER_STRICT", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    strict: bool,
    /// Disables errors on demand: magic api_keys, pseudo-countries, and the header Prefer
    #[arg(long, env = "RINGER_NO_MAGIC", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    no_magic: bool,
    /// The token that the control API requires as Authorization: Bearer [default: none on a loopback
    /// address; on any other, one is generated and printed]
    #[arg(long, env = "RINGER_ADMIN_TOKEN", value_name = "T", hide_env_values = true)]
    pub(super) admin_token: Option<String>,
    /// Moves the control API to its own address, such as 127.0.0.1:7465
    #[arg(long, env = "RINGER_ADMIN_ADDR", value_name = "HOST:PORT", value_parser = host_and_port)]
    admin_addr: Option<(String, u16)>,
    /// A host name under which the control API answers without a token, beside IP addresses and
    /// localhost: ringer, *.internal (a domain and all below it) or * (any); repeatable
    #[arg(
        long = "admin-host",
        env = "RINGER_ADMIN_HOST",
        value_name = "NAME",
        value_delimiter = ',',
        value_parser = valid::<HostPattern>
    )]
    admin_hosts: Vec<String>,
    /// The origin of a web page that may use the control API, such as http://localhost:3000
    #[arg(long, env = "RINGER_ADMIN_CORS_ORIGIN", value_name = "ORIGIN", value_parser = valid::<Origin>)]
    admin_cors_origin: Option<String>,
    /// The number of threads that answer requests [default: one per core]
    #[arg(long, env = "RINGER_WORKERS", value_name = "N", value_parser = value_parser!(u16).range(1..=512))]
    workers: Option<u16>,
    /// How long a client may take to send a request, in real time
    #[arg(long, env = "RINGER_REQUEST_TIMEOUT", value_name = "SPAN", default_value = "10s", value_parser = request_timeout)]
    request_timeout: VirtualDuration,
    /// How long requests in flight may take after the server was told to stop, in real time
    #[arg(long, env = "RINGER_SHUTDOWN_TIMEOUT", value_name = "SPAN", default_value = "5s")]
    shutdown_timeout: VirtualDuration,
    /// The most sandboxes to keep; the least recently used idle one is dropped first
    #[arg(long, env = "RINGER_MAX_SANDBOXES", value_name = "N", default_value_t = 10_000, value_parser = value_parser!(u32).range(1..))]
    max_sandboxes: u32,
    /// The most ended rentals that a sandbox keeps
    #[arg(long, env = "RINGER_MAX_ENDED_RENTALS", value_name = "N", default_value_t = 100_000)]
    max_ended_rentals: usize,
    /// The most journal entries that a sandbox keeps
    #[arg(long, env = "RINGER_MAX_JOURNAL_ENTRIES", value_name = "N", default_value_t = 10_000)]
    max_journal_entries: usize,
    /// The most memory that the process may take: idle sandboxes are dropped, then rentNumber is
    /// refused
    #[arg(long, env = "RINGER_MAX_MEMORY", value_name = "SIZE", default_value_t = MemorySize::DEFAULT)]
    max_memory: MemorySize,
    /// The report flags polls of a rental that are closer together than this, in virtual time
    #[arg(long, env = "RINGER_POLL_GAP", value_name = "SPAN", default_value = "1s")]
    poll_gap: VirtualDuration,
    /// How many fast polls in a row make a finding
    #[arg(long, env = "RINGER_FAST_POLLS", value_name = "N", default_value_t = 3, value_parser = value_parser!(u32).range(2..))]
    fast_polls: u32,
    /// How many equal refusals, each within a second of the one before, make a finding
    #[arg(long, env = "RINGER_HOT_LOOP", value_name = "N", default_value_t = 10, value_parser = value_parser!(u32).range(2..))]
    hot_loop: u32,
    /// What to log to stderr: off, error, warn, info, debug, or a filter of env_logger [default: info;
    /// of `ringer run`: warn]
    #[arg(long, env = "RINGER_LOG", value_name = "FILTER")]
    pub(super) log: Option<String>,
}

impl ServeArguments {
    /// A server with these settings, on `default_port` unless a flag names another.
    ///
    /// # Errors
    /// What is wrong in the files with scenarios.
    pub(super) fn builder(
        &self,
        scenarios: Vec<Scenario>,
        default_port: u16,
    ) -> Result<ServerBuilder, Failure> {
        let real = |span: VirtualDuration| Duration::from_millis(span.as_millis());
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(512);
        let mut builder = Server::builder()
            .with_scenarios(self.scenario_files.add_to(scenarios)?)
            .scenario(self.scenario.as_str())
            .host(&self.host)
            .port(self.port.unwrap_or(default_port))
            .seed(self.seed)
            .strict(self.strict)
            .on_demand_errors(!self.no_magic)
            .workers(self.workers.map_or_else(cores, usize::from))
            .request_timeout(real(self.request_timeout))
            .shutdown_timeout(real(self.shutdown_timeout))
            .max_sandboxes(self.max_sandboxes as usize)
            .max_ended_rentals(self.max_ended_rentals)
            .max_journal_entries(self.max_journal_entries)
            .max_memory(self.max_memory)
            .thresholds(Thresholds {
                poll_gap: self.poll_gap,
                fast_polls: self.fast_polls as usize,
                hot_loop: self.hot_loop as usize,
                ..Thresholds::default()
            });
        if let Some(token) = &self.admin_token {
            builder = builder.admin_token(token.as_str());
        }
        for host in &self.admin_hosts {
            builder = builder.admin_host(host);
        }
        if let Some(origin) = &self.admin_cors_origin {
            builder = builder.admin_cors_origin(origin);
        }
        if let Some((host, port)) = &self.admin_addr {
            builder = builder.admin_address(host, *port);
        }
        for api_key in &self.api_keys {
            builder = builder.api_key(api_key);
        }
        if let Some(clock) = self.clock {
            builder = builder.clock(clock);
        }
        Ok(builder)
    }
}

/// Starts the server.
///
/// # Errors
/// Names the flag that is wrong.
pub(super) fn start(builder: ServerBuilder) -> Result<Server, Failure> {
    builder.start().map_err(|error| Failure::usage(name_flag(&error)))
}

/// The sentence of an error, with the flag in place of the builder's method.
fn name_flag(error: &StartError) -> String {
    let flag = |name: &str| match name {
        "admin_address" => "--admin-addr".to_owned(),
        name => format!("--{}", name.replace('_', "-")),
    };
    match error {
        StartError::Setting { name, reason } => format!("{}: {reason}", flag(name)),
        StartError::Listen { name, address, source } => {
            let hint = match (source.kind(), *name) {
                (ErrorKind::AddrInUse, "port") => "--port 0 takes a free port",
                (ErrorKind::AddrInUse, _) => "--admin-addr HOST:0 takes a free port",
                (_, "port") => "--host takes an address of this machine, such as 127.0.0.1",
                _ => "--admin-addr takes an address of this machine, such as 127.0.0.1:7465",
            };
            format!("cannot listen on {address}: {source}; {hint}")
        }
    }
}

/// Checks a text that the builder parses.
fn valid<T: FromStr>(text: &str) -> Result<String, T::Err> {
    text.parse::<T>().map(|_| text.to_owned())
}

fn request_timeout(text: &str) -> Result<VirtualDuration, String> {
    let span = VirtualDuration::from_str(text)?;
    // The HTTP dispatcher's timer has a resolution of half a second.
    if span.as_millis() < 1_000 {
        Err("it is too short; it must be 1s or more".into())
    } else {
        Ok(span)
    }
}

fn host_and_port(text: &str) -> Result<(String, u16), String> {
    let wrong =
        || format!("{text:?} is not HOST:PORT; 127.0.0.1:7465 is right, port 0 takes a free one");
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    if host.is_empty() {
        return Err(wrong());
    }
    Ok((host.to_owned(), port.parse().map_err(|_| wrong())?))
}

//! `ringer serve`.

use std::io::Write;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, value_parser};

use super::{Failure, log};
use crate::domain::span::Span;
use crate::http::Guard;
use crate::scenario::{Clock, Scenario};
use crate::server::Server;

/// The settings of the server. Each has an environment variable `RINGER_…`.
#[derive(Args, Debug)]
pub(super) struct ServeArguments {
    /// The scenario of every api_key that does not ask for one with KEY@SCENARIO
    #[arg(long, env = "RINGER_SCENARIO", value_name = "NAME", default_value = "happy-path")]
    scenario: String,
    /// The host name or address to listen on
    #[arg(long, env = "RINGER_HOST", default_value = "127.0.0.1")]
    host: String,
    /// The port to listen on; 0 takes a free one
    #[arg(long, env = "RINGER_PORT", default_value_t = 7464)]
    port: u16,
    /// What all randomness grows from: the same seed gives the same replies
    #[arg(long, env = "RINGER_SEED", value_name = "N", default_value_t = 0)]
    seed: u64,
    /// The clock of every sandbox: realtime, scaled[:RATE], frozen[:TIME] or per_poll[:STEP]
    /// [default: that of the scenario]
    #[arg(long, env = "RINGER_CLOCK", value_name = "MODE")]
    clock: Option<Clock>,
    /// Admits only this api_key and its @SCENARIO forms; repeatable
    #[arg(
        long = "api-key",
        env = "RINGER_API_KEY",
        value_name = "KEY",
        value_delimiter = ',',
        hide_env_values = true
    )]
    api_keys: Vec<String>,
    /// Refuses what is else accepted with a remark: unknown parameters, lower-case countries
    #[arg(long, env = "RINGER_STRICT", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    strict: bool,
    /// Switches errors on demand off: the magic api_keys and countries, and the header Prefer
    #[arg(long, env = "RINGER_NO_MAGIC", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_magic: bool,
    /// What the control API demands as Authorization: Bearer [default: none on a loopback address,
    /// else one that is made up and printed]
    #[arg(long, env = "RINGER_ADMIN_TOKEN", value_name = "T", hide_env_values = true)]
    admin_token: Option<String>,
    /// Moves the control API to an address of its own, such as 127.0.0.1:7465
    #[arg(long, env = "RINGER_ADMIN_ADDR", value_name = "HOST:PORT", value_parser = host_and_port)]
    admin_addr: Option<(String, u16)>,
    /// A name under which the control API may be asked for, beside addresses and localhost; repeatable
    #[arg(
        long = "admin-host",
        env = "RINGER_ADMIN_HOST",
        value_name = "NAME",
        value_delimiter = ','
    )]
    admin_hosts: Vec<String>,
    /// The origin of a web page that may use the control API, such as http://localhost:3000
    #[arg(long, env = "RINGER_ADMIN_CORS_ORIGIN", value_name = "ORIGIN")]
    admin_cors_origin: Option<String>,
    /// How many threads answer [default: one for each core]
    #[arg(long, env = "RINGER_WORKERS", value_name = "N", value_parser = value_parser!(u16).range(1..=512))]
    workers: Option<u16>,
    /// How long a client may take to send a request, in real time
    #[arg(long, env = "RINGER_REQUEST_TIMEOUT", value_name = "SPAN", default_value = "10s")]
    request_timeout: Span,
    /// How long requests in flight may take once the server stops, in real time
    #[arg(long, env = "RINGER_SHUTDOWN_TIMEOUT", value_name = "SPAN", default_value = "5s")]
    shutdown_timeout: Span,
    /// How many sandboxes are kept at the most; the idle ones that were used longest ago go first
    #[arg(long, env = "RINGER_MAX_SANDBOXES", value_name = "N", default_value_t = 10_000, value_parser = value_parser!(u32).range(1..))]
    max_sandboxes: u32,
    /// How many ended rentals a sandbox keeps at the most
    #[arg(long, env = "RINGER_MAX_ENDED_RENTALS", value_name = "N", default_value_t = 100_000)]
    max_ended_rentals: usize,
    /// How many journal entries a sandbox keeps at the most
    #[arg(long, env = "RINGER_MAX_JOURNAL_ENTRIES", value_name = "N", default_value_t = 10_000)]
    max_journal_entries: usize,
    /// What is logged to stderr: off, error, warn, info, debug, or filters of env_logger
    #[arg(long, env = "RINGER_LOG", value_name = "FILTER", default_value = "info")]
    log: String,
}

/// Serves until SIGTERM or SIGINT.
pub(super) fn run(arguments: &ServeArguments, scenarios: Vec<Scenario>) -> Result<(), Failure> {
    let log = log::start(&arguments.log).map_err(Failure::usage)?;
    let real = |span: Span| Duration::from_millis(span.as_millis());
    let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(512);
    let mut builder = Server::builder()
        .with_scenarios(scenarios)
        .scenario(arguments.scenario.as_str())
        .host(&arguments.host)
        .port(arguments.port)
        .seed(arguments.seed)
        .strict(arguments.strict)
        .magic(!arguments.no_magic)
        .workers(arguments.workers.map_or_else(cores, usize::from))
        .request_timeout(real(arguments.request_timeout))
        .shutdown_timeout(real(arguments.shutdown_timeout))
        .max_sandboxes(arguments.max_sandboxes as usize)
        .max_ended_rentals(arguments.max_ended_rentals)
        .max_journal_entries(arguments.max_journal_entries);
    let (token, made_up) = admin_token(arguments).map_err(Failure::usage)?;
    builder = builder.guard(Guard {
        token: token.clone(),
        hosts: arguments.admin_hosts.clone(),
        cors_origin: arguments.admin_cors_origin.clone(),
    });
    if let Some((host, port)) = &arguments.admin_addr {
        builder = builder.admin_address(host, *port);
    }
    for api_key in &arguments.api_keys {
        builder = builder.api_key(api_key);
    }
    if let Some(clock) = arguments.clock {
        builder = builder.clock(clock);
    }
    // Each connection is an open file, and the usual limit is about a thousand. Where it cannot be
    // raised, so many will do.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let runtime = actix_web::rt::System::new();
    // Listen for signals before anybody can know that we run.
    let signal = runtime.block_on(async { StopSignal::listen() });
    let mut signal =
        signal.map_err(|error| Failure::usage(format!("cannot handle signals: {error}")))?;
    let mut server = builder.start().map_err(|error| Failure::usage(error.to_string()))?;
    announce(&server, arguments, token.filter(|_| made_up).as_deref());
    runtime.block_on(async {
        let name = tokio::select! {
            name = signal.wait() => name,
            () = server.ended() => return Ok(()),
        };
        ::log::info!("{name}: answering what is in flight, then stopping");
        let stopped = tokio::task::spawn_blocking(|| server.stop());
        tokio::select! {
            _ = stopped => Ok(()),
            name = signal.wait() => {
                ::log::warn!("{name} once more: stopping at once");
                // What is still in flight holds threads that nobody waits for now.
                drop(log);
                std::process::exit(1)
            }
        }
    })
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

/// The token of the control API, and whether it was made up: who can be reached from other machines
/// has one, whatever was said.
fn admin_token(arguments: &ServeArguments) -> Result<(Option<String>, bool), String> {
    if let Some(token) = &arguments.admin_token {
        let is_plain = |byte: u8| byte.is_ascii_graphic();
        if token.is_empty() || !token.bytes().all(is_plain) {
            return Err("--admin-token must be visible ASCII without blanks".into());
        }
        return Ok((Some(token.clone()), false));
    }
    let host = arguments.admin_addr.as_ref().map_or(&arguments.host, |(host, _)| host);
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if is_loopback {
        return Ok((None, false));
    }
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| format!("no token can be made up: {error}"))?;
    Ok((Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect()), true))
}

fn announce(server: &Server, arguments: &ServeArguments, made_up_token: Option<&str>) {
    let url = server.url();
    // An address that means all of them is none to call.
    let call = url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
    // A key that was given is not repeated: this output may be kept.
    let key = if arguments.api_keys.is_empty() { "demo" } else { "YOUR_API_KEY" };
    let clock = server.default_clock();
    let mut control = format!("control API: {}", server.admin_url());
    if let Some(token) = made_up_token {
        control += &format!("\n  its token, told only here: {token}");
    }
    // Whoever closed our stdout does not want to read this.
    let _ = write!(
        std::io::stdout().lock(),
        "ringer listening on {url}\n\
         scenario {scenario}, clock {clock}, seed {seed}; any other scenario by api_key: {key}@slow-sms\n\
         try it:\n\
         \x20 curl '{call}/getNumbers?api_key={key}'\n\
         \x20 curl {call}/rentNumber -d api_key={key} -d country=US -d service=telegram\n\
         \x20 curl '{call}/getSMS?api_key={key}&rental_id=RENTAL_ID'\n\
         \x20 curl {call}/cancelNumber -d api_key={key} -d rental_id=RENTAL_ID\n\
         {control}\n\
         Ready.\n",
        scenario = arguments.scenario,
        seed = arguments.seed,
    );
    let _ = std::io::stdout().flush();
}

/// SIGTERM or SIGINT, whichever comes first.
struct StopSignal {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl StopSignal {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn wait(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}

//! `ringer serve`.

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};

use super::settings::{self, ServeArguments};
use super::signals::StopSignal;
use super::{Failure, browser, callable, log, output};
use crate::curl::Curl;
use crate::scenario::Scenario;
use crate::server::Server;

/// The arguments of `ringer serve`.
#[derive(Args, Debug)]
pub(super) struct ServeCommand {
    #[command(flatten)]
    settings: ServeArguments,
    /// Opens the console in your browser
    #[arg(long, env = "RINGER_OPEN", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    open: bool,
}

/// Serves until SIGTERM or SIGINT.
pub(super) fn run(command: &ServeCommand, scenarios: Vec<Scenario>) -> Result<(), Failure> {
    let arguments = &command.settings;
    let log = log::start(arguments.log.as_deref().unwrap_or("info")).map_err(Failure::usage)?;
    let builder = arguments.builder(scenarios, 7464)?;
    // Each connection is an open file, and the usual limit is about a thousand. If it cannot be
    // raised, the server works with fewer.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let runtime = actix_web::rt::System::new();
    // Before anyone can know that the process runs.
    let signal = runtime.block_on(async { StopSignal::listen() });
    let mut signal =
        signal.map_err(|error| Failure::usage(format!("cannot handle signals: {error}")))?;
    let mut server = settings::start(builder)?;
    output::print(&mut std::io::stdout(), &announcement(&server, arguments))?;
    warn_if_open(&server, arguments);
    if command.open {
        browser::open(&callable(&server.console_url()));
    }
    runtime.block_on(async {
        let name = tokio::select! {
            name = signal.wait() => name,
            () = server.ended() => return Ok(()),
        };
        ::log::info!("{name}: finishing the requests in flight, then stopping");
        let stopped = tokio::task::spawn_blocking(|| server.stop());
        tokio::select! {
            _ = stopped => Ok(()),
            name = signal.wait() => {
                ::log::warn!("{name} again: stopping at once");
                // The threads of the requests in flight end with the process.
                drop(log);
                std::process::exit(1)
            }
        }
    })
}

/// Without an allow-list of keys, anyone who reaches the address can rent.
fn warn_if_open(server: &Server, arguments: &ServeArguments) {
    if arguments.api_keys.is_empty() && !server.address().ip().is_loopback() {
        ::log::warn!(
            "anyone who reaches {} can use the partner API with any api_key; --api-key KEY admits \
             only that key, --host 127.0.0.1 only this machine",
            server.address()
        );
    }
}

/// What `ringer serve` prints once it is ready.
fn announcement(server: &Server, arguments: &ServeArguments) -> String {
    let url = server.url();
    // This output may be kept, so it does not repeat a key or token that was given.
    let key = if arguments.api_keys.is_empty() { "demo" } else { "YOUR_API_KEY" };
    let mut control = format!("control API: {}", server.admin_url());
    if let (None, Some(token)) = (&arguments.admin_token, server.admin_token()) {
        let url = format!("{}/sandboxes", callable(&server.admin_url()));
        let curl = Curl::new().argument(url).option("-H", "Authorization: Bearer TOKEN");
        control += &format!("\n  its token, shown only here: {token}\n  {curl}");
    }
    let settings = server.registry().settings();
    format!(
        "ringer listening on {url}\n\
         scenario {scenario}, clock {clock}, seed {seed}; any other scenario by api_key: {key}@slow-sms\n\
         try it:\n\
         {calls}\
         {control}\n\
         console, for a browser: {console}\n\
         Ready.\n",
        scenario = arguments.scenario,
        clock = settings.clock_of(&settings.default_scenario, None),
        seed = arguments.seed,
        calls = calls_to_try(&callable(&url), key),
        console = callable(&server.console_url()),
    )
}

fn calls_to_try(url: &str, key: &str) -> String {
    let get = |query: &str| Curl::new().argument(format!("{url}{query}"));
    let post = |path: &str, parameters: &[&str]| {
        let key = format!("api_key={key}");
        let curl = get(path).option("-d", key);
        parameters.iter().fold(curl, |curl, parameter| curl.option("-d", *parameter))
    };
    [
        get(&format!("/getNumbers?api_key={key}")),
        post("/rentNumber", &["country=US", "service=telegram"]),
        get(&format!("/getSMS?api_key={key}&rental_id=RENTAL_ID")),
        post("/cancelNumber", &["rental_id=RENTAL_ID"]),
    ]
    .iter()
    .map(|curl| format!("  {curl}\n"))
    .collect()
}

//! `ringer serve`.

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};

use super::settings::{self, ServeArguments};
use super::signals::StopSignal;
use super::{Failure, browser, callable, log, output};
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
    let builder = arguments.builder(scenarios, 7464);
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

/// What it prints when it is ready.
fn announcement(server: &Server, arguments: &ServeArguments) -> String {
    let url = server.url();
    let call = callable(&url);
    let console = callable(&server.console_url());
    // Never a real key: this output may be kept.
    let key = if arguments.api_keys.is_empty() { "demo" } else { "YOUR_API_KEY" };
    let clock = server.default_clock();
    let mut control = format!("control API: {}", server.admin_url());
    // Likewise a token that the user chose.
    if let (None, Some(token)) = (&arguments.admin_token, server.admin_token()) {
        let admin = callable(&server.admin_url());
        control += &format!(
            "\n  its token, shown only here: {token}\n  curl {admin}/sandboxes -H 'Authorization: Bearer TOKEN'"
        );
    }
    format!(
        "ringer listening on {url}\n\
         scenario {scenario}, clock {clock}, seed {seed}; any other scenario by api_key: {key}@slow-sms\n\
         try it:\n\
         \x20 curl '{call}/getNumbers?api_key={key}'\n\
         \x20 curl {call}/rentNumber -d api_key={key} -d country=US -d service=telegram\n\
         \x20 curl '{call}/getSMS?api_key={key}&rental_id=RENTAL_ID'\n\
         \x20 curl {call}/cancelNumber -d api_key={key} -d rental_id=RENTAL_ID\n\
         {control}\n\
         console, for a browser: {console}\n\
         Ready.\n",
        scenario = arguments.scenario,
        seed = arguments.seed,
    )
}

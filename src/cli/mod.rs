//! The command line: one file per subcommand.
//!
//! Exit codes: 0 success, 1 the check failed, 2 wrong usage or configuration.

mod browser;
mod check;
mod child;
mod environment;
mod log;
mod openapi;
mod output;
mod process_tree;
mod ready;
mod replay;
mod run;
mod run_report;
mod scenario_files;
mod scenarios;
mod serve;
mod settings;
mod signals;
mod untested;
mod watchdog;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::scenario::Scenario;

/// A sandbox server that stands in for a partner's SMS-number rental service.
#[derive(Parser, Debug)]
#[command(name = "ringer", version, about)]
#[command(after_help = "`ringer` without a command is `ringer serve`: `ringer --port 8080`.")]
struct Arguments {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand, Debug)]
enum Subcommands {
    /// Serves the partner API (the default)
    Serve(Box<serve::ServeCommand>),
    /// Serves while a command runs, then reports on its client
    Run(Box<run::RunArguments>),
    /// Checks a server that implements the partner API
    Check(Box<check::CheckArguments>),
    /// Lists the scenarios, or shows one as a timeline
    Scenarios(scenarios::ScenariosArguments),
    /// Waits until a server is ready
    Ready(ready::ReadyArguments),
    /// Replays a capsule, and reports the first reply that differs
    Replay(replay::ReplayArguments),
    /// Prints the OpenAPI document of the partner API and the control API
    Openapi,
    /// Ends the command of a `ringer run` that was killed
    #[command(name = watchdog::SUBCOMMAND, hide = true)]
    Watchdog { run_id: String },
}

/// Runs `ringer` with the bundled scenarios.
#[must_use]
pub fn main() -> ExitCode {
    main_with([])
}

/// Runs `ringer` with your scenarios beside the bundled ones. A scenario with the name of a bundled
/// one replaces it.
///
/// Call it first in `main`: `ringer run` starts this executable a second time, as the watchdog that
/// ends the command should `ringer run` be killed.
///
/// ```no_run
/// use ringer::scenario::*;
///
/// fn main() -> std::process::ExitCode {
///     let sold_out = scenario("sold-out").country(country(Country::DE));
///     ringer::cli::main_with([sold_out])
/// }
/// ```
#[must_use]
pub fn main_with(scenarios: impl IntoIterator<Item = Scenario>) -> ExitCode {
    let scenarios: Vec<Scenario> = scenarios.into_iter().collect();
    let words = words(std::env::args_os());
    let command_line = match environment::read(Arguments::command(), &words) {
        Ok(command_line) => command_line,
        Err(error) => return tell(&error),
    };
    let arguments = match Arguments::from_arg_matches(&command_line.matches) {
        Ok(arguments) => arguments,
        Err(error) => return tell(&error),
    };
    match run_subcommand(arguments.command, scenarios) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::say(&command_line.name_variables(&failure.message));
            ExitCode::from(failure.exit_code)
        }
    }
}

fn run_subcommand(command: Subcommands, scenarios: Vec<Scenario>) -> Result<u8, Failure> {
    let done = match command {
        Subcommands::Serve(arguments) => serve::run(&arguments, scenarios),
        Subcommands::Run(arguments) => return run::run(&arguments, scenarios),
        Subcommands::Check(arguments) => return check::run(&arguments),
        Subcommands::Scenarios(arguments) => scenarios::run(&arguments, scenarios),
        Subcommands::Ready(arguments) => ready::run(&arguments),
        Subcommands::Replay(arguments) => replay::run(&arguments),
        Subcommands::Openapi => openapi::run(),
        Subcommands::Watchdog { run_id } => {
            watchdog::watch(&run_id);
            Ok(())
        }
    };
    done.map(|()| 0)
}

/// The command line, with `serve` inserted if it names no subcommand.
fn words(given: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = given.collect();
    let is_for_serve = match words.get(1).map(|word| word.to_string_lossy()) {
        None => true,
        Some(first) => {
            first.starts_with('-') && !["-h", "--help", "-V", "--version"].contains(&&*first)
        }
    };
    if is_for_serve {
        words.insert(1.min(words.len()), "serve".into());
    }
    words
}

/// Prints what clap says: help, the version, or an error.
fn tell(error: &clap::Error) -> ExitCode {
    match error.print().and_then(|()| std::io::stdout().flush()) {
        Err(failed) if failed.kind() != std::io::ErrorKind::BrokenPipe => {
            let failure = output::cannot_print(&failed);
            output::say(&failure.message);
            ExitCode::from(failure.exit_code)
        }
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
    }
}

/// A URL that a client can call: the unspecified address becomes the loopback one.
fn callable(url: &str) -> String {
    url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
}

/// Why a subcommand failed.
#[derive(Debug)]
struct Failure {
    exit_code: u8,
    message: String,
}

impl Failure {
    /// What was checked failed: exit code 1.
    fn checked(message: impl Into<String>) -> Self {
        Self { exit_code: 1, message: message.into() }
    }

    /// Wrong usage or configuration: exit code 2.
    fn usage(message: impl Into<String>) -> Self {
        Self { exit_code: 2, message: message.into() }
    }
}

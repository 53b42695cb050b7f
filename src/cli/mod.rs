//! The command line: arguments, and a file a subcommand.
//!
//! Exit codes: 0 fine, 1 what was checked failed, 2 usage or configuration.

mod browser;
mod check;
mod command;
mod environment;
mod log;
mod openapi;
mod output;
mod process_tree;
mod ready;
mod replay;
mod run;
mod run_report;
mod scenarios;
mod serve;
mod settings;
mod signals;
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
    /// Serves the partner API (what `ringer` alone does)
    Serve(Box<serve::ServeCommand>),
    /// Serves while a command runs, then tells how its client did
    Run(Box<run::RunArguments>),
    /// Checks any server that implements the partner API
    Check(Box<check::CheckArguments>),
    /// Lists the scenarios, or tells one as a timeline
    Scenarios(scenarios::ScenariosArguments),
    /// Waits until a server answers
    Ready(ready::ReadyArguments),
    /// Runs a capsule once more, and reports the first reply that differs
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

/// Runs `ringer` with more scenarios, beside the bundled ones. One of the same name is replaced.
///
/// `ringer run` starts this binary once more, as the process that ends the command if `ringer run`
/// is killed: do nothing before this call that would disturb that one.
#[must_use]
pub fn main_with(scenarios: impl IntoIterator<Item = Scenario>) -> ExitCode {
    let scenarios: Vec<Scenario> = scenarios.into_iter().collect();
    let words = words(std::env::args_os());
    let said = match environment::read(Arguments::command(), &words) {
        Ok(said) => said,
        Err(error) => return tell(&error),
    };
    let arguments = match Arguments::from_arg_matches(&said.matches) {
        Ok(arguments) => arguments,
        Err(error) => return tell(&error),
    };
    match run_subcommand(arguments.command, scenarios) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::say(&said.name_variables(&failure.message));
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

/// The command line, with `serve` in it where no subcommand is named.
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

/// Tells what clap says: help, the version, or what is wrong with the command line.
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

/// An address to call: one that means all addresses of this machine is none.
fn callable(url: &str) -> String {
    url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
}

/// Why a subcommand did not end well.
#[derive(Debug)]
struct Failure {
    exit_code: u8,
    message: String,
}

impl Failure {
    /// What was checked failed.
    fn checked(message: impl Into<String>) -> Self {
        Self { exit_code: 1, message: message.into() }
    }

    /// Usage or configuration.
    fn usage(message: impl Into<String>) -> Self {
        Self { exit_code: 2, message: message.into() }
    }
}

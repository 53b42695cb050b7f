//! The command line: arguments, and a file a subcommand.
//!
//! Exit codes: 0 fine, 1 what was checked failed, 2 usage or configuration.

mod browser;
mod check;
mod grades;
mod log;
mod offspring;
mod openapi;
mod output;
mod ready;
mod replay;
mod run;
mod scenarios;
mod serve;
mod settings;
mod signals;

use std::ffi::OsStr;
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::scenario::Scenario;

/// A sandbox server that stands in for a partner's SMS-number rental service.
#[derive(Parser, Debug)]
#[command(name = "ringer", version, about, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::ServeCommand,
}

#[derive(Subcommand, Debug)]
enum Command {
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
}

/// Runs `ringer` with the bundled scenarios.
#[must_use]
pub fn main() -> ExitCode {
    main_with([])
}

/// Runs `ringer` with more scenarios, beside the bundled ones. One of the same name is replaced.
#[must_use]
pub fn main_with(scenarios: impl IntoIterator<Item = Scenario>) -> ExitCode {
    let scenarios: Vec<Scenario> = scenarios.into_iter().collect();
    let matches = without_empty_variables(Arguments::command()).get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let ended = match arguments.command {
        None => serve::run(&arguments.serve, scenarios),
        Some(Command::Serve(serve)) => serve::run(&serve, scenarios),
        Some(Command::Run(arguments)) => match run::run(&arguments, scenarios) {
            Ok(code) => return ExitCode::from(code),
            Err(failure) => Err(failure),
        },
        Some(Command::Check(arguments)) => match check::run(&arguments) {
            Ok(code) => return ExitCode::from(code),
            Err(failure) => Err(failure),
        },
        Some(Command::Scenarios(arguments)) => scenarios::run(&arguments, scenarios),
        Some(Command::Ready(arguments)) => ready::run(&arguments),
        Some(Command::Replay(arguments)) => replay::run(&arguments),
        Some(Command::Openapi) => {
            openapi::run();
            Ok(())
        }
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::say(&failure.message);
            ExitCode::from(failure.exit_code)
        }
    }
}

/// An empty environment variable is how many CI systems write one that is not set.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command
        .mut_args(|arg| match arg.get_env() {
            Some(name) if is_empty(name) => arg.env(Resettable::Reset),
            _ => arg,
        })
        .mut_subcommands(without_empty_variables)
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

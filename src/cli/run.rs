//! `ringer run`: serves for as long as a command runs, then tells how its client did.

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use clap::{Args, ValueEnum};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child, Command};

use super::grades::{API_KEY, Grades};
use super::settings::ServeArguments;
use super::signals::StopSignal;
use super::{Failure, log, offspring, output};
use crate::insight::report::Severity;
use crate::scenario::Scenario;
use crate::server::Server;

/// The flags of `ringer run`, beside those of the server.
#[derive(Args, Debug)]
pub(super) struct RunArguments {
    #[command(flatten)]
    serve: ServeArguments,
    /// What makes a command that passed end with 1: a finding of this severity, or a worse one
    #[arg(long, env = "RINGER_FAIL_ON", value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
    /// Writes the report there too: JSON, JUnit or markdown by the ending .json, .xml or .md;
    /// repeatable
    #[arg(long, env = "RINGER_REPORT", value_name = "FILE", value_parser = report_file, value_delimiter = ',')]
    report: Vec<PathBuf>,
    /// The command and its arguments, after --
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    fn is_met_by(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity == Severity::Error,
            Self::Warning => severity != Severity::Info,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

fn report_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match ending(&path) {
        "json" | "xml" | "md" => Ok(path),
        _ => Err("its ending tells the format; .json, .xml (JUnit) and .md are right".into()),
    }
}

fn ending(path: &Path) -> &str {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default()
}

/// How many sandboxes that were reset or deleted are reported on, the last ones.
const MOST_PAST: usize = 1_000;

/// Serves while the command runs. Gives the exit code.
pub(super) fn run(arguments: &RunArguments, scenarios: Vec<Scenario>) -> Result<u8, Failure> {
    let _log =
        log::start(arguments.serve.log.as_deref().unwrap_or("warn")).map_err(Failure::usage)?;
    let builder = arguments.serve.builder(scenarios, 0);
    let builder = builder.max_past_reports(MOST_PAST);
    for path in &arguments.report {
        output::check_place(path, "--report")?;
    }
    let runtime = actix_web::rt::System::new();
    let signal = runtime.block_on(async { StopSignal::listen() });
    let mut signal =
        signal.map_err(|error| Failure::usage(format!("cannot handle signals: {error}")))?;
    let server = builder.start().map_err(|error| Failure::usage(error.to_string()))?;
    offspring::adopt();
    let code = runtime.block_on(async {
        let mut command = command(arguments, &server);
        let child = command.spawn().map_err(|error| {
            let name = arguments.command[0].to_string_lossy();
            Failure::usage(format!("cannot run {name}: {error}; check its name and PATH"))
        })?;
        let status = Running::new(child).wait(&mut signal).await;
        status.map_err(|error| Failure::usage(format!("cannot wait for the command: {error}")))
    })?;
    let grades = Grades::of(&server);
    server.stop();
    // Where people look, which is not where the command's output may go to.
    let _ = std::io::stderr().lock().write_all(grades.text().as_bytes());
    let fails = |severity| arguments.fail_on.is_met_by(severity);
    for path in &arguments.report {
        let Err(error) = std::fs::write(path, grades.written(ending(path), fails)) else {
            continue;
        };
        let failure = output::cannot_write(path, "--report", &error);
        // What the command's own failure says is worth more.
        if code == 0 {
            return Err(failure);
        }
        output::say(&failure.message);
    }
    if code != 0 || !grades.has(fails) {
        return Ok(code);
    }
    let fail_on = arguments.fail_on.to_possible_value();
    let fail_on = fail_on.as_ref().map_or("", |value| value.get_name());
    output::say(&format!("the command passed, the report does not (--fail-on {fail_on})"));
    Ok(1)
}

fn command(arguments: &RunArguments, server: &Server) -> Command {
    let (name, rest) = arguments.command.split_first().expect("clap demands a command");
    let url =
        |url: String| url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
    let api_key = arguments.serve.api_keys.first().map_or(API_KEY, String::as_str);
    let mut command = Command::new(name);
    command
        .args(rest)
        .env("RINGER_URL", url(server.url()))
        .env("RINGER_ADMIN_URL", url(server.admin_url()))
        .env("RINGER_API_KEY", api_key)
        .kill_on_drop(true);
    if let Some(token) = server.admin_token() {
        command.env("RINGER_ADMIN_TOKEN", token);
    }
    // A group of its own can be ended with all that the command has started. But at a terminal it
    // could not read: there the terminal itself tells all of them to stop.
    if !std::io::stdin().is_terminal() {
        command.process_group(0);
    }
    command
}

/// A command that runs, and all that it has started.
struct Running {
    child: Child,
    pid: Option<Pid>,
    has_group: bool,
}

impl Running {
    fn new(child: Child) -> Self {
        let pid = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        Self { child, pid, has_group: !std::io::stdin().is_terminal() }
    }

    /// Waits until it ends, passing signals on. Gives its exit code as a shell would.
    async fn wait(mut self, signal: &mut StopSignal) -> std::io::Result<u8> {
        let status = loop {
            tokio::select! {
                status = self.child.wait() => break status?,
                name = signal.wait() => self.pass_on(name),
            }
        };
        offspring::end(self.pid.filter(|_| self.has_group)).await;
        Ok(exit_code(status))
    }

    fn pass_on(&self, name: &str) {
        ::log::info!("{name} is passed on to the command");
        let signal = match name {
            "SIGINT" => Signal::INT,
            "SIGHUP" => Signal::HUP,
            _ => Signal::TERM,
        };
        let Some(pid) = self.pid else { return };
        // One that has just ended needs no signal.
        let _ = match self.has_group {
            true => kill_process_group(pid, signal),
            // At a terminal, Ctrl-C has reached it already.
            false if signal == Signal::INT => Ok(()),
            false => kill_process(pid, signal),
        };
    }
}

fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

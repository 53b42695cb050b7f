//! `ringer check`.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, ValueEnum};

use super::signals::StopSignal;
use super::{Failure, output};
use crate::check::case::{CaseResult, Level, TestCase};
use crate::check::observer::RunObserver;
use crate::check::options::Options;
use crate::check::report::{json, junit, markdown, summary, table};
use crate::check::run::{self, Run};
use crate::check::stop_token::StopToken;

#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    options: Options,
    /// Allows a host other than this machine, where a check spends somebody's money
    #[arg(long, env = "RINGER_YES", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    yes: bool,
    /// Exits with 1 if a case of this level fails; should includes must
    #[arg(long, env = "RINGER_LEVEL", default_value = "must")]
    level: Level,
    /// The format of the report
    #[arg(long, env = "RINGER_CHECK_REPORT", value_name = "FORMAT", default_value = "table")]
    report: CheckReportFormat,
    /// Writes the report to this file, and the table to stdout [default: the report to stdout]
    #[arg(long, env = "RINGER_CHECK_OUTPUT", value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CheckReportFormat {
    Table,
    Junit,
    Json,
    Markdown,
}

/// Checks a server. Returns the exit code.
pub(super) fn run(arguments: &CheckArguments) -> Result<u8, Failure> {
    let options = &arguments.options;
    if !options.base_url.is_loopback() && !arguments.yes {
        return Err(Failure::usage(format!(
            "{} is not this machine, and a check rents up to {} numbers there at somebody's \
             expense; confirm with --yes, or rent nothing with --read-only",
            options.base_url.host(),
            options.max_rentals
        )));
    }
    if options.other_api_key.as_ref() == Some(&options.api_key) {
        let message = "--other-api-key equals --api-key; give the key of another account";
        return Err(Failure::usage(message));
    }
    if let Some(path) = &arguments.output {
        output::check_place(path, "--output")?;
    }
    let stop = StopToken::default();
    stop_on_signal(stop.clone())?;
    let mut progress = ProgressLine::new();
    let result = run::run(options, &mut progress, &stop);
    progress.clear();
    let run = result.map_err(|error| Failure::usage(error.to_string()))?;
    write_report(&run, arguments)?;
    Ok(u8::from(!run.is_clean(arguments.level)))
}

/// The first signal stops the run, which then cancels its rentals. Later ones only say so again: a
/// request in flight soon ends, and a rental that is left behind costs more than the wait.
fn stop_on_signal(stop: StopToken) -> Result<(), Failure> {
    let failure = |error| Failure::usage(format!("cannot handle signals: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    let runtime = runtime.map_err(failure)?;
    let listening = {
        let _entered = runtime.enter();
        StopSignal::listen()
    };
    let mut signal = listening.map_err(failure)?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            loop {
                let name = signal.wait().await;
                stop.stop();
                ProgressLine::new().clear();
                output::say(&format!("{name}: cancelling the rentals of this run, then stopping"));
            }
        });
    });
    Ok(())
}

/// A line at the terminal that each step overwrites.
struct ProgressLine {
    is_terminal: bool,
}

impl ProgressLine {
    fn new() -> Self {
        Self { is_terminal: std::io::stderr().is_terminal() }
    }

    fn show(&self, line: &str) {
        if self.is_terminal {
            let _ = write!(std::io::stderr(), "\r\x1b[K{line}");
        }
    }

    fn clear(&self) {
        self.show("");
    }
}

impl RunObserver for ProgressLine {
    fn case_started(&mut self, case: &TestCase, number: usize, total: usize) {
        self.show(&format!("{number}/{total} {}", case.slug));
    }

    fn case_finished(&mut self, result: &CaseResult) {
        if result.failure().is_some() {
            self.show(&format!("FAIL {}\n", result.case.slug));
        }
    }

    fn cleanup_started(&mut self, rentals: usize) {
        self.show(&format!("cancelling {rentals} rentals"));
    }
}

/// If stdout does not get the table, stderr gets its last line.
fn write_report(run: &Run, arguments: &CheckArguments) -> Result<(), Failure> {
    let report = match arguments.report {
        CheckReportFormat::Table => table::write(run),
        CheckReportFormat::Junit => junit::write(run, arguments.level),
        CheckReportFormat::Json => json::write(run),
        CheckReportFormat::Markdown => markdown::write(run),
    };
    let Some(path) = &arguments.output else {
        let printed = output::print(&mut std::io::stdout(), &report);
        if arguments.report != CheckReportFormat::Table {
            output::say(&summary(run));
        }
        return printed;
    };
    let printed = output::print(&mut std::io::stdout(), &table::write(run));
    std::fs::write(path, report).map_err(|error| output::cannot_write(path, "--output", &error))?;
    printed
}

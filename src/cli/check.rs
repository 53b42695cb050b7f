//! `ringer check`.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, ValueEnum};

use super::signals::StopSignal;
use super::{Failure, output};
use crate::check::base_url::BaseUrl;
use crate::check::case::{CaseResult, Level, TestCase};
use crate::check::cases;
use crate::check::certificates::Certificates;
use crate::check::key::Key;
use crate::check::observer::RunObserver;
use crate::check::options::{Options, SmsSource};
use crate::check::report::{json, junit, markdown, summary, table};
use crate::check::run::{self, Run};
use crate::check::stop_token::StopToken;
use crate::domain::country::Country;
use crate::domain::real_duration::RealDuration;

#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// The part of the URL before /getNumbers, such as https://staging.example.com
    #[arg(long, env = "RINGER_BASE_URL", value_name = "URL")]
    base_url: BaseUrl,
    /// The key of the account that rents and pays
    #[arg(long, env = "RINGER_API_KEY", value_name = "KEY", hide_env_values = true)]
    api_key: Key,
    /// The key of a second account, for the cases about isolation
    #[arg(long, env = "RINGER_OTHER_API_KEY", value_name = "KEY", hide_env_values = true)]
    other_api_key: Option<Key>,
    /// Where to rent [default: the first country listed with stock]
    #[arg(long, env = "RINGER_COUNTRY", value_name = "CC", value_parser = country)]
    country: Option<Country>,
    /// How long an SMS may take to arrive: by itself, or after --sms-command [default: no SMS; with
    /// --sms-command: 30s]
    #[arg(long, env = "RINGER_SMS_WITHIN", value_name = "SPAN", value_parser = positive)]
    sms_within: Option<RealDuration>,
    /// A shell command that sends $RINGER_TEXT to $RINGER_NUMBER
    #[arg(long, env = "RINGER_SMS_COMMAND", value_name = "CMD")]
    sms_command: Option<String>,
    /// How long each reply may take, to its last byte
    #[arg(long, env = "RINGER_CHECK_TIMEOUT", value_name = "SPAN", default_value = "10s", value_parser = positive)]
    timeout: RealDuration,
    /// How long to wait if the server postpones a cancel
    #[arg(long, env = "RINGER_CANCEL_WITHIN", value_name = "SPAN", default_value = "30s")]
    cancel_within: RealDuration,
    /// How many rentals it may make; it cancels each of them
    #[arg(long, env = "RINGER_MAX_RENTALS", value_name = "N", default_value_t = 20)]
    max_rentals: u16,
    /// Rents nothing, and skips the cases that need a rental
    #[arg(long, env = "RINGER_READ_ONLY", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    read_only: bool,
    /// Runs only the case with this slug; repeatable
    #[arg(long, env = "RINGER_ONLY", value_name = "SLUG", value_delimiter = ',', value_parser = cases::slug)]
    only: Vec<&'static str>,
    /// Allows a host other than this machine, where a check spends somebody's money
    #[arg(long, env = "RINGER_YES", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    yes: bool,
    /// Trusts the certificates in this PEM file instead of the public authorities
    #[arg(long, env = "RINGER_CA_FILE", value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Exits with 1 if a case of this level fails; should includes must
    #[arg(long, env = "RINGER_LEVEL", default_value = "must")]
    level: Level,
    /// The format of the report
    #[arg(long, env = "RINGER_CHECK_REPORT", value_name = "FORMAT", default_value = "table")]
    report: ReportFormat,
    /// Writes the report to this file, and the table to stdout [default: the report to stdout]
    #[arg(long, env = "RINGER_CHECK_OUTPUT", value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Table,
    Junit,
    Json,
    Markdown,
}

fn country(text: &str) -> Result<Country, String> {
    Country::try_from(text).map_err(|unknown| format!("it is {unknown}"))
}

fn positive(text: &str) -> Result<RealDuration, String> {
    let duration = RealDuration::from_str(text)?;
    let error = || "it is zero; give a longer time, such as 10s".to_owned();
    if duration == RealDuration::ZERO { Err(error()) } else { Ok(duration) }
}

/// Checks a server. Returns the exit code.
pub(super) fn run(arguments: &CheckArguments) -> Result<u8, Failure> {
    let options = options(arguments)?;
    if let Some(path) = &arguments.output {
        output::check_place(path, "--output")?;
    }
    let stop = StopToken::default();
    stop_on_signal(stop.clone())?;
    let mut progress = ProgressLine::new();
    let result = run::run(&options, &mut progress, &stop);
    progress.clear();
    let run = result.map_err(|error| Failure::usage(error.to_string()))?;
    write_report(&run, arguments)?;
    Ok(u8::from(!run.is_clean(arguments.level)))
}

fn options(arguments: &CheckArguments) -> Result<Options, Failure> {
    let base_url = arguments.base_url.clone();
    if !base_url.is_loopback() && !arguments.yes {
        return Err(Failure::usage(format!(
            "{} is not this machine, and a check rents up to {} numbers there at somebody's \
             expense; confirm with --yes, or rent nothing with --read-only",
            base_url.host(),
            arguments.max_rentals
        )));
    }
    if arguments.other_api_key.as_ref() == Some(&arguments.api_key) {
        return Err(Failure::usage(
            "--other-api-key equals --api-key; give the key of another account",
        ));
    }
    let command = arguments.sms_command.clone();
    let within = arguments.sms_within.or(command.as_ref().map(|_| RealDuration::millis(30_000)));
    Ok(Options {
        base_url,
        api_key: arguments.api_key.clone(),
        other_api_key: arguments.other_api_key.clone(),
        country: arguments.country,
        sms: within.map(|within| SmsSource { within, command }),
        timeout: arguments.timeout,
        cancel_within: arguments.cancel_within,
        max_rentals: arguments.max_rentals.into(),
        read_only: arguments.read_only,
        only: arguments.only.clone(),
        trusted: arguments.ca_file.as_deref().map(certificates).transpose()?,
    })
}

fn certificates(path: &Path) -> Result<Certificates, Failure> {
    let shown = path.display();
    let pem = std::fs::read(path)
        .map_err(|error| Failure::usage(format!("--ca-file {shown} cannot be read: {error}")))?;
    Certificates::from_pem(&pem).ok_or_else(|| {
        Failure::usage(format!(
            "--ca-file {shown} has no certificate; give a PEM file with BEGIN CERTIFICATE"
        ))
    })
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
        ReportFormat::Table => table::write(run),
        ReportFormat::Junit => junit::write(run, arguments.level),
        ReportFormat::Json => json::write(run),
        ReportFormat::Markdown => markdown::write(run),
    };
    let Some(path) = &arguments.output else {
        let printed = output::print(&mut std::io::stdout(), &report);
        if arguments.report != ReportFormat::Table {
            output::say(&summary(run));
        }
        return printed;
    };
    let printed = output::print(&mut std::io::stdout(), &table::write(run));
    std::fs::write(path, report).map_err(|error| output::cannot_write(path, "--output", &error))?;
    printed
}

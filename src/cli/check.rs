//! `ringer check`.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, ValueEnum};

use super::signals::StopSignal;
use super::{Failure, output};
use crate::check::case::CaseResult;
use crate::check::observer::RunObserver;
use crate::check::report::{json, junit, markdown, summary, table};
use crate::check::stop_token::StopToken;
use crate::check::{BaseUrl, Key, Options, Run, SmsSource, TestCase, cases, run};
use crate::domain::country::Country;
use crate::domain::real_duration::RealDuration;

/// Which server, and what it may cost.
#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// What stands before /getNumbers, such as https://staging.example.com
    #[arg(long, env = "RINGER_BASE_URL", value_name = "URL")]
    base_url: BaseUrl,
    /// The key of the account that is used, and pays
    #[arg(long, env = "RINGER_API_KEY", value_name = "KEY", hide_env_values = true)]
    api_key: Key,
    /// The key of a second account, for the cases about isolation
    #[arg(long, env = "RINGER_OTHER_API_KEY", value_name = "KEY", hide_env_values = true)]
    other_api_key: Option<Key>,
    /// Where to rent [default: the first country that is listed with stock]
    #[arg(long, env = "RINGER_COUNTRY", value_name = "CC", value_parser = country)]
    country: Option<Country>,
    /// An SMS comes to each rental by itself within this time; with --sms-command, how long one
    /// may take [default: no SMS; with --sms-command: 30s]
    #[arg(long, env = "RINGER_SMS_WITHIN", value_name = "SPAN", value_parser = some_time)]
    sms_within: Option<RealDuration>,
    /// A line for the shell that sends $RINGER_TEXT to $RINGER_NUMBER
    #[arg(long, env = "RINGER_SMS_COMMAND", value_name = "CMD")]
    sms_command: Option<String>,
    /// How long each reply may take, to its last byte
    #[arg(long, env = "RINGER_CHECK_TIMEOUT", value_name = "SPAN", default_value = "10s", value_parser = some_time)]
    timeout: RealDuration,
    /// How long to wait where the server puts a cancel off
    #[arg(long, env = "RINGER_CANCEL_WITHIN", value_name = "SPAN", default_value = "30s")]
    cancel_within: RealDuration,
    /// How many rentals may be made; each is cancelled in the end
    #[arg(long, env = "RINGER_MAX_RENTALS", value_name = "N", default_value_t = 20)]
    max_rentals: u16,
    /// Rents nothing, and skips what needs a rental
    #[arg(long, env = "RINGER_READ_ONLY", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    read_only: bool,
    /// Runs only the case of this slug; repeatable
    #[arg(long, env = "RINGER_ONLY", value_name = "SLUG", value_delimiter = ',', value_parser = cases::slug)]
    only: Vec<&'static str>,
    /// Runs against a host that is not this machine, where it spends somebody's money
    #[arg(long, env = "RINGER_YES", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    yes: bool,
    /// Trusts the certificates in this PEM file instead of those of the web
    #[arg(long, env = "RINGER_CA_FILE", value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Which cases make it end with 1 where they fail
    #[arg(long, env = "RINGER_LEVEL", default_value = "must")]
    level: Level,
    /// In which form the report is written
    #[arg(long, env = "RINGER_CHECK_REPORT", value_name = "FORM", default_value = "table")]
    report: ReportFormat,
    /// Writes the report there, and the table to stdout [default: the report to stdout]
    #[arg(long, env = "RINGER_CHECK_OUTPUT", value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Must,
    Should,
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

fn some_time(text: &str) -> Result<RealDuration, String> {
    let span = RealDuration::from_str(text)?;
    if span == RealDuration::ZERO {
        Err("is no time at all; 10s is right".into())
    } else {
        Ok(span)
    }
}

/// Checks a server. Gives the exit code.
pub(super) fn run(arguments: &CheckArguments) -> Result<u8, Failure> {
    let options = options(arguments)?;
    if let Some(path) = &arguments.output {
        output::check_place(path, "--output")?;
    }
    let stop = StopToken::default();
    listen(stop.clone())?;
    let mut watcher = ProgressLine::new();
    let result = run::run(&options, &mut watcher, &stop);
    watcher.clear();
    let run = result.map_err(|cannot_run| Failure::usage(cannot_run.to_string()))?;
    tell(&run, arguments)?;
    Ok(u8::from(!run.is_clean(arguments.level())))
}

impl CheckArguments {
    fn level(&self) -> crate::check::Level {
        match self.level {
            Level::Must => crate::check::Level::Must,
            Level::Should => crate::check::Level::Should,
        }
    }
}

fn options(arguments: &CheckArguments) -> Result<Options, Failure> {
    let base_url = &arguments.base_url;
    if !base_url.is_loopback() && !arguments.yes {
        return Err(Failure::usage(format!(
            "{} is not this machine, and a check rents up to {} numbers there at somebody's \
             expense; say --yes if that is meant, and --read-only to rent nothing",
            base_url.host(),
            arguments.max_rentals
        )));
    }
    let command = arguments.sms_command.clone();
    let within = arguments.sms_within.or(command.as_ref().map(|_| RealDuration::millis(30_000)));
    let mut options = Options::new(base_url.clone(), arguments.api_key.clone());
    options.other_api_key = arguments.other_api_key.clone();
    if options.other_api_key.as_ref() == Some(&options.api_key) {
        return Err(Failure::usage(
            "--other-api-key is the --api-key; give that of another account",
        ));
    }
    options.country = arguments.country;
    options.sms = within.map(|within| SmsSource { within, command });
    options.timeout = arguments.timeout;
    options.cancel_within = arguments.cancel_within;
    options.max_rentals = arguments.max_rentals.into();
    options.read_only = arguments.read_only;
    options.only = arguments.only.clone();
    if let Some(path) = &arguments.ca_file {
        options.trusted = certificates(path)?;
    }
    Ok(options)
}

fn certificates(path: &PathBuf) -> Result<Vec<ureq::tls::Certificate<'static>>, Failure> {
    let shown = path.display();
    let pem = std::fs::read(path)
        .map_err(|error| Failure::usage(format!("--ca-file {shown} cannot be read: {error}")))?;
    let items = ureq::tls::parse_pem(&pem).filter_map(Result::ok);
    let certificates = items.filter_map(|item| match item {
        ureq::tls::PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    });
    let certificates: Vec<_> = certificates.collect();
    if certificates.is_empty() {
        return Err(Failure::usage(format!(
            "--ca-file {shown} holds no certificate; a PEM file with BEGIN CERTIFICATE is right"
        )));
    }
    Ok(certificates)
}

/// The first signal ends the run, and the rentals are cancelled. The next ones say so again: what
/// is in flight has a bound, and a rental that is left behind costs more than a wait.
fn listen(stop: StopToken) -> Result<(), Failure> {
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
                let told = "cancelling the rentals that were made, then stopping";
                output::say(&format!("{name}: {told}"));
            }
        });
    });
    Ok(())
}

/// One line of a terminal that is written anew.
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
    fn starts(&mut self, case: &TestCase, number: usize, all: usize) {
        self.show(&format!("{number}/{all} {}", case.slug));
    }

    fn ended(&mut self, result: &CaseResult) {
        if result.failure().is_some() {
            self.show(&format!("FAIL {}\n", result.case.slug));
        }
    }

    fn cancels(&mut self, rentals: usize) {
        self.show(&format!("cancelling the {rentals} rentals that are left"));
    }
}

/// Writes the report where it is to go; where the table is not, its last line goes to stderr.
fn tell(run: &Run, arguments: &CheckArguments) -> Result<(), Failure> {
    let report = match arguments.report {
        ReportFormat::Table => table::write(run),
        ReportFormat::Junit => junit::write(run, arguments.level()),
        ReportFormat::Json => json::write(run),
        ReportFormat::Markdown => markdown::write(run),
    };
    let stdout = match &arguments.output {
        Some(_) => table::write(run),
        None => report.clone(),
    };
    let printed = output::print(&mut std::io::stdout(), &stdout);
    if arguments.output.is_none() && arguments.report != ReportFormat::Table {
        output::say(&summary(run));
    }
    if let Some(path) = &arguments.output {
        std::fs::write(path, report)
            .map_err(|error| output::cannot_write(path, "--output", &error))?;
    }
    printed
}

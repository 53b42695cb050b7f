//! `ringer run`: serves while a command runs, then reports on its client.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, ValueEnum};

use super::child::{self, RunningCommand};
use super::run_report::{API_KEY, RunReport};
use super::settings::{self, ServeArguments};
use super::signals::StopSignal;
use super::{Failure, log, output};
use crate::domain::label::Label;
use crate::report::Severity;
use crate::report::junit::JunitBar;
use crate::scenario::Scenario;

/// The flags of `ringer run` in addition to the server's.
#[derive(Args, Debug)]
pub(super) struct RunArguments {
    #[command(flatten)]
    serve: ServeArguments,
    /// Exits with 1 if the command passed but the report has a finding this severe, or worse
    #[arg(long, env = "RINGER_FAIL_ON", value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
    /// Also writes the report to a file: JSON, JUnit or markdown by its extension .json, .xml or
    /// .md; repeatable
    #[arg(long, env = "RINGER_RUN_REPORT", value_name = "FILE", value_parser = report_file, value_delimiter = ',')]
    report: Vec<ReportFile>,
    /// What the report calls sandboxes that are given no label with PUT, such as the name of the job
    #[arg(long, env = "RINGER_LABEL", value_name = "TEXT", value_parser = label)]
    label: Option<String>,
    /// Exits with 1 also if the story of a scenario has not been told: its trouble never came
    #[arg(long, env = "RINGER_REQUIRE_STORY", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    require_story: bool,
    /// Passes even if no call reached a sandbox, or each was refused for its api_key
    #[arg(long, env = "RINGER_ALLOW_EMPTY", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    allow_empty: bool,
    /// The command with its arguments, after --
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

/// A file that a report goes to, in the format that its extension names.
#[derive(Clone, Debug)]
struct ReportFile {
    path: PathBuf,
    format: ReportFormat,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum ReportFormat {
    Json,
    Junit,
    Markdown,
}

fn report_file(text: &str) -> Result<ReportFile, String> {
    let path = PathBuf::from(text);
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => ReportFormat::Json,
        Some("xml") => ReportFormat::Junit,
        Some("md") => ReportFormat::Markdown,
        _ => Err("the extension sets the format; .json, .xml (JUnit) and .md are right")?,
    };
    Ok(ReportFile { path, format })
}

fn label(text: &str) -> Result<String, String> {
    text.parse::<Label>().map(|label| label.to_string())
}

/// How many reports are kept of sandboxes that the command reset or deleted.
const MAX_PAST_REPORTS: usize = 10_000;

/// Returns the exit code.
pub(super) fn run(arguments: &RunArguments, scenarios: Vec<Scenario>) -> Result<u8, Failure> {
    let _log =
        log::start(arguments.serve.log.as_deref().unwrap_or("warn")).map_err(Failure::usage)?;
    let builder = arguments.serve.builder(scenarios, 0)?;
    let mut builder = builder.max_past_reports(MAX_PAST_REPORTS);
    if let Some(label) = &arguments.label {
        builder = builder.label(label);
    }
    for file in &arguments.report {
        output::check_place(&file.path, "--report")?;
    }
    let runtime = actix_web::rt::System::new();
    let signal = runtime.block_on(async { StopSignal::listen() });
    let mut signal =
        signal.map_err(|error| Failure::usage(format!("cannot handle signals: {error}")))?;
    let server = settings::start(builder)?;
    let api_key = arguments.serve.api_keys.first().map_or(API_KEY, String::as_str);
    let command = child::with_server(&arguments.command, &server, api_key);
    let code = runtime.block_on(async {
        let running = RunningCommand::start(command).map_err(|error| {
            let name = arguments.command[0].to_string_lossy();
            Failure::usage(format!("cannot run {name}: {error}; check its name and PATH"))
        })?;
        Ok(running.wait(&mut signal).await)
    })?;
    let run_report = RunReport::of(&server);
    server.stop();
    // On stderr, since stdout belongs to the command.
    let printed = output::print(&mut std::io::stderr(), &run_report.text());
    let fails = |severity| arguments.fail_on.is_met_by(severity);
    let untested = run_report.untested();
    let bar = JunitBar {
        fails,
        requires_story: arguments.require_story,
        untested: untested.clone().filter(|_| !arguments.allow_empty),
    };
    if let Some(reason) = &untested {
        let allow =
            if code == 0 && !arguments.allow_empty { "; --allow-empty lets it pass" } else { "" };
        output::say(&format!("{reason}{allow}"));
    }
    for ReportFile { path, format } in &arguments.report {
        let Err(error) = std::fs::write(path, run_report.file(*format, &bar)) else {
            continue;
        };
        let failure = output::cannot_write(path, "--report", &error);
        // The exit code of a failed command is worth more.
        if code == 0 {
            return Err(failure);
        }
        output::say(&failure.message);
    }
    if code != 0 {
        return Ok(code);
    }
    printed?;
    let mut passes = bar.untested.is_none();
    if run_report.has(fails) {
        let fail_on = arguments.fail_on.to_possible_value();
        let fail_on = fail_on.as_ref().map_or("", |value| value.get_name());
        output::say(&format!("the command passed, but its report fails (--fail-on {fail_on})"));
        passes = false;
    }
    let untold = run_report.untold_stories();
    if arguments.require_story && untold > 0 {
        let sandboxes = if untold == 1 { "sandbox" } else { "sandboxes" };
        output::say(&format!(
            "the command passed, but the story of {untold} {sandboxes} has not been told \
             (--require-story)"
        ));
        passes = false;
    }
    Ok(if passes { 0 } else { 1 })
}

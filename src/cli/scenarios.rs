//! `ringer scenarios`.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};
use serde::Serialize;

use super::scenario_files::{self, FileError, ScenarioFileArguments};
use super::{Failure, output};
use crate::scenario::catalogue::Catalogue;
use crate::scenario::{Scenario, schema};
use crate::scenarios;

#[derive(Args, Debug)]
pub(super) struct ScenariosArguments {
    /// The scenario to show; without it, all are listed
    name: Option<String>,
    /// Prints JSON
    #[arg(long, env = "RINGER_JSON", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    files: ScenarioFileArguments,
    /// Prints the JSON Schema of scenarios, for editors
    #[arg(long, conflicts_with_all = ["name", "check"])]
    schema: bool,
    /// Checks JSON files with scenarios, and folders of them; exits with 1 if something is wrong
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "name")]
    check: Vec<PathBuf>,
    /// Prints the Rust that builds the scenario in a JSON file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "check", "schema"])]
    rust: Option<PathBuf>,
}

#[derive(Serialize)]
struct ListEntry<'a> {
    name: &'a str,
    summary: &'a str,
    catches: &'a str,
}

pub(super) fn run(arguments: &ScenariosArguments, scenarios: Vec<Scenario>) -> Result<(), Failure> {
    if arguments.schema {
        return print(&schema::of_scenarios());
    }
    if !arguments.check.is_empty() {
        return check(&arguments.check, &scenarios);
    }
    if let Some(path) = &arguments.rust {
        let file = scenario_files::read_file(path.clone());
        let message = file.to_string();
        return match file.content {
            Ok(scenario) => print(&scenario.to_rust()),
            Err(_) => Err(Failure::usage(message)),
        };
    }
    let all = scenarios::all().into_iter().chain(arguments.files.add_to(scenarios)?);
    let catalogue = Catalogue::new(all).map_err(Failure::usage)?;
    match &arguments.name {
        Some(name) => {
            let scenario = catalogue.get(name).map_err(Failure::usage)?;
            print(&if arguments.json { json(&**scenario)? } else { scenario.timeline() })
        }
        None => {
            let lines: Vec<ListEntry<'_>> =
                catalogue.iter().map(|s| ListEntry::from(&**s)).collect();
            print(&if arguments.json { json(&lines)? } else { list(&lines) })
        }
    }
}

fn print(text: &str) -> Result<(), Failure> {
    output::print(&mut std::io::stdout(), &format!("{}\n", text.trim_end()))
}

/// Says what is wrong in each file. One that is alone and right is told as a timeline.
fn check(paths: &[PathBuf], own: &[Scenario]) -> Result<(), Failure> {
    let files = scenario_files::read(paths, own);
    let lines: Vec<String> = files.iter().map(ToString::to_string).collect();
    print(&lines.join("\n"))?;
    if let [file] = &files[..]
        && let Ok(scenario) = &file.content
    {
        print(&format!("\n{}", scenario.timeline()))?;
    }
    let failed = files.iter().filter(|file| file.content.is_err()).count();
    if failed == 0 {
        return Ok(());
    }
    let message = format!("{failed} of {} files cannot be used as a scenario", files.len());
    let is_unreadable = |error: &FileError| matches!(error, FileError::Unreadable(_));
    match files.iter().any(|file| file.content.as_ref().is_err_and(is_unreadable)) {
        true => Err(Failure::usage(message)),
        false => Err(Failure::checked(message)),
    }
}

impl<'a> From<&'a Scenario> for ListEntry<'a> {
    fn from(scenario: &'a Scenario) -> Self {
        Self { name: &scenario.name, summary: &scenario.summary, catches: &scenario.catches }
    }
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(|error| Failure::usage(error.to_string()))
}

fn list(lines: &[ListEntry<'_>]) -> String {
    let name_width = lines.iter().map(|line| line.name.len()).max().unwrap_or(0);
    let lines = lines.iter().map(|line| {
        let (name, summary, catches) = (line.name, line.summary, line.catches);
        format!("{name:name_width$}  {summary} (catches: {catches})\n")
    });
    lines.collect::<String>() + "\n`ringer scenarios NAME` shows one as a timeline.\n"
}

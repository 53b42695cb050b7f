//! `ringer scenarios`.

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};
use serde::Serialize;

use super::{Failure, output};
use crate::scenario::Scenario;
use crate::scenario::catalogue::Catalogue;
use crate::scenarios;

#[derive(Args, Debug)]
pub(super) struct ScenariosArguments {
    /// The scenario to show; without it, all are listed
    name: Option<String>,
    /// Prints JSON
    #[arg(long, env = "RINGER_JSON", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    json: bool,
}

#[derive(Serialize)]
struct ListEntry<'a> {
    name: &'a str,
    summary: &'a str,
    catches: &'a str,
}

pub(super) fn run(arguments: &ScenariosArguments, scenarios: Vec<Scenario>) -> Result<(), Failure> {
    let all = scenarios::all().into_iter().chain(scenarios);
    let catalogue = Catalogue::new(all).map_err(Failure::usage)?;
    let text = match &arguments.name {
        Some(name) => {
            let scenario = catalogue.get(name).map_err(Failure::usage)?;
            if arguments.json { json(&**scenario)? } else { scenario.timeline() }
        }
        None => {
            let lines: Vec<ListEntry<'_>> =
                catalogue.iter().map(|s| ListEntry::from(&**s)).collect();
            if arguments.json { json(&lines)? } else { list(&lines) }
        }
    };
    output::print(&mut std::io::stdout(), &format!("{}\n", text.trim_end()))
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

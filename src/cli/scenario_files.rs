//! Scenarios in JSON files.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use crate::scenario::{FieldError, Scenario};
use crate::scenarios;

#[derive(Args, Debug)]
pub(super) struct ScenarioFileArguments {
    /// A JSON file with a scenario of your own, or a folder of such files; repeatable
    #[arg(
        long = "scenario-file",
        env = "RINGER_SCENARIO_FILE",
        value_name = "PATH",
        value_delimiter = ','
    )]
    paths: Vec<PathBuf>,
}

impl ScenarioFileArguments {
    /// Adds the scenarios in the files to `own`, those of this program.
    ///
    /// # Errors
    /// Everything that is wrong in any of them.
    pub(super) fn add_to(&self, mut own: Vec<Scenario>) -> Result<Vec<Scenario>, Failure> {
        let files = read(&self.paths, &own);
        let wrong: Vec<String> =
            files.iter().filter(|file| file.content.is_err()).map(ToString::to_string).collect();
        if !wrong.is_empty() {
            return Err(Failure::usage(format!("--scenario-file:\n{}", wrong.join("\n"))));
        }
        own.extend(files.into_iter().filter_map(|file| file.content.ok()));
        Ok(own)
    }
}

/// A file, and the scenario in it.
pub(super) struct ScenarioFile {
    path: PathBuf,
    pub(super) content: Result<Scenario, FileError>,
}

/// Why a file holds no scenario that can be used.
pub(super) enum FileError {
    Unreadable(String),
    Wrong(Vec<FieldError>),
}

impl fmt::Display for ScenarioFile {
    /// A line for each problem, or one that says OK.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.content {
            Ok(scenario) if scenario.summary.is_empty() => {
                write!(f, "{path}: OK, {}", scenario.name)
            }
            Ok(scenario) => write!(f, "{path}: OK, {}: {}", scenario.name, scenario.summary),
            Err(FileError::Unreadable(reason)) => write!(f, "{path}: {reason}"),
            Err(FileError::Wrong(problems)) => {
                let lines: Vec<String> =
                    problems.iter().map(|problem| format!("{path}: {problem}")).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

/// Reads files, and the `*.json` of folders in the order of their names. No two scenarios may have
/// the same name, and none that of a bundled one or of one in `own`.
pub(super) fn read(paths: &[PathBuf], own: &[Scenario]) -> Vec<ScenarioFile> {
    let mut files: Vec<ScenarioFile> = paths.iter().flat_map(|path| read_path(path)).collect();
    let bundled = scenarios::all();
    let mut taken: HashMap<String, String> = HashMap::new();
    taken.extend(own.iter().map(|s| (s.name.clone(), "a scenario of this program".to_owned())));
    taken.extend(bundled.into_iter().map(|s| (s.name, "a bundled scenario".to_owned())));
    for ScenarioFile { path, content } in &mut files {
        let Ok(scenario) = content else { continue };
        let name = scenario.name.clone();
        if let Some(other) = taken.get(&name) {
            let message = format!("{name:?} is the name of {other}; choose another");
            *content = Err(FileError::Wrong(vec![FieldError { path: "name".into(), message }]));
        } else {
            taken.insert(name, format!("the scenario in {}", path.display()));
        }
    }
    files
}

fn read_path(path: &Path) -> Vec<ScenarioFile> {
    let unreadable = |error: &io::Error| {
        let reason = format!("cannot be read: {error}");
        vec![ScenarioFile { path: path.to_owned(), content: Err(FileError::Unreadable(reason)) }]
    };
    if !path.is_dir() {
        return vec![read_file(path.to_owned())];
    }
    let entries = path.read_dir().and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let entries = match entries {
        Ok(entries) => entries,
        Err(error) => return unreadable(&error),
    };
    let is_hidden =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "json") && !is_hidden(path));
    if paths.is_empty() {
        return unreadable(&io::Error::other("the folder has no .json file"));
    }
    paths.sort();
    paths.into_iter().map(read_file).collect()
}

/// Reads one file, whatever name its scenario has.
pub(super) fn read_file(path: PathBuf) -> ScenarioFile {
    let content = match std::fs::read_to_string(&path) {
        // Some editors begin a file with a byte-order mark.
        Ok(text) => {
            Scenario::from_json(text.trim_start_matches('\u{feff}')).map_err(FileError::Wrong)
        }
        Err(error) => Err(FileError::Unreadable(format!("cannot be read: {error}"))),
    };
    ScenarioFile { path, content }
}

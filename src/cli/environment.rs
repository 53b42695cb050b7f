//! Reads flags from environment variables: which variables each subcommand reads, and errors that name them.

use std::ffi::{OsStr, OsString};

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::output;

const PREFIX: &str = "RINGER_";

/// Variables that `ringer run` and `ringer check` set for the commands that they start.
const FOR_COMMANDS: [&str; 5] =
    ["RINGER_URL", "RINGER_ADMIN_URL", super::watchdog::RUN_ID, "RINGER_NUMBER", "RINGER_TEXT"];

/// Renamed variables: the subcommand, the old name, the new name.
const RENAMED: [(&str, &str, &str); 5] = [
    ("run", "RINGER_REPORT", "RINGER_RUN_REPORT"),
    ("check", "RINGER_REPORT", "RINGER_CHECK_REPORT"),
    ("check", "RINGER_OUTPUT", "RINGER_CHECK_OUTPUT"),
    ("check", "RINGER_TIMEOUT", "RINGER_CHECK_TIMEOUT"),
    ("ready", "RINGER_TIMEOUT", "RINGER_READY_TIMEOUT"),
];

/// The parsed command line, with the settings that came from the environment.
pub(super) struct CommandLine {
    pub(super) matches: ArgMatches,
    /// The flags that a variable set, each with the variable.
    by_variable: Vec<(String, String)>,
}

impl CommandLine {
    /// The same sentence, with the variable in place of each flag that one set.
    pub(super) fn name_variables(&self, sentence: &str) -> String {
        self.by_variable.iter().fold(sentence.to_owned(), |sentence, (flag, variable)| {
            let mut parts = sentence.split(flag.as_str());
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |told, rest| {
                // `--sms-within` is not `--sms`.
                let is_longer = rest.starts_with(|c: char| c == '-' || c.is_alphanumeric());
                let rest = match rest.strip_prefix(' ') {
                    Some(value) if value.starts_with(|c: char| c.is_ascii_digit()) => {
                        format!("={value}")
                    }
                    _ => rest.to_owned(),
                };
                told + if is_longer { flag } else { variable } + &rest
            })
        })
    }
}

/// Reads the command line, and the variables of its subcommand.
///
/// # Errors
/// clap's error, which names the variable if a variable has the wrong value.
pub(super) fn read(command: Command, words: &[OsString]) -> Result<CommandLine, clap::Error> {
    let named = words.get(1).and_then(|word| command.find_subcommand(word));
    let Some(name) = named.map(|named| named.get_name().to_owned()) else {
        let matches = command.try_get_matches_from(words)?;
        return Ok(CommandLine { matches, by_variable: Vec::new() });
    };
    let mut command = command;
    // An argument can only be displayed after this.
    command.build();
    warn(&command, &name);
    let command = command.mut_subcommand(&name, without_unset_variables);
    let matches = command.clone().try_get_matches_from(words);
    let matches = matches.map_err(|error| naming_variable(error, &command, &name, words))?;
    let given = matches.subcommand_matches(&name);
    let by_variable = given.map(|given| by_variable(settings(&command, &name), given));
    Ok(CommandLine { by_variable: by_variable.unwrap_or_default(), matches })
}

/// A setting that has a variable: `clock`, `--clock`, `--clock <MODE>`, `RINGER_CLOCK`.
struct Setting {
    id: String,
    flag: String,
    shown: String,
    variable: String,
}

fn settings(command: &Command, subcommand: &str) -> Vec<Setting> {
    let arguments =
        command.find_subcommand(subcommand).into_iter().flat_map(Command::get_arguments);
    let settings = arguments.filter_map(|argument| {
        Some(Setting {
            id: argument.get_id().to_string(),
            flag: format!("--{}", argument.get_long()?),
            shown: argument.to_string(),
            variable: argument.get_env()?.to_str()?.to_owned(),
        })
    });
    settings.collect()
}

fn by_variable(settings: Vec<Setting>, given: &ArgMatches) -> Vec<(String, String)> {
    let is_by_variable =
        |it: &Setting| given.value_source(&it.id) == Some(ValueSource::EnvVariable);
    let by_variable = settings.into_iter().filter(is_by_variable);
    by_variable.map(|setting| (setting.flag, setting.variable)).collect()
}

/// The error, with the name of the variable if a variable caused it.
fn naming_variable(
    mut error: clap::Error,
    command: &Command,
    subcommand: &str,
    words: &[OsString],
) -> clap::Error {
    let settings = settings(command, subcommand);
    if error.kind() == ErrorKind::InvalidUtf8 {
        let is_not_utf8 =
            |it: &&Setting| std::env::var_os(&it.variable).is_some_and(|it| it.to_str().is_none());
        if let Some(setting) = settings.iter().find(is_not_utf8) {
            let message = format!("the value of '{}' is not UTF-8", setting.variable);
            return command.clone().error(ErrorKind::InvalidUtf8, message);
        }
    }
    let Some(ContextValue::String(shown)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let Some(setting) = settings.into_iter().find(|setting| setting.shown == *shown) else {
        return error;
    };
    // A flag overrides its variable, so a wrong flag is still wrong without the variable.
    let without = |command| without_variables(command, |name| name == setting.variable.as_str());
    let without = command.clone().mut_subcommand(subcommand, without);
    let is_of_flag = without.try_get_matches_from(words).is_err_and(|other| {
        other.get(ContextKind::InvalidArg) == error.get(ContextKind::InvalidArg)
    });
    if !is_of_flag {
        error.insert(ContextKind::InvalidArg, ContextValue::String(setting.variable));
    }
    error
}

/// Many CI systems pass an unset variable as an empty one.
fn without_unset_variables(command: Command) -> Command {
    without_variables(command, |name| {
        std::env::var_os(name)
            .is_some_and(|value| value.is_empty() || is_of_kubernetes(name, &value))
    })
}

fn without_variables(command: Command, is_unset: impl Fn(&OsStr) -> bool) -> Command {
    command.mut_args(|arg| match arg.get_env() {
        Some(name) if is_unset(name) => arg.env(Resettable::Reset),
        _ => arg,
    })
}

/// For a Service called `ringer`, Kubernetes sets `RINGER_PORT=tcp://10.0.0.5:7464` in every pod.
fn is_of_kubernetes(name: &OsStr, value: &OsStr) -> bool {
    let value = value.to_string_lossy();
    name == "RINGER_PORT" && ["tcp://", "udp://", "sctp://"].iter().any(|it| value.starts_with(it))
}

/// Warns of variables that look like settings but are not read.
fn warn(command: &Command, subcommand: &str) {
    let read = settings(command, subcommand);
    let subcommands = command.get_subcommands();
    let known: Vec<String> = subcommands
        .flat_map(|known| settings(command, known.get_name()))
        .map(|setting| setting.variable)
        .chain(FOR_COMMANDS.map(str::to_owned))
        .collect();
    let set = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    for (name, value) in set {
        let Some(text) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        if is_of_kubernetes(&name, &value) && read.iter().any(|setting| setting.variable == text) {
            output::say(&format!(
                "{text}={} is ignored: Kubernetes sets it for a Service called ringer; \
                 --port changes the port, and enableServiceLinks: false keeps such variables out of \
                 the pod",
                value.to_string_lossy()
            ));
        } else if let Some(new) = new_name(subcommand, text) {
            output::say(&format!("{text} is no longer read; it is now called {new}"));
        } else if let Some(right) = meant(text, &known) {
            output::say(&format!("{text} is not a setting; did you mean {right}?"));
        }
    }
}

fn new_name(subcommand: &str, variable: &str) -> Option<&'static str> {
    let renamed = RENAMED.into_iter();
    let mut renamed = renamed.filter(|(of, old, _)| (*of, *old) == (subcommand, variable));
    renamed.next().map(|(_, _, new)| new)
}

/// The variable of which this one looks like a typo.
fn meant<'a>(variable: &str, known: &'a [String]) -> Option<&'a str> {
    let is_known = known.iter().any(|known| known == variable);
    let is_old = RENAMED.iter().any(|(_, old, _)| *old == variable);
    // Kubernetes sets many of these, for Services of any name.
    let is_of_service = variable.contains("_PORT") || variable.contains("_SERVICE_");
    if is_known || is_old || is_of_service {
        return None;
    }
    let slips = known.iter().map(|known| (strsim::osa_distance(known, variable), known.as_str()));
    let (slips, nearest) = slips.min()?;
    // Two typos in a short name could make it another name.
    let most = if nearest.len() < PREFIX.len() + 6 { 1 } else { 2 };
    (slips <= most).then_some(nearest)
}

//! Settings from environment variables: which of them are read, and how a wrong one is told.

use std::ffi::{OsStr, OsString};

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::output;

const PREFIX: &str = "RINGER_";

/// Variables that are no setting of ours: what `ringer run` and `ringer check` tell a command.
const FOR_COMMANDS: [&str; 5] =
    ["RINGER_URL", "RINGER_ADMIN_URL", super::watchdog::RUN_ID, "RINGER_NUMBER", "RINGER_TEXT"];

/// The subcommand, what its variable was called, and what it is called now.
const RENAMED: [(&str, &str, &str); 5] = [
    ("run", "RINGER_REPORT", "RINGER_RUN_REPORT"),
    ("check", "RINGER_REPORT", "RINGER_CHECK_REPORT"),
    ("check", "RINGER_OUTPUT", "RINGER_CHECK_OUTPUT"),
    ("check", "RINGER_TIMEOUT", "RINGER_CHECK_TIMEOUT"),
    ("ready", "RINGER_TIMEOUT", "RINGER_READY_TIMEOUT"),
];

/// What was said on the command line and, for the subcommand that runs, by the environment.
pub(super) struct Said {
    pub(super) matches: ArgMatches,
    /// The flags that were set by a variable, each with that.
    by_variable: Vec<(String, String)>,
}

impl Said {
    /// The same sentence, with the variable in the place of each flag that was set by one.
    pub(super) fn name_variables(&self, sentence: &str) -> String {
        self.by_variable.iter().fold(sentence.to_owned(), |sentence, (flag, variable)| {
            let mut parts = sentence.split(flag.as_str());
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |told, rest| {
                // `--sms` is not meant where `--sms-within` is said.
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

/// Reads the command line, and the variables of the subcommand that runs.
///
/// # Errors
/// What clap says, with the name of the variable where one is wrong.
pub(super) fn read(command: Command, words: &[OsString]) -> Result<Said, clap::Error> {
    let named = words.get(1).and_then(|word| command.find_subcommand(word));
    let Some(name) = named.map(|named| named.get_name().to_owned()) else {
        let matches = command.try_get_matches_from(words)?;
        return Ok(Said { matches, by_variable: Vec::new() });
    };
    let mut command = command;
    // Only then does an argument know how it is shown.
    command.build();
    warn(&command, &name);
    let command = command.mut_subcommand(&name, without_what_is_no_setting);
    let matches = command.clone().try_get_matches_from(words);
    let matches = matches.map_err(|error| naming_variable(error, &command, &name, words))?;
    let given = matches.subcommand_matches(&name);
    let by_variable = given.map(|given| by_variable(settings(&command, &name), given));
    Ok(Said { by_variable: by_variable.unwrap_or_default(), matches })
}

/// A setting that has a variable: `clock`, `--clock`, `--clock <MODE>`, `RINGER_CLOCK`.
struct Setting {
    id: String,
    flag: String,
    shown: String,
    variable: String,
}

/// The settings of a subcommand that have a variable.
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

/// The error, told by the name of the variable where it is a variable's.
fn naming_variable(
    mut error: clap::Error,
    command: &Command,
    subcommand: &str,
    words: &[OsString],
) -> clap::Error {
    let settings = settings(command, subcommand);
    if error.kind() == ErrorKind::InvalidUtf8 {
        let is_no_text =
            |it: &&Setting| std::env::var_os(&it.variable).is_some_and(|it| it.to_str().is_none());
        if let Some(setting) = settings.iter().find(is_no_text) {
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
    // A flag wins over its variable, so without the variable a wrong flag is as wrong as before.
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

/// An empty variable is how many CI systems write one that is not set.
fn without_what_is_no_setting(command: Command) -> Command {
    without_variables(command, |name| {
        std::env::var_os(name)
            .is_some_and(|value| value.is_empty() || is_of_kubernetes(name, &value))
    })
}

fn without_variables(command: Command, is_none: impl Fn(&OsStr) -> bool) -> Command {
    command.mut_args(|arg| match arg.get_env() {
        Some(name) if is_none(name) => arg.env(Resettable::Reset),
        _ => arg,
    })
}

/// Kubernetes tells every pod where the Services are, and `RINGER_PORT=tcp://10.0.0.5:7464` where
/// one called `ringer` is.
fn is_of_kubernetes(name: &OsStr, value: &OsStr) -> bool {
    let value = value.to_string_lossy();
    name == "RINGER_PORT" && ["tcp://", "udp://", "sctp://"].iter().any(|it| value.starts_with(it))
}

/// Tells of variables that are not read, where that is hardly meant.
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
                "{text}={} is passed over: Kubernetes sets it beside a Service called ringer; \
                 --port says another port than the usual one, and enableServiceLinks: false in the \
                 pod keeps such variables out",
                value.to_string_lossy()
            ));
        } else if let Some(new) = new_name(subcommand, text) {
            output::say(&format!("{text} is not read any more; it is called {new} now"));
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

/// The variable that this one is a slip of the pen for, if it is.
fn meant<'a>(variable: &str, known: &'a [String]) -> Option<&'a str> {
    let is_known = known.iter().any(|known| known == variable);
    let is_old = RENAMED.iter().any(|(_, old, _)| *old == variable);
    // Kubernetes has many of these, for Services of any name.
    let is_of_service = variable.contains("_PORT") || variable.contains("_SERVICE_");
    if is_known || is_old || is_of_service {
        return None;
    }
    let slips = known.iter().map(|known| (strsim::osa_distance(known, variable), known.as_str()));
    let (slips, nearest) = slips.min()?;
    // A short name becomes another one by two slips.
    let most = if nearest.len() < PREFIX.len() + 6 { 1 } else { 2 };
    (slips <= most).then_some(nearest)
}

//! `ringer replay`.

use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use super::{Failure, output};
use crate::capsule::{Capsule, FORMAT};
use crate::http::capsule;
use crate::scenario::json;

/// What to run once more.
#[derive(Args, Debug)]
pub(super) struct ReplayArguments {
    /// The capsule: the file that GET /__admin/sandboxes/KEY/capsule gives
    file: PathBuf,
}

/// What is read first, since all else depends on it.
#[derive(Deserialize)]
struct Head {
    format: u32,
    version: String,
}

/// Runs a capsule once more, and compares every reply.
pub(super) fn run(arguments: &ReplayArguments) -> Result<(), Failure> {
    let file = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| Failure::usage(format!("{file}: {error}")))?;
    let none = |reason: String| Failure::usage(format!("{file} is no capsule to run: {reason}"));
    let head: Head = json::read(&text).map_err(|problem| {
        none(format!("{problem}; a capsule is what GET /__admin/sandboxes/KEY/capsule gives"))
    })?;
    if head.format != FORMAT {
        let Head { format, version } = head;
        let message = format!(
            "format: it is {format}, written by ringer {version}; this ringer reads {FORMAT}"
        );
        return Err(none(message));
    }
    let capsule: Capsule = json::read(&text).map_err(|problem| none(problem.to_string()))?;
    capsule.scenario.check().map_err(|problems| {
        let lines: Vec<String> =
            problems.iter().map(|problem| format!("scenario.{problem}")).collect();
        none(lines.join("; "))
    })?;
    match capsule::replay(capsule).map_err(none)? {
        Ok(sent) => {
            let requests = if sent == 1 { "request" } else { "requests" };
            let told = format!("{sent} {requests}, and every reply is as it was\n");
            output::print(&mut std::io::stdout(), &told)
        }
        Err(difference) => Err(Failure::checked(difference.to_string())),
    }
}

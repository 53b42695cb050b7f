//! `ringer replay`.

use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use super::{Failure, output};
use crate::capsule::{Capsule, FORMAT};
use crate::http::capsule::{ReplayError, replay};
use crate::scenario::json;

#[derive(Args, Debug)]
pub(super) struct ReplayArguments {
    /// The capsule: the file that GET /__admin/sandboxes/KEY/capsule gives
    file: PathBuf,
}

/// What is read first: the rest depends on the format.
#[derive(Deserialize)]
struct CapsuleVersion {
    format: u32,
    version: String,
}

/// Replays a capsule and compares every reply.
pub(super) fn run(arguments: &ReplayArguments) -> Result<(), Failure> {
    let file = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| Failure::usage(format!("{file}: {error}")))?;
    let invalid =
        |reason: String| Failure::usage(format!("{file} is not a valid capsule: {reason}"));
    let CapsuleVersion { format, version } = json::read(&text).map_err(|problem| {
        invalid(format!("{problem}; a capsule is what GET /__admin/sandboxes/KEY/capsule gives"))
    })?;
    if format != FORMAT {
        return Err(invalid(format!(
            "format: it is {format}, written by ringer {version}; this ringer reads {FORMAT}"
        )));
    }
    let capsule: Capsule = json::read(&text).map_err(|problem| invalid(problem.to_string()))?;
    capsule.scenario.validate().map_err(|problems| {
        let lines = problems.iter().map(|problem| format!("scenario.{problem}"));
        invalid(lines.collect::<Vec<_>>().join("; "))
    })?;
    match replay(capsule) {
        Ok(sent) => {
            let requests = if sent == 1 { "request" } else { "requests" };
            let line = format!("{sent} {requests}, and every reply is the same\n");
            output::print(&mut std::io::stdout(), &line)
        }
        Err(ReplayError::Invalid(reason)) => Err(invalid(reason)),
        Err(ReplayError::Difference(difference)) => Err(Failure::checked(difference)),
    }
}

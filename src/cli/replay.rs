//! `ringer replay`.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, output};
use crate::capsule::Capsule;
use crate::http::capsule::{ReplayError, replay};

#[derive(Args, Debug)]
pub(super) struct ReplayArguments {
    /// The capsule: the file that GET /__admin/sandboxes/KEY/capsule gives
    file: PathBuf,
}

/// Replays a capsule and compares every reply.
pub(super) fn run(arguments: &ReplayArguments) -> Result<(), Failure> {
    let file = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| Failure::usage(format!("{file}: {error}")))?;
    let invalid =
        |reason: String| Failure::usage(format!("{file} is not a valid capsule: {reason}"));
    let capsule = Capsule::from_json(&text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        invalid(lines.join("; "))
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

//! The recording of a sandbox: as a file, and as the start of a sandbox.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Path;

use super::paging::encode;
use serde_json::Value;

use super::problem::{HandlerResult, Problem};
use super::scenarios::BYTES_OF_A_SCENARIO;
use super::state::State;
use crate::capsule::Capsule;
use crate::http::capsule::{self, ReplayError};
use crate::registry::jobs::JobLength;
use crate::registry::{Registry, Sandbox};
use crate::sandbox::config::{SandboxConfig, SandboxOptions};
use crate::sandbox::error::SandboxError;
use crate::scenario::validation::FieldError;

pub(super) async fn show(state: State, key: Path<String>) -> HandlerResult {
    let write = |sandbox: &Sandbox| encode(&capsule::write(&sandbox.recording()));
    let capsule = state.with_known(&key, JobLength::Long, write).await?;
    let name = "attachment; filename=\"ringer-capsule.json\"";
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_DISPOSITION, name)).content_type("application/json");
    state.body_budget.send(response, capsule)
}

/// Makes a sandbox that goes on where a recording ended. Of `options`, the scenario and the seed are
/// the recording's.
pub(super) fn go_on(
    registry: &Arc<Registry>,
    api_key: &str,
    recording: &Value,
    options: SandboxOptions,
) -> HandlerResult<Sandbox> {
    for (field, is_given) in
        [("scenario", options.scenario.is_some()), ("seed", options.seed.is_some())]
    {
        if is_given {
            let message = "the capsule has its own; leave it out";
            return Err(Problem::field(field, message));
        }
    }
    if options.clock.is_some_and(|clock| clock.start().is_some()) {
        let message = "time goes on where the recording ended; leave out where the clock starts";
        return Err(Problem::field("clock", message));
    }
    if !recording.is_object() {
        let message = "it is not a recording; send the object that GET /__admin/sandboxes/KEY/capsule returned";
        return Err(Problem::field("capsule", message));
    }
    let text = recording.to_string();
    let capsule = Capsule::from_json(&text).map_err(|problems| {
        let inside = |problem: FieldError| {
            let path = format!("capsule.{}", problem.path).replace(".[", "[");
            FieldError { path: path.trim_end_matches('.').to_owned(), ..problem }
        };
        Problem::fields(problems.into_iter().map(inside).collect())
    })?;
    let scenario_bytes = recording["scenario"].to_string().len() * BYTES_OF_A_SCENARIO;
    if !registry.make_room_for(scenario_bytes + text.len() * BYTES_OF_A_STEP) {
        return Err(Problem::no_memory(registry.settings().max_memory, "recording"));
    }
    let config = capsule::config_of(&capsule);
    let config = SandboxConfig { scenario_bytes, label: options.label, ..config };
    let mut replay = registry.replay_as(api_key, config, capsule.started.0)?;
    capsule::play(&capsule, &mut replay).map_err(|error| match error {
        ReplayError::Invalid(reason) => Problem::field("capsule", reason),
        ReplayError::Difference(difference) => Problem::conflict(format!(
            "this ringer, {}, does not give the replies that ringer {} recorded: {difference}",
            env!("CARGO_PKG_VERSION"),
            capsule.version
        )),
    })?;
    registry.go_on(replay, options.clock).map_err(|error| match error {
        SandboxError::PastMoment { .. } => Problem::field("clock", error.to_string()),
        error => error.into(),
    })
}

/// Bytes of memory per byte of a recording's JSON, while it is read and once it is replayed.
const BYTES_OF_A_STEP: usize = 4;

//! Replays a capsule and compares every reply.

use std::sync::Arc;

use super::recorded_reply;
use crate::capsule::{Capsule, RecordedReply};
use crate::journal::recorded_request::RecordedRequest;
use crate::registry::Replay;
use crate::sandbox::config::SandboxConfig;

pub(crate) enum ReplayError {
    /// The capsule cannot be replayed: a sentence.
    Invalid(String),
    /// A reply differs: a description of the first one.
    Difference(String),
}

impl From<String> for ReplayError {
    fn from(reason: String) -> Self {
        Self::Invalid(reason)
    }
}

/// Returns the number of requests sent.
#[cfg(feature = "cli")]
pub(crate) fn replay(capsule: Capsule) -> Result<usize, ReplayError> {
    let (config, started) = (config_of(&capsule), capsule.started.0);
    play(&capsule, &mut Replay::start(config, started)?)
}

/// What the recorded sandbox was made of.
pub(crate) fn config_of(capsule: &Capsule) -> SandboxConfig {
    SandboxConfig {
        scenario: Arc::new(capsule.scenario.clone()),
        scenario_bytes: 0,
        seed: capsule.seed,
        clock: capsule.clock,
        on_demand_errors: capsule.magic,
        key_error: capsule.on_demand,
        first_rental_id: capsule.first_rental_id,
        max_ended_rentals: capsule.max_ended_rentals,
        label: None,
    }
}

/// Plays all steps, and returns the number of requests among them.
pub(crate) fn play(capsule: &Capsule, replay: &mut Replay) -> Result<usize, ReplayError> {
    if !capsule.complete {
        let reason = "complete: it is false, and a recording with gaps cannot be replayed; start \
                      the server with a higher --max-journal-entries, and do not clear the journal";
        return Err(reason.to_owned().into());
    }
    let mut sent = 0;
    for (index, step) in capsule.steps.iter().enumerate() {
        if index.is_multiple_of(128) {
            // Other threads that wait for this core come first.
            std::thread::yield_now();
        }
        let at_step = |reason: String| format!("steps[{index}]: {reason}");
        let real = step.real_at.0;
        let request = match (&step.request, &step.change) {
            (None, Some(change)) => {
                replay.change(change, real).map_err(at_step)?;
                continue;
            }
            (Some(request), None) => request,
            _ => Err(at_step("it must be either a request or a change".into()))?,
        };
        sent += 1;
        let outcome = match (step.delay_id, &step.reply) {
            (Some(delay_id), None) => {
                replay.disconnect(delay_id, real).map_err(at_step)?;
                continue;
            }
            (Some(delay_id), Some(_)) => replay.resume(delay_id, real),
            (None, _) => replay.request(request, real),
        };
        let actual = recorded_reply(&*outcome.map_err(at_step)?, request.endpoint.path());
        let mut expected = step.reply.clone().unwrap_or_default();
        // Earlier versions recorded the date of some replies.
        expected.headers.remove("date");
        if actual != expected {
            return Err(ReplayError::Difference(format!(
                "request {} has a different reply: {}\n  expected: {}\n  actual:   {}",
                step.seq.unwrap_or(sent as u64),
                request_line(request),
                reply_line(&expected, &actual),
                reply_line(&actual, &expected)
            )));
        }
    }
    Ok(sent)
}

fn request_line(request: &RecordedRequest) -> String {
    let mut line = format!("{} {}", request.endpoint.method(), request.endpoint.path());
    let country = request.country.map(|country| format!(" country={country}"));
    let service = request.service.as_ref();
    let service = service.map(|service| format!(" service={:?}", service.as_str()));
    let rental = request.rental_id.map(|id| format!(" {id}"));
    line.extend([country, service, rental].into_iter().flatten());
    if request.malformed { line + " (malformed)" } else { line }
}

/// A reply in one line; with headers and delay only if they differ from the other reply's.
fn reply_line(reply: &RecordedReply, other: &RecordedReply) -> String {
    let mut line = reply.status.map_or_else(|| "no reply".to_owned(), |status| status.to_string());
    if reply.headers != other.headers {
        let headers = reply.headers.iter();
        line.extend(headers.map(|(name, value)| format!(" {name}: {value};")));
    }
    if reply.delay != other.delay {
        line += &format!(" after {}", reply.delay);
    }
    let wire = reply.wire.iter().chain(&reply.body);
    line.extend(wire.map(|part| format!(" {part}")));
    line
}

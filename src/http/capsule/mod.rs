//! Writes the capsule of a sandbox, with each reply as the client got it, and replays one.

mod replay;
mod scrub;

use actix_web::body::MessageBody;
use actix_web::http::header::DATE;

use super::partner;
use crate::capsule::{Capsule, CapsuleStep, FORMAT, RealMicros, RecordedReply, VirtualMillis};
use crate::journal::JournalEntry;
use crate::registry::{RecordedStep, RecordingData};
use crate::sandbox::faults::FaultAction;
use crate::sandbox::outcome::CallOutcome;
#[cfg(feature = "cli")]
pub(crate) use replay::replay;
pub(crate) use replay::{ReplayError, config_of, play};
use scrub::Scrubber;

/// Writes the recording of a sandbox without its key.
pub(crate) fn write(recording: &RecordingData) -> Capsule {
    let mut scrubber = Scrubber::new(&recording.api_key);
    let config = &recording.config;
    let mut steps = Vec::with_capacity(recording.steps.len());
    for (number, recorded) in recording.steps.iter().enumerate() {
        if number.is_multiple_of(128) {
            // Other threads that wait for this core come first.
            std::thread::yield_now();
        }
        steps.extend(match recorded {
            RecordedStep::Request(entry) => request_step(entry, &mut scrubber),
            RecordedStep::Change { at, real, what } => {
                let mut change = what.clone();
                scrubber.change(&mut change);
                Some(CapsuleStep {
                    change: Some(change),
                    ..empty_step(VirtualMillis(*at), RealMicros(*real))
                })
            }
        });
    }
    Capsule {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        api_key: recording.api_key.to_string(),
        // A replay could not compare a text that the key was cut out of.
        complete: recording.complete && !scrubber.has_cut,
        seed: config.seed,
        clock: config.clock.resolved(recording.started.to_timestamp()),
        started: RealMicros(recording.started),
        first_rental_id: config.first_rental_id,
        max_ended_rentals: config.max_ended_rentals,
        magic: config.on_demand_errors,
        on_demand: config.key_error,
        scenario: (*config.scenario).clone(),
        steps,
    }
}

const fn empty_step(at: VirtualMillis, real_at: RealMicros) -> CapsuleStep {
    CapsuleStep { at, real_at, seq: None, request: None, delay_id: None, reply: None, change: None }
}

/// `None` for a request that did not reach the sandbox.
fn request_step(entry: &JournalEntry, scrubber: &mut Scrubber) -> Option<CapsuleStep> {
    let mut request = entry.request()?;
    scrubber.request(&mut request);
    let mut reply = entry.outcome.as_deref().map(|outcome| recorded_reply(outcome, &entry.path));
    if let Some(body) = reply.as_mut().and_then(|reply| reply.body.as_mut()) {
        // The text of a refusal is also in the request, where it is scrubbed in the same way, so a
        // replay returns the scrubbed text.
        let is_compared = request.refused.is_none();
        scrubber.text(body, is_compared);
    }
    Some(CapsuleStep {
        seq: Some(entry.seq),
        delay_id: entry.details.as_ref().and_then(|details| details.delay_id),
        request: Some(request),
        reply,
        ..empty_step(VirtualMillis(entry.at), RealMicros(entry.real))
    })
}

/// Encodes the reply again.
pub(super) fn recorded_reply(outcome: &CallOutcome, path: &str) -> RecordedReply {
    let wire = match &outcome.override_action {
        Some(FaultAction::Wire(fault, _)) => Some(fault.to_string()),
        _ => None,
    };
    let mut reply = RecordedReply { wire, delay: outcome.delay, ..RecordedReply::default() };
    if outcome.status().is_some() {
        let response = partner::encode_outcome(outcome, path);
        reply.status = Some(response.status().as_u16());
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        // The step says when it was.
        let headers = response.headers().iter().filter(|(name, _)| **name != DATE);
        reply.headers =
            headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
        let body = response.into_body().try_into_bytes().unwrap_or_default();
        reply.body = Some(text(&body));
    }
    reply
}

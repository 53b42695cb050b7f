//! Writes a capsule, with the replies as clients got them, and runs one once more.

use std::fmt;
use std::sync::Arc;

use actix_web::body::MessageBody;

use super::partner;
use crate::capsule::{
    Capsule, CapsuleStep, Change, FORMAT, RealMicros, RecordedReply, RecordedRequest, VirtualMillis,
};
use crate::domain::api_key::ApiKey;
use crate::domain::endpoint::Endpoint;
use crate::domain::service::Service;
use crate::journal::JournalEntry;
use crate::registry::{RecordedStep, RecordingData, Replay, Start};
use crate::sandbox::faults::FaultAction;
use crate::sandbox::outcome::CallOutcome;

/// Writes down what a sandbox lived through, without its key.
pub(crate) fn write(recording: &RecordingData) -> Capsule {
    let mut scrub = Scrub::new(&recording.api_key);
    let start = &recording.start;
    let mut steps = Vec::with_capacity(recording.steps.len());
    for (number, recorded) in recording.steps.iter().enumerate() {
        if number.is_multiple_of(128) {
            // Whoever waits for this core comes first.
            std::thread::yield_now();
        }
        steps.push(match recorded {
            RecordedStep::Request(entry) => request(entry, &mut scrub),
            RecordedStep::Change { at, real, what } => {
                let mut step = step(VirtualMillis(*at), RealMicros(*real));
                let mut change = what.clone();
                scrub.change(&mut change);
                step.change = Some(change);
                step
            }
        });
    }
    Capsule {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        api_key: recording.api_key.to_string(),
        // What the key was cut out of cannot be compared.
        complete: recording.complete && !scrub.has_cut,
        seed: start.seed,
        clock: start.clock,
        started: RealMicros(start.started),
        first_rental_id: start.first_rental_id,
        max_ended_rentals: start.max_ended_rentals,
        magic: start.on_demand_errors,
        on_demand: start.on_demand,
        scenario: (*start.scenario).clone(),
        steps,
    }
}

const fn step(at: VirtualMillis, real_at: RealMicros) -> CapsuleStep {
    CapsuleStep { at, real_at, seq: None, request: None, held: None, reply: None, change: None }
}

fn request(entry: &JournalEntry, scrub: &mut Scrub) -> CapsuleStep {
    let mut asked = RecordedRequest::of(entry);
    scrub.asked(&mut asked);
    let mut reply = entry.outcome.as_deref().map(|outcome| recorded_reply(outcome, entry.endpoint));
    if let Some(body) = reply.as_mut().and_then(|told| told.body.as_mut()) {
        // A refusal is scrubbed alike in what is asked, and so comes out alike.
        let is_refused = asked.refused.is_some();
        scrub.text(body, !is_refused);
    }
    let mut step = step(VirtualMillis(entry.at), RealMicros(entry.real));
    step.seq = Some(entry.seq);
    step.held = entry.details.as_ref().and_then(|details| details.held);
    step.request = Some(asked);
    step.reply = reply;
    step
}

/// What the client got, written once more.
pub(super) fn recorded_reply(outcome: &CallOutcome, endpoint: Endpoint) -> RecordedReply {
    let wire = match &outcome.override_action {
        Some(FaultAction::Wire(fault, _)) => Some(*fault),
        _ => None,
    };
    let mut told = RecordedReply {
        wire: wire.map(|fault| fault.to_string()),
        delay: outcome.delay,
        ..RecordedReply::default()
    };
    if outcome.status().is_some() {
        let response = partner::encode_outcome(outcome, endpoint.path());
        told.status = Some(response.status().as_u16());
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = response.headers().iter();
        told.headers =
            headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
        let body = response.into_body().try_into_bytes().unwrap_or_default();
        told.body = Some(text(&body));
    }
    told
}

/// Cuts the key out of what a client or a test wrote by mistake into something else.
struct Scrub {
    secrets: Vec<String>,
    has_cut: bool,
}

impl Scrub {
    fn new(api_key: &ApiKey) -> Self {
        // A key of a few letters is no secret, and would be found inside innocent words.
        const SECRET: usize = 8;
        let keys = [api_key.as_str(), api_key.base()].into_iter();
        let mut secrets: Vec<String> =
            keys.filter(|key| key.len() >= SECRET).map(str::to_owned).collect();
        let escaped = |key: &String| {
            let quoted = serde_json::Value::from(key.as_str()).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        };
        let quoted = |key: &String| {
            let quoted = format!("{key:?}");
            quoted[1..quoted.len() - 1].to_owned()
        };
        let others: Vec<String> =
            secrets.iter().flat_map(|key| [escaped(key), quoted(key)]).collect();
        secrets.extend(others);
        secrets.dedup();
        Self { secrets, has_cut: false }
    }

    /// `matters`: whether what is left can be compared no more.
    fn text(&mut self, text: &mut String, matters: bool) {
        for secret in &self.secrets {
            if text.contains(secret) {
                *text = text.replace(secret, "…");
                self.has_cut |= matters;
            }
        }
    }

    fn asked(&mut self, asked: &mut RecordedRequest) {
        if let Some(service) = &asked.service {
            let mut text = service.as_str().to_owned();
            self.text(&mut text, true);
            asked.service = Service::parse(&text).ok();
        }
        if let Some(refused) = &mut asked.refused {
            self.text(&mut refused.message, false);
        }
    }

    fn change(&mut self, change: &mut Change) {
        match change {
            Change::Message { sms, .. } => {
                self.text(&mut sms.sender, true);
                self.text(&mut sms.text, true);
            }
            Change::Hold { request, .. } => self.asked(request),
            _ => {}
        }
    }
}

/// The first reply that differs.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    /// The request's number in the journal.
    pub seq: u64,
    /// What it asked, in a line.
    pub request: String,
    /// What was replied then.
    pub expected: String,
    /// What is replied now.
    pub actual: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, request, expected, actual } = self;
        write!(
            f,
            "request {seq} is answered otherwise: {request}\n  expected: {expected}\n  actual:   {actual}"
        )
    }
}

/// Runs a capsule once more. Gives how many requests were sent, or the first whose reply differs.
///
/// # Errors
/// When it cannot be run: a sentence.
pub(crate) fn replay(capsule: Capsule) -> Result<Result<usize, Box<Difference>>, String> {
    if !capsule.complete {
        return Err("complete: it is false: what was forgotten cannot be run once more; start \
                    the server with a higher --max-journal-entries, and leave the journal be"
            .into());
    }
    let mut world = Replay::start(Start {
        scenario: Arc::new(capsule.scenario),
        seed: capsule.seed,
        clock: capsule.clock,
        on_demand_errors: capsule.magic,
        on_demand: capsule.on_demand,
        started: capsule.started.0,
        first_rental_id: capsule.first_rental_id,
        max_ended_rentals: capsule.max_ended_rentals,
    })?;
    let mut sent = 0;
    for (index, step) in capsule.steps.iter().enumerate() {
        let wrong = |reason: String| format!("steps[{index}]: {reason}");
        let real = step.real_at.0;
        let asked = match (&step.request, &step.change) {
            (None, Some(change)) => {
                world.change(change, real).map_err(wrong)?;
                continue;
            }
            (Some(asked), None) => asked,
            _ => return Err(wrong("it is neither a request nor a change".into())),
        };
        sent += 1;
        let outcome = match (step.held, &step.reply) {
            (Some(delay_id), None) => {
                world.drop_held(delay_id, real).map_err(wrong)?;
                continue;
            }
            (Some(delay_id), Some(_)) => world.go_on(delay_id, real),
            (None, _) => world.request(asked, real),
        };
        let outcome = outcome.map_err(wrong)?;
        let actual = recorded_reply(&outcome, asked.endpoint);
        let expected = step.reply.clone().unwrap_or_default();
        if actual != expected {
            return Ok(Err(Box::new(Difference {
                seq: step.seq.unwrap_or(sent as u64),
                request: line(asked),
                expected: shown(&expected, &actual),
                actual: shown(&actual, &expected),
            })));
        }
    }
    Ok(Ok(sent))
}

fn line(asked: &RecordedRequest) -> String {
    let mut line = format!("{} {}", asked.endpoint.method(), asked.endpoint.path());
    let country = asked.country.map(|country| format!(" country={country}"));
    let service = asked.service.as_ref().map(|service| format!(" service={:?}", service.as_str()));
    let rental = asked.rental_id.map(|id| format!(" {id}"));
    line.extend([country, service, rental].into_iter().flatten());
    if asked.malformed { line + " (malformed)" } else { line }
}

/// A reply in a line; headers only where they are what differs.
fn shown(told: &RecordedReply, other: &RecordedReply) -> String {
    let mut shown = match told.status {
        Some(status) => status.to_string(),
        None => "no reply".to_owned(),
    };
    if told.headers != other.headers {
        let headers = told.headers.iter();
        shown.extend(headers.map(|(name, value)| format!(" {name}: {value};")));
    }
    if told.delay != other.delay {
        shown += &format!(" after {}", told.delay);
    }
    if let Some(wire) = &told.wire {
        shown += &format!(" {wire}");
    }
    match &told.body {
        Some(body) => format!("{shown} {body}"),
        None => shown,
    }
}

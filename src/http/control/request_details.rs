//! One request of the journal: what the client asked, what it got, and why.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::problem::{HandlerResult, Problem};
use super::state::State;
use crate::capsule::RecordedReply;
use crate::domain::lint::Lint;
use crate::domain::real_duration::RealDuration;
use crate::http::capsule;
use crate::journal::JournalEntry;
use crate::journal::recorded_request::RecordedRequest;
use crate::registry::Sandbox;
use crate::registry::jobs::JobLength;
use crate::sandbox::command::Reply;
use crate::sandbox::faults::FaultAction;
use crate::sandbox::outcome::CallOutcome;

/// A request with its reply.
#[derive(Serialize, JsonSchema)]
pub(super) struct RequestDetails {
    #[serde(flatten)]
    entry: JournalEntry,
    /// What the client asked.
    asked: RecordedRequest,
    /// What the client got; null if it disconnected before the request took effect.
    reply: Option<RecordedReply>,
    /// Deviations from the documentation that were accepted.
    remarks: Vec<Remark>,
    /// What happened, in sentences.
    explanation: String,
}

/// An accepted deviation from the documentation.
#[derive(Serialize, JsonSchema)]
struct Remark {
    /// As in `lints`.
    id: &'static str,
    /// What was sent, and what would be right.
    says: String,
}

impl From<&Lint> for Remark {
    fn from(lint: &Lint) -> Self {
        Self { id: lint.id(), says: lint.to_string() }
    }
}

pub(super) async fn show(
    state: State,
    path: Path<(String, String)>,
) -> HandlerResult<Json<RequestDetails>> {
    let (key, seq) = path.into_inner();
    let wanted = seq.parse().ok();
    let find = move |sandbox: &Sandbox| wanted.and_then(|seq| sandbox.journal().entry(seq));
    let entry = state.with_known(&key, JobLength::Short, find).await?;
    let entry = entry.ok_or_else(|| {
        Problem::not_found(format!(
            "the journal has no request {seq:?}, or has it no longer; GET requests lists them by seq"
        ))
    })?;
    Ok(Json(RequestDetails {
        asked: entry.request(),
        reply: entry
            .outcome
            .as_deref()
            .map(|outcome| capsule::recorded_reply(outcome, entry.endpoint)),
        remarks: entry.lints.iter().map(Remark::from).collect(),
        explanation: explanation(&entry),
        entry,
    }))
}

fn explanation(entry: &JournalEntry) -> String {
    let Some(outcome) = entry.outcome.as_deref() else {
        return "The client disconnected before the request took effect.".into();
    };
    let answer = match &outcome.answer {
        Ok(reply) => done(reply),
        Err(refusal) => sentence(&refusal.message),
    };
    let mut told = match &outcome.override_action {
        None => answer,
        Some(strike) => struck(strike, outcome) + &effect(strike, outcome, &answer),
    };
    if outcome.delay > RealDuration::ZERO {
        told += &format!(" The reply was delayed by {}.", outcome.delay);
    }
    if outcome.client_disconnected.get() {
        told += " The client disconnected before the reply was sent.";
    }
    told
}

fn done(reply: &Reply) -> String {
    match reply {
        Reply::Numbers(listing) => match listing.lines.len() {
            1 => "One country was listed.".into(),
            count => format!("{count} countries were listed."),
        },
        Reply::Rented { number, rental_id, expires_at, .. } => format!(
            "{number} was rented as {rental_id}. Poll getSMS with it until the SMS arrives, or cancel \
             it. It expires at {expires_at}."
        ),
        Reply::Messages(inbox) => match inbox.messages.len() {
            0 => "No SMS has arrived yet; poll again.".into(),
            1 => "The SMS has arrived.".into(),
            count => format!("{count} SMS have arrived."),
        },
        Reply::Cancelled { rental_id, refund } => {
            format!("{rental_id} is cancelled; {refund} USD was refunded.")
        }
    }
}

/// What a fault did to the call or its reply.
fn struck(strike: &FaultAction, outcome: &CallOutcome) -> String {
    let by = outcome.fault.map_or_else(|| "A fault".to_owned(), |id| format!("The rule {id}"));
    match strike {
        FaultAction::Refuse(refusal) => sentence(&refusal.message),
        FaultAction::Status(status, ..) => format!("{by} answered {}.", status.get()),
        FaultAction::Redirect(redirect) => {
            format!("{by} redirected the request ({}) to the same path.", redirect.status())
        }
        FaultAction::Wire(fault, _) => format!("{by} struck: {}.", fault.meaning()),
    }
}

/// Whether the call took effect nevertheless.
fn effect(strike: &FaultAction, outcome: &CallOutcome, answer: &str) -> String {
    match (strike, &outcome.answer) {
        (FaultAction::Refuse(_) | FaultAction::Redirect(_), _) => String::new(),
        (_, Ok(_)) => format!(" The call took effect nevertheless: {answer}"),
        (_, Err(_)) => " The call had no effect.".into(),
    }
}

/// Makes a sentence of an error message.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if message.ends_with(['.', '?', '!', ')']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

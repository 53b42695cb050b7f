//! One request of the journal: what was asked, what was answered, and why.

use actix_web::web::{Data, Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::ControlState;
use super::problem::Problem;
use crate::capsule::{RecordedReply, RecordedRequest};
use crate::domain::lint::Lint;
use crate::domain::real_duration::RealDuration;
use crate::http::capsule;
use crate::journal::JournalEntry;
use crate::registry::Sandbox;
use crate::registry::jobs::JobLength;
use crate::sandbox::command::Reply;
use crate::sandbox::faults::FaultAction;
use crate::sandbox::outcome::CallOutcome;

/// A request of the journal with its reply.
#[derive(Serialize, JsonSchema)]
pub(super) struct RequestDetails {
    #[serde(flatten)]
    entry: JournalEntry,
    /// What was asked.
    asked: RecordedRequest,
    /// What the client got; nothing where it went before the request took effect.
    reply: Option<RecordedReply>,
    /// What was accepted, and is written otherwise.
    remarks: Vec<Remark>,
    /// What happened, in plain sentences.
    explanation: String,
}

/// Something that was accepted, and is written otherwise.
#[derive(Serialize, JsonSchema)]
struct Remark {
    /// Its name, as in `lints`.
    id: &'static str,
    /// What was written, and what would be right.
    says: String,
}

impl From<&Lint> for Remark {
    fn from(lint: &Lint) -> Self {
        Self { id: lint.id(), says: lint.to_string() }
    }
}

pub(super) async fn show(
    state: Data<ControlState>,
    path: Path<(String, String)>,
) -> Result<Json<RequestDetails>, Problem> {
    let (key, seq) = path.into_inner();
    let wanted = seq.parse().ok();
    let find = move |sandbox: &Sandbox| wanted.and_then(|seq| sandbox.entry(seq));
    let entry = state.with_known(&key, JobLength::Short, find).await?;
    let entry = entry.ok_or_else(|| {
        Problem::not_found(format!(
            "{seq:?} is no request that the journal still has; GET requests lists them by seq"
        ))
    })?;
    Ok(Json(RequestDetails {
        asked: RecordedRequest::of(&entry),
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
        return "The client went before the request took effect.".into();
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
        told += &format!(" The reply was held up for {}.", outcome.delay);
    }
    if outcome.client_disconnected.get() {
        told += " The client went before it was sent.";
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
            "{number} was rented as {rental_id}; poll getSMS with it until the SMS is there, and \
             cancel it if it is not needed. It expires at {expires_at}."
        ),
        Reply::Messages(inbox) => match inbox.messages.len() {
            0 => "No SMS has arrived yet: poll again.".into(),
            1 => "The SMS has arrived.".into(),
            count => format!("{count} SMS have arrived."),
        },
        Reply::Cancelled { rental_id, refund } => {
            format!("{rental_id} is cancelled; {refund} USD was paid back.")
        }
    }
}

/// What happened to the call or its reply.
fn struck(strike: &FaultAction, outcome: &CallOutcome) -> String {
    let by = outcome.fault.map_or_else(|| "A fault".to_owned(), |id| format!("The rule {id}"));
    match strike {
        FaultAction::Refuse(refusal) => sentence(&refusal.message),
        FaultAction::Status(status, ..) => format!("{by} answered {}.", status.get()),
        FaultAction::Redirect(redirect) => {
            format!("{by} redirected it ({}) to the same path.", redirect.status())
        }
        FaultAction::Wire(fault, _) => format!("{by} struck: {}.", fault.meaning()),
    }
}

/// Whether the call took effect all the same.
fn effect(strike: &FaultAction, outcome: &CallOutcome, answer: &str) -> String {
    match (strike, &outcome.answer) {
        (FaultAction::Refuse(_) | FaultAction::Redirect(_), _) => String::new(),
        (_, Ok(_)) => format!(" Yet it took effect: {answer}"),
        (_, Err(_)) => " It took no effect.".into(),
    }
}

/// A message of ours as a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if message.ends_with(['.', '?', '!', ')']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

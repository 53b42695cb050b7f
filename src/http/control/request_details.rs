//! One request of the journal: what the client asked, what it got, and why.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::explanation::explain;
use super::problem::{HandlerResult, Problem};
use super::state::State;
use crate::capsule::RecordedReply;
use crate::domain::lint::Lint;
use crate::http::capsule;
use crate::journal::JournalEntry;
use crate::journal::recorded_request::RecordedRequest;
use crate::registry::Sandbox;
use crate::registry::jobs::JobLength;

/// A request with its reply.
#[derive(Serialize, JsonSchema)]
pub(super) struct RequestDetails {
    #[serde(flatten)]
    entry: JournalEntry,
    /// What the client asked; null if it was refused before it reached the sandbox.
    asked: Option<RecordedRequest>,
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
    let find = move |sandbox: &Sandbox| {
        let entry = sandbox.journal().entry(wanted?)?;
        let rental = entry.rental_id.and_then(|id| sandbox.rentals().get_without_calls(id));
        Some((entry, rental))
    };
    let found = state.with_known(&key, JobLength::Short, find).await?;
    let (entry, rental) = found.ok_or_else(|| {
        Problem::not_found(format!(
            "the journal has no request {seq:?}, or has it no longer; GET requests lists them by seq"
        ))
    })?;
    Ok(Json(RequestDetails {
        asked: entry.request(),
        reply: entry
            .outcome
            .as_deref()
            .map(|outcome| capsule::recorded_reply(outcome, &entry.path)),
        remarks: entry.lints.iter().map(Remark::from).collect(),
        explanation: explain(&entry, rental.as_ref()),
        entry,
    }))
}

//! The clock of a sandbox: get, replace, advance.

use actix_web::web::{Bytes, Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parse;
use super::problem::{HandlerResult, Problem};
use super::state::State;
use crate::capsule::Change;
use crate::domain::schema::json_schema;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::registry::jobs::JobLength;
use crate::registry::{ClockMoved, Sandbox};
use crate::sandbox::error::SandboxError;
use crate::sandbox::event::SandboxEvent;
use crate::scenario::Clock;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
/// How far to advance the clock: either `by` or `to`.
#[schemars(extend("minProperties" = 1))]
pub(super) struct Advance {
    /// A duration.
    by: Option<VirtualDuration>,
    /// A time, or `next` for the next scheduled event.
    #[schemars(with = "Option<AdvanceTarget>")]
    to: Option<String>,
}

/// The clock after it moved, and what happened on the way.
#[derive(Serialize, JsonSchema)]
pub(super) struct Advanced {
    /// The time it shows.
    now: Timestamp,
    /// The first thousand events that fell due, in order.
    fired: Vec<SandboxEvent>,
    /// How many events fell due, if `fired` does not show all.
    #[serde(skip_serializing_if = "Option::is_none")]
    fired_count: Option<u64>,
}

/// The most events that `fired` shows.
const MOST_FIRED: usize = 1_000;

fn shown(sandbox: &Sandbox) -> Clock {
    let summary = sandbox.summary();
    summary.clock.starting_at(summary.now)
}

pub(super) async fn show(state: State, key: Path<String>) -> HandlerResult<Json<Clock>> {
    state.with_known(&key, JobLength::Short, shown).await.map(Json)
}

pub(super) async fn set(
    state: State,
    key: Path<String>,
    body: Bytes,
) -> HandlerResult<Json<Clock>> {
    let clock: Clock = parse::any_body(&body)?;
    let set = move |sandbox: &Sandbox| {
        sandbox.clock().change(Change::Clock(clock), 0)?;
        Ok(shown(sandbox))
    };
    let set = state.with_open(&key, set).await?;
    set.map(Json).map_err(|error: SandboxError| Problem::field("now", error.to_string()))
}

pub(super) async fn advance(
    state: State,
    key: Path<String>,
    body: Bytes,
) -> HandlerResult<Json<Advanced>> {
    let wanted: Advance = parse::body(&body)?;
    let change = match (wanted.by, wanted.to.as_deref()) {
        (Some(by), None) => Change::Advance { by },
        (None, Some("next")) => Change::AdvanceToNext,
        (None, Some(moment)) => {
            let moment: Timestamp = moment.parse().map_err(|reason| {
                Problem::field("to", format!("{reason}, or \"next\" for the next scheduled event"))
            })?;
            Change::AdvanceTo { moment: moment.into() }
        }
        (Some(_), Some(_)) => {
            return Err(Problem::field(".", "has both by and to; send one of them"));
        }
        (None, None) => {
            let message = "has neither by nor to; send {\"by\": \"45s\"}, {\"to\": \"next\"} or \
                           {\"to\": \"2026-01-01T00:00:00Z\"}";
            return Err(Problem::field(".", message));
        }
    };
    let advance = move |sandbox: &Sandbox| sandbox.clock().change(change, MOST_FIRED);
    let moved = state.with_open(&key, advance).await?;
    let ClockMoved { now, events, count } =
        moved.map_err(|error| Problem::field("to", error.to_string()))?;
    let fired_count = Some(count).filter(|count| *count > events.len() as u64);
    Ok(Json(Advanced { now, fired: events, fired_count }))
}

/// A time, or the next event.
struct AdvanceTarget;

json_schema!(AdvanceTarget, "Target": {
    "anyOf": [
        {"type": "string", "format": "date-time", "pattern": "^(19[7-9]|[2-9][0-9]{2})[0-9]-"},
        {"const": "next"},
    ],
});

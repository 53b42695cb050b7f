//! The clock of a sandbox.

use actix_web::web::{Bytes, Data, Json, Path};
use serde::{Deserialize, Serialize};

use super::Admin;
use super::problem::{Problem, read};
use crate::domain::span::Span;
use crate::domain::timestamp::Timestamp;
use crate::registry::SandboxHandle;
use crate::sandbox::event::Event;
use crate::scenario::Clock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    by: Option<Span>,
    to: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Advanced {
    now: Timestamp,
    fired: Vec<Event>,
}

fn shown(sandbox: &SandboxHandle) -> Json<Clock> {
    let standing = sandbox.standing();
    Json(standing.clock.starting_at(standing.now))
}

pub(super) async fn show(admin: Data<Admin>, key: Path<String>) -> Result<Json<Clock>, Problem> {
    Ok(shown(&admin.known(&key)?))
}

pub(super) async fn set(
    admin: Data<Admin>,
    key: Path<String>,
    body: Bytes,
) -> Result<Json<Clock>, Problem> {
    let clock: Clock = read(&body)?;
    if let Clock::PerPoll { step: Span::ZERO, .. } = clock {
        return Err(Problem::field("step", "0s never moves; frozen is the clock that stands"));
    }
    let sandbox = admin.open(&key)?;
    if let Some(moment) = clock.start() {
        not_passed("now", moment, &sandbox)?;
    }
    sandbox.set_clock(clock);
    Ok(shown(&sandbox))
}

pub(super) async fn advance(
    admin: Data<Admin>,
    key: Path<String>,
    body: Bytes,
) -> Result<Json<Advanced>, Problem> {
    let wanted: Advance = read(&body)?;
    let sandbox = admin.open(&key)?;
    let fired = match (wanted.by, wanted.to.as_deref()) {
        (Some(by), None) => sandbox.advance(by),
        (None, Some("next")) => sandbox.advance_to_next(),
        (None, Some(moment)) => {
            let moment: Timestamp = moment.parse().map_err(|reason| {
                Problem::field("to", format!("{reason}, or \"next\" for the next event due"))
            })?;
            not_passed("to", moment, &sandbox)?;
            sandbox.advance_to(moment)
        }
        (Some(_), Some(_)) => {
            return Err(Problem::field(".", "has both by and to; give one of them"));
        }
        (None, None) => {
            let message = "says neither by nor to; send {\"by\": \"45s\"}, {\"to\": \"next\"} or \
                           {\"to\": \"2026-01-01T00:00:00Z\"}";
            return Err(Problem::field(".", message));
        }
    };
    Ok(Json(Advanced { now: sandbox.now(), fired }))
}

fn not_passed(path: &str, moment: Timestamp, sandbox: &SandboxHandle) -> Result<(), Problem> {
    let now = sandbox.now();
    if moment >= now {
        return Ok(());
    }
    let message =
        format!("{moment} has passed: the clock shows {now}, and it never runs backwards");
    Err(Problem::field(path, message))
}

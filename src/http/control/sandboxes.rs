//! The sandboxes themselves.

use std::sync::Arc;

use actix_web::web::{Bytes, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ControlState;
use super::paging::{Page, PageQuery, Paging};
use super::problem::{Problem, read};
use crate::domain::timestamp::Timestamp;
use crate::registry::jobs::JobLength;
use crate::registry::{Making, Registry, Sandbox, SandboxSummary};
use crate::sandbox::command::Refusal;
use crate::scenario::validation;
use crate::scenario::{Clock, Scenario};

/// How a sandbox stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Sandbox")]
pub(super) struct SandboxView {
    /// Its key.
    api_key: String,
    /// The name of its scenario.
    scenario: String,
    /// What all its randomness grows from.
    seed: u64,
    /// What its clock shows.
    now: Timestamp,
    /// How its clock runs.
    clock: Clock,
    /// How many of its rentals live.
    active_rentals: u32,
    /// How many requests it was sent.
    requests: u64,
}

impl From<SandboxSummary> for SandboxView {
    fn from(summary: SandboxSummary) -> Self {
        Self {
            api_key: summary.api_key.as_str().to_owned(),
            scenario: summary.scenario.name.clone(),
            seed: summary.seed,
            now: summary.now,
            clock: summary.clock.starting_at(summary.now),
            active_rentals: summary.active_rentals,
            requests: summary.requests,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
/// What a sandbox is to be made of; what is left out is as for a new key.
#[schemars(rename = "NewSandbox")]
pub(super) struct NewSandbox {
    /// A name, or a whole scenario.
    #[schemars(with = "Option<NamedOrWhole>")]
    scenario: Option<Value>,
    /// What all its randomness grows from.
    seed: Option<u64>,
    /// Its clock.
    clock: Option<Clock>,
}

/// The sandboxes in the order of their keys, a page of them.
fn page(registry: &Arc<Registry>, paging: &Paging) -> Page {
    let all = registry.all();
    let is_before = |sandbox: &&Sandbox| {
        paging.after.as_ref().is_some_and(|after| sandbox.api_key().as_str() <= after.as_str())
    };
    let mut rest = all.iter().skip_while(is_before);
    let views: Vec<SandboxView> =
        rest.by_ref().take(paging.limit).map(|sandbox| sandbox.summary().into()).collect();
    let last = views.last().map(|view| view.api_key.clone());
    Page::new(&views, rest.next().and(last))
}

pub(super) async fn list(
    state: Data<ControlState>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let paging = PageQuery::of(&request)?;
    let page = state.run("", JobLength::Long, move |registry| page(registry, &paging)).await?;
    page.send(&request, &state.body_budget)
}

pub(super) async fn show(
    state: Data<ControlState>,
    key: Path<String>,
) -> Result<Json<SandboxView>, Problem> {
    let summary = state.with_known(&key, JobLength::Short, Sandbox::summary).await?;
    Ok(Json(summary.into()))
}

pub(super) async fn put(
    state: Data<ControlState>,
    key: Path<String>,
    body: Bytes,
) -> Result<Json<SandboxView>, Problem> {
    // A whole scenario takes a while to read.
    let length = if body.len() > LONG_BODY { JobLength::Long } else { JobLength::Short };
    let api_key = key.clone();
    let make = move |registry: &Arc<Registry>| {
        let NewSandbox { scenario, seed, clock } = read(&body)?;
        let making = match scenario {
            None => Making { seed, clock, ..Making::default() },
            Some(wanted) => {
                let is_own = wanted.is_object();
                let scenario = Some(choose(registry, wanted)?);
                let scenario_bytes = if is_own { body.len() * BYTES_OF_A_SCENARIO } else { 0 };
                if is_own && !registry.make_room_for(scenario_bytes) {
                    return Err(Problem::conflict(format!(
                        "this server has no memory left for another scenario (--max-memory {}); \
                         DELETE sandboxes that are not needed, or start it with more",
                        registry.settings().max_memory
                    )));
                }
                Making { scenario, scenario_bytes, seed, clock }
            }
        };
        Ok(registry.make(&api_key, making)?.summary())
    };
    let made: Result<SandboxSummary, Problem> = state.run(&key, length, make).await?;
    Ok(Json(made?.into()))
}

/// A body of more bytes than this is read where nobody waits for it.
const LONG_BODY: usize = 16 * 1_024;
/// How many bytes of memory a byte of JSON takes once it is a scenario, and what plays it: measured
/// with scripts of many short steps.
const BYTES_OF_A_SCENARIO: usize = 16;

fn choose(registry: &Registry, wanted: Value) -> Result<Arc<Scenario>, Problem> {
    if let Value::String(name) = &wanted {
        let found = registry.settings().catalogue.get(name);
        return found.cloned().map_err(|reason| Problem::field("scenario", reason));
    }
    if !wanted.is_object() {
        let message = format!(
            "{wanted} is no scenario; give the name of one, or a whole one such as GET \
             /__admin/scenarios/happy-path shows"
        );
        return Err(Problem::field("scenario", message));
    }
    let inside = |problem: validation::FieldError| {
        let path = match problem.path.as_str() {
            "." => "scenario".to_owned(),
            path => format!("scenario.{path}"),
        };
        validation::FieldError { path, ..problem }
    };
    Scenario::from_json(&wanted.to_string())
        .map(Arc::new)
        .map_err(|problems| Problem::fields(problems.into_iter().map(inside).collect()))
}

pub(super) async fn delete(
    state: Data<ControlState>,
    key: Path<String>,
) -> Result<HttpResponse, Problem> {
    let api_key = key.clone();
    match state.run(&key, JobLength::Short, move |registry| registry.delete(&api_key)).await? {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(ControlState::unknown()),
    }
}

pub(super) async fn reset(
    state: Data<ControlState>,
    key: Path<String>,
) -> Result<Json<SandboxView>, Problem> {
    let api_key = key.clone();
    let reset = move |registry: &Arc<Registry>| {
        // What begins each test with a reset begins the first one so too: one that is new is at its
        // start.
        let sandbox = match registry.reset(&api_key) {
            Some(sandbox) => sandbox,
            None => Sandbox::open_pinned(registry, &api_key)?,
        };
        Ok(sandbox.summary())
    };
    let summary: Result<SandboxSummary, Refusal> = state.run(&key, JobLength::Short, reset).await?;
    Ok(Json(summary?.into()))
}

pub(super) async fn reset_all(
    state: Data<ControlState>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let paging = PageQuery::of(&request)?;
    let reset = move |registry: &Arc<Registry>| {
        registry.reset_all();
        page(registry, &paging).continued_at("/__admin/sandboxes")
    };
    state.run("", JobLength::Long, reset).await?.send(&request, &state.body_budget)
}

/// The name of a scenario, or a whole one.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "it only tells what is read")]
enum NamedOrWhole {
    /// The name of one that the server knows.
    Named(String),
    /// One of the caller's own.
    Whole(Box<Scenario>),
}

//! The sandboxes: list, get, create, delete, reset.

use std::sync::Arc;

use actix_web::web::{Bytes, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::capsule;
use super::paging::{Page, PageQuery};
use super::parse;
use super::problem::{HandlerResult, Problem};
use super::scenarios::BYTES_OF_A_SCENARIO;
use super::state::{ControlState, State};
use crate::capsule::Capsule;
use crate::domain::label::Label;
use crate::domain::timestamp::Timestamp;
use crate::registry::jobs::JobLength;
use crate::registry::{Registry, Sandbox, SandboxSummary};
use crate::sandbox::config::SandboxOptions;
use crate::sandbox::error::SandboxError;
use crate::scenario::validation;
use crate::scenario::{Clock, Scenario};

/// A sandbox.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Sandbox")]
pub(super) struct SandboxView {
    api_key: String,
    /// The name of the scenario.
    scenario: String,
    /// What its test calls it, if it has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// The seed of all randomness.
    seed: u64,
    /// The sandbox's current time.
    now: Timestamp,
    clock: Clock,
    /// The number of live rentals.
    active_rentals: u32,
    /// The number of requests received.
    requests: u64,
}

impl From<SandboxSummary> for SandboxView {
    fn from(summary: SandboxSummary) -> Self {
        Self {
            api_key: summary.api_key.as_str().to_owned(),
            scenario: summary.scenario.name.clone(),
            label: summary.label.map(|label| label.to_string()),
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
/// Settings of a new sandbox; omitted ones are those of a sandbox created by its first request.
#[schemars(rename = "NewSandbox")]
pub(super) struct NewSandbox {
    /// The name of a scenario, or a whole scenario.
    #[schemars(with = "Option<NamedOrWhole>")]
    scenario: Option<Value>,
    /// The seed of all randomness.
    seed: Option<u64>,
    clock: Option<Clock>,
    /// A recording, as getCapsule returns it: the sandbox starts where it ended. It has its own
    /// scenario and seed; `clock` says how time passes from there.
    #[schemars(with = "Option<Capsule>")]
    capsule: Option<Value>,
    /// What the test calls it, such as its own name: reports show it.
    label: Option<Label>,
}

/// A page of sandboxes, in the order of their keys.
fn page(registry: &Arc<Registry>, paging: &PageQuery) -> Page {
    let all = registry.all();
    let is_before = |sandbox: &&Sandbox| {
        paging.after.as_ref().is_some_and(|after| sandbox.api_key().as_str() <= after.as_str())
    };
    let mut rest = all.iter().skip_while(is_before);
    let views: Vec<SandboxView> =
        rest.by_ref().take(paging.limit()).map(|sandbox| sandbox.summary().into()).collect();
    let last = views.last().map(|view| view.api_key.clone());
    Page::new(&views, rest.next().and(last))
}

pub(super) async fn list(state: State, request: HttpRequest) -> HandlerResult {
    let paging = parse::query::<PageQuery>(&request)?;
    let page = state.run("", JobLength::Long, move |registry| page(registry, &paging)).await?;
    page.send(&request, &state.body_budget)
}

pub(super) async fn show(state: State, key: Path<String>) -> HandlerResult<Json<SandboxView>> {
    let summary = state.with_known(&key, JobLength::Short, Sandbox::summary).await?;
    Ok(Json(summary.into()))
}

pub(super) async fn put(
    state: State,
    key: Path<String>,
    body: Bytes,
) -> HandlerResult<Json<SandboxView>> {
    // A whole scenario takes a while to parse.
    let length = if body.len() > LONG_BODY { JobLength::Long } else { JobLength::Short };
    let api_key = key.clone();
    let make = move |registry: &Arc<Registry>| {
        let NewSandbox { scenario, seed, clock, capsule, label } = parse::body(&body)?;
        let options = match scenario {
            None => SandboxOptions { seed, clock, label, ..SandboxOptions::default() },
            Some(wanted) => {
                let is_own = wanted.is_object();
                let scenario = Some(choose(registry, wanted)?);
                let scenario_bytes = if is_own { body.len() * BYTES_OF_A_SCENARIO } else { 0 };
                if is_own && !registry.make_room_for(scenario_bytes) {
                    return Err(Problem::no_memory(registry.settings().max_memory, "scenario"));
                }
                SandboxOptions { scenario, scenario_bytes, seed, clock, label }
            }
        };
        let sandbox = match capsule {
            None => registry.make(&api_key, options)?,
            Some(recording) => capsule::go_on(registry, &api_key, &recording, options)?,
        };
        Ok(sandbox.summary())
    };
    let made: Result<SandboxSummary, Problem> = state.run(&key, length, make).await?;
    Ok(Json(made?.into()))
}

/// Longer bodies are parsed in a long job.
const LONG_BODY: usize = 16 * 1_024;

fn choose(registry: &Registry, wanted: Value) -> HandlerResult<Arc<Scenario>> {
    if let Value::String(name) = &wanted {
        return registry.scenario(name).map_err(|reason| Problem::field("scenario", reason));
    }
    if !wanted.is_object() {
        let message = format!(
            "{wanted} is not a scenario; send the name of one, or a whole one such as GET \
             /__admin/scenarios/happy-path returns"
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

pub(super) async fn delete(state: State, key: Path<String>) -> HandlerResult {
    let api_key = key.clone();
    match state.run(&key, JobLength::Short, move |registry| registry.delete(&api_key)).await? {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(ControlState::unknown()),
    }
}

pub(super) async fn reset(state: State, key: Path<String>) -> HandlerResult<Json<SandboxView>> {
    let api_key = key.clone();
    let reset = move |registry: &Arc<Registry>| {
        // Test suites reset the sandbox before every test, the first one included.
        let sandbox = match registry.reset(&api_key) {
            Some(sandbox) => sandbox,
            None => Sandbox::open_pinned(registry, &api_key)?,
        };
        Ok(sandbox.summary())
    };
    let summary: Result<SandboxSummary, SandboxError> =
        state.run(&key, JobLength::Short, reset).await?;
    Ok(Json(summary?.into()))
}

pub(super) async fn reset_all(state: State, request: HttpRequest) -> HandlerResult {
    let paging = parse::query::<PageQuery>(&request)?;
    let reset = move |registry: &Arc<Registry>| {
        registry.reset_all();
        page(registry, &paging).continued_at("/__admin/sandboxes")
    };
    state.run("", JobLength::Long, reset).await?.send(&request, &state.body_budget)
}

#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "only its schema is used")]
enum NamedOrWhole {
    /// The name of a scenario that the server knows.
    Named(String),
    /// A scenario of the caller's own.
    Whole(Box<Scenario>),
}

//! The scenarios that a sandbox can start on.

use std::sync::Arc;

use actix_web::http::header::LOCATION;
use actix_web::web::{Bytes, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Serialize;

use super::paging::{self, PageQuery};
use super::parse;
use super::problem::{HandlerResult, Problem};
use super::state::State;
use crate::registry::Registry;
use crate::registry::jobs::JobLength;
use crate::scenario::Scenario;
use crate::scenario::schema;

/// A scenario in brief.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ScenarioLine")]
pub(super) struct ScenarioSummary {
    name: String,
    /// What happens, in one sentence.
    summary: String,
    /// The client bug that it reveals.
    catches: String,
}

impl From<&Scenario> for ScenarioSummary {
    fn from(scenario: &Scenario) -> Self {
        Self {
            name: scenario.name.clone(),
            summary: scenario.summary.clone(),
            catches: scenario.catches.clone(),
        }
    }
}

/// The media type of a JSON Schema.
pub(super) const SCHEMA: &str = "application/schema+json";

/// Bytes of memory per byte of a scenario's JSON, including what runs it: measured with scripts of many
/// short steps.
pub(super) const BYTES_OF_A_SCENARIO: usize = 16;

pub(super) async fn list(state: State, request: HttpRequest) -> HandlerResult {
    let paging = parse::query::<PageQuery>(&request)?;
    let lines = state.registry.scenarios().iter().map(|scenario| (&**scenario).into()).collect();
    paging
        .cut(lines, |line: &ScenarioSummary| line.name.clone())?
        .send(&request, &state.body_budget)
}

pub(super) async fn show(state: State, name: Path<String>) -> HandlerResult {
    let scenario = state.registry.scenario(&name).map_err(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    response.content_type("application/json");
    state.body_budget.send(response, paging::encode(&*scenario))
}

pub(super) async fn add(state: State, body: Bytes) -> HandlerResult {
    let add = move |registry: &Arc<Registry>| -> HandlerResult<ScenarioSummary> {
        let scenario = Scenario::from_json(parse::object(&body)?).map_err(Problem::fields)?;
        let bytes = body.len() * BYTES_OF_A_SCENARIO;
        let added = registry.add_scenario(scenario, bytes)?;
        Ok((&*added).into())
    };
    let added = state.run("", JobLength::Long, add).await??;
    let location = format!("/__admin/scenarios/{}", added.name);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(added))
}

pub(super) async fn remove(state: State, name: Path<String>) -> HandlerResult {
    state.registry.remove_scenario(&name)?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) async fn schema() -> HttpResponse {
    HttpResponse::Ok().content_type(SCHEMA).body(schema::of_scenarios())
}

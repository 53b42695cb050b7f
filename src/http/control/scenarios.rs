//! The scenarios that a sandbox can start on.

use actix_web::HttpRequest;
use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::paging::PageQuery;
use super::parse;
use super::problem::{HandlerResult, Problem};
use super::state::State;
use crate::scenario::Scenario;

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

pub(super) async fn list(state: State, request: HttpRequest) -> HandlerResult {
    let paging = parse::query::<PageQuery>(&request)?;
    let scenarios = state.registry.settings().catalogue.iter();
    let line = |scenario: &Scenario| ScenarioSummary {
        name: scenario.name.clone(),
        summary: scenario.summary.clone(),
        catches: scenario.catches.clone(),
    };
    let lines = scenarios.map(|scenario| line(scenario)).collect();
    paging
        .cut(lines, |line: &ScenarioSummary| line.name.clone())?
        .send(&request, &state.body_budget)
}

pub(super) async fn show(state: State, name: Path<String>) -> HandlerResult<Json<Scenario>> {
    let found = state.registry.settings().catalogue.get(&name);
    found.map(|scenario| Json((**scenario).clone())).map_err(Problem::not_found)
}

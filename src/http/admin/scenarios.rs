//! The scenarios that can be asked for.

use actix_web::web::{Data, Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::Admin;
use super::problem::Problem;
use crate::http::openapi::Api;
use crate::scenario::Scenario;

/// A scenario in short.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ScenarioLine")]
pub(super) struct Line {
    /// How it is asked for.
    name: String,
    /// Its story in one sentence.
    summary: String,
    /// The client's bug that it brings to light.
    catches: String,
}

pub(super) async fn list(admin: Data<Admin>) -> Json<Vec<Line>> {
    let scenarios = admin.registry.settings().catalogue.iter();
    let line = |scenario: &Scenario| Line {
        name: scenario.name.clone(),
        summary: scenario.summary.clone(),
        catches: scenario.catches.clone(),
    };
    Json(scenarios.map(|scenario| line(scenario)).collect())
}

pub(super) async fn show(
    admin: Data<Admin>,
    name: Path<String>,
) -> Result<Json<Scenario>, Problem> {
    let found = admin.registry.settings().catalogue.get(&name);
    found.map(|scenario| Json((**scenario).clone())).map_err(Problem::not_found)
}

pub(super) fn describe(api: &mut Api) {
    super::operation(api, "get", "/__admin/scenarios", "listScenarios", "The scenarios there are")
        .replies::<Vec<Line>>(200, "The scenarios, in their documented order.");
    let path = "/__admin/scenarios/{name}";
    super::operation(api, "get", path, "getScenario", "A whole scenario")
        .description("What putSandbox takes, whole or changed.")
        .replies::<Scenario>(200, "The scenario.")
        .shares(404, "NoSuchThing");
}

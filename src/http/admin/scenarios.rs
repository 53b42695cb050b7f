//! The scenarios that can be asked for.

use actix_web::web::{Data, Json, Path};
use serde::Serialize;

use super::Admin;
use super::problem::Problem;
use crate::scenario::Scenario;

#[derive(Serialize)]
pub(super) struct Line {
    name: String,
    summary: String,
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

//! The sandboxes themselves.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Json, Path};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Admin;
use super::problem::{Problem, read};
use crate::domain::timestamp::Timestamp;
use crate::registry::{Making, Standing};
use crate::scenario::check;
use crate::scenario::{Clock, Scenario};

/// How a sandbox stands.
#[derive(Serialize)]
pub(super) struct View {
    api_key: String,
    scenario: String,
    seed: u64,
    now: Timestamp,
    clock: Clock,
    active_rentals: u32,
    requests: u64,
}

impl From<Standing> for View {
    fn from(standing: Standing) -> Self {
        Self {
            api_key: standing.api_key.as_str().to_owned(),
            scenario: standing.scenario.name.clone(),
            seed: standing.seed,
            now: standing.now,
            clock: standing.clock.starting_at(standing.now),
            active_rentals: standing.active_rentals,
            requests: standing.requests,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// A name, or a whole scenario.
    scenario: Option<Value>,
    seed: Option<u64>,
    clock: Option<Clock>,
}

pub(super) async fn list(admin: Data<Admin>) -> Json<Vec<View>> {
    Json(admin.registry.standings().into_iter().map(View::from).collect())
}

pub(super) async fn show(admin: Data<Admin>, key: Path<String>) -> Result<Json<View>, Problem> {
    Ok(Json(admin.known(&key)?.standing().into()))
}

pub(super) async fn put(
    admin: Data<Admin>,
    key: Path<String>,
    body: Bytes,
) -> Result<Json<View>, Problem> {
    let Wanted { scenario, seed, clock } = read(&body)?;
    let scenario = scenario.map(|wanted| choose(&admin, wanted)).transpose()?;
    let made = admin.registry.make(&key, Making { scenario, seed, clock })?;
    Ok(Json(made.standing().into()))
}

fn choose(admin: &Admin, wanted: Value) -> Result<Arc<Scenario>, Problem> {
    if let Value::String(name) = &wanted {
        let found = admin.registry.settings().catalogue.get(name);
        return found.cloned().map_err(|reason| Problem::field("scenario", reason));
    }
    if !wanted.is_object() {
        let message = format!(
            "{wanted} is no scenario; give the name of one, or a whole one such as GET \
             /__admin/scenarios/happy-path shows"
        );
        return Err(Problem::field("scenario", message));
    }
    let inside = |problem: check::Problem| {
        let path = match problem.path.as_str() {
            "." => "scenario".to_owned(),
            path => format!("scenario.{path}"),
        };
        check::Problem { path, ..problem }
    };
    Scenario::from_json(&wanted.to_string())
        .map(Arc::new)
        .map_err(|problems| Problem::fields(problems.into_iter().map(inside).collect()))
}

pub(super) async fn delete(admin: Data<Admin>, key: Path<String>) -> Result<HttpResponse, Problem> {
    match admin.registry.delete(&key) {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(Admin::unknown()),
    }
}

pub(super) async fn reset(admin: Data<Admin>, key: Path<String>) -> Result<Json<View>, Problem> {
    let sandbox = admin.registry.reset(&key).ok_or_else(Admin::unknown)?;
    Ok(Json(sandbox.standing().into()))
}

pub(super) async fn reset_all(admin: Data<Admin>) -> Json<Vec<View>> {
    admin.registry.reset_all();
    list(admin).await
}

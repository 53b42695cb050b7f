//! The sandboxes themselves.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Admin;
use super::problem::{Problem, read};
use crate::domain::timestamp::Timestamp;
use crate::http::openapi::Api;
use crate::registry::{Making, Standing};
use crate::scenario::check;
use crate::scenario::{Clock, Scenario};

/// How a sandbox stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Sandbox")]
pub(super) struct View {
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

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
/// What a sandbox is to be made of; what is left out is as for a new key.
#[schemars(rename = "NewSandbox")]
struct Wanted {
    /// A name, or a whole scenario.
    #[schemars(with = "Option<NamedOrWhole>")]
    scenario: Option<Value>,
    /// What all its randomness grows from.
    seed: Option<u64>,
    /// Its clock.
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
    // What begins each test with a reset begins the first one so too: one that is new is at its start.
    let sandbox = match admin.registry.reset(&key) {
        Some(sandbox) => sandbox,
        None => admin.open(&key)?,
    };
    Ok(Json(sandbox.standing().into()))
}

pub(super) async fn reset_all(admin: Data<Admin>) -> Json<Vec<View>> {
    admin.registry.reset_all();
    list(admin).await
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

pub(super) fn describe(api: &mut Api) {
    super::operation(api, "get", "/__admin/sandboxes", "listSandboxes", "The sandboxes there are")
        .replies::<Vec<View>>(200, "The sandboxes, in the order of their keys.");
    super::operation(
        api,
        "post",
        "/__admin/reset",
        "resetAll",
        "Puts all sandboxes back to their start",
    )
    .replies::<Vec<View>>(200, "The sandboxes as they are now.");
    let path = "/__admin/sandboxes/{key}";
    super::operation(api, "get", path, "getSandbox", "How a sandbox stands")
        .replies::<View>(200, "The sandbox.")
        .shares(404, "NoSuchThing");
    super::operation(api, "put", path, "putSandbox", "Makes a sandbox, anew where there is one")
        .reads::<Wanted>(false)
        .replies::<View>(200, "The sandbox.")
        .shares(400, "BadRequest")
        .shares(413, "PayloadTooLarge");
    super::operation(api, "delete", path, "deleteSandbox", "Deletes a sandbox")
        .description("The next request with its key makes it anew.")
        .sends_nothing(204, "It is deleted.")
        .shares(404, "NoSuchThing");
    let path = "/__admin/sandboxes/{key}/reset";
    super::operation(api, "post", path, "resetSandbox", "Puts a sandbox back to its start")
        .description(
            "Stock, rentals, clock, random stream, faults and journal are as in the beginning. Where \
             there is no sandbox yet, it is made.",
        )
        .replies::<View>(200, "The sandbox as it is now.")
        .shares(400, "BadRequest");
}

//! The fault rules of a sandbox.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::Admin;
use super::problem::{Problem, read};
use crate::http::openapi::Api;
use crate::sandbox::faults::FaultId;
use crate::scenario::FaultRule;

/// The most rules that a sandbox takes.
const MOST: usize = 1_000;

/// A rule, and how often it has fired.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fault")]
pub(super) struct View {
    /// Its name.
    id: FaultId,
    #[serde(flatten)]
    rule: FaultRule,
    /// How often it has fired.
    fired: u32,
}

pub(super) async fn list(
    admin: Data<Admin>,
    key: Path<String>,
) -> Result<Json<Vec<View>>, Problem> {
    let rules = admin.known(&key)?.faults().into_iter();
    Ok(Json(rules.map(|(id, rule, fired)| View { id, rule, fired }).collect()))
}

pub(super) async fn add(
    admin: Data<Admin>,
    key: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let rule: FaultRule = read(&body)?;
    let sandbox = admin.open(&key)?;
    if sandbox.faults().len() >= MOST {
        let message =
            format!("this sandbox has {MOST} rules, which is the most; DELETE some first");
        return Err(Problem::conflict(message));
    }
    let id = sandbox.add_fault(rule.clone());
    Ok(HttpResponse::Created().json(View { id, rule, fired: 0 }))
}

pub(super) async fn remove(
    admin: Data<Admin>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (key, id) = path.into_inner();
    let sandbox = admin.known(&key)?;
    let known =
        sandbox.faults().into_iter().map(|(id, ..)| id).find(|known| known.to_string() == id);
    match known.filter(|id| sandbox.remove_fault(*id)) {
        Some(_) => Ok(HttpResponse::NoContent().finish()),
        None => {
            let message = format!("{id:?} is no rule of this sandbox; GET faults lists them");
            Err(Problem::not_found(message))
        }
    }
}

pub(super) async fn clear(admin: Data<Admin>, key: Path<String>) -> Result<HttpResponse, Problem> {
    admin.known(&key)?.clear_faults();
    Ok(HttpResponse::NoContent().finish())
}

pub(super) fn describe(api: &mut Api) {
    let path = "/__admin/sandboxes/{key}/faults";
    super::operation(api, "get", path, "listFaults", "The fault rules of a sandbox")
        .replies::<Vec<View>>(200, "The rules, in the order in which they are tried.")
        .shares(404, "NoSuchThing");
    super::operation(api, "post", path, "addFault", "Makes something go wrong in a sandbox")
        .description("The rule is tried after all others.")
        .reads::<FaultRule>(true)
        .replies::<View>(201, "The rule was added.")
        .shares(400, "BadRequest")
        .shares(409, "Conflict")
        .shares(413, "PayloadTooLarge");
    super::operation(api, "delete", path, "clearFaults", "Removes all fault rules of a sandbox")
        .sends_nothing(204, "There are none any more.")
        .shares(404, "NoSuchThing");
    let path = "/__admin/sandboxes/{key}/faults/{fault_id}";
    super::operation(api, "delete", path, "deleteFault", "Removes a fault rule")
        .sends_nothing(204, "It is removed.")
        .shares(404, "NoSuchThing");
}

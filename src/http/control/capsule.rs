//! What a sandbox lived through, as a file.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Data, Path};

use super::ControlState;
use super::paging::encode;
use super::problem::Problem;
use crate::capsule::Capsule;
use crate::http::capsule;
use crate::http::openapi::Api;
use crate::registry::Sandbox;
use crate::registry::jobs::JobLength;
use serde_json::json;

pub(super) async fn show(
    state: Data<ControlState>,
    key: Path<String>,
) -> Result<HttpResponse, Problem> {
    let write = |sandbox: &Sandbox| encode(&capsule::write(&sandbox.recording()));
    let capsule = state.with_known(&key, JobLength::Long, write).await?;
    let name = "attachment; filename=\"ringer-capsule.json\"";
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_DISPOSITION, name)).content_type("application/json");
    state.body_budget.send(response, capsule)
}

pub(super) fn describe(api: &mut Api) {
    let path = "/__admin/sandboxes/{key}/capsule";
    super::operation(
        api,
        "get",
        path,
        "getCapsule",
        "All that a sandbox lived through, in one file",
    )
    .description("`ringer replay FILE` runs it again. The key does not stand in it.")
    .replies::<Capsule>(200, "The file.")
    .header(200, "Content-Disposition", json!({"schema": {"type": "string"}, "required": true}))
    .shares(404, "NotFound")
    .shares(503, "Unavailable");
}

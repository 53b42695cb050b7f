//! What a sandbox lived through, as a file.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Data, Path};

use super::Admin;
use super::paging::encode;
use super::problem::Problem;
use crate::http::capsule;
use crate::http::openapi::Api;
use crate::insight::capsule::Capsule;
use crate::registry::SandboxHandle;
use crate::registry::jobs::Length;
use serde_json::json;

pub(super) async fn show(admin: Data<Admin>, key: Path<String>) -> Result<HttpResponse, Problem> {
    let write = |sandbox: &SandboxHandle| encode(&capsule::write(&sandbox.recording()));
    let capsule = admin.with_known(&key, Length::Long, write).await?;
    let name = "attachment; filename=\"ringer-capsule.json\"";
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_DISPOSITION, name)).content_type("application/json");
    admin.room.send(response, capsule)
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
    .shares(404, "NoSuchThing")
    .shares(503, "Unavailable");
}

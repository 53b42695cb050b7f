//! The recording of a sandbox, as a file.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Path;

use super::paging::encode;
use super::problem::HandlerResult;
use super::state::State;
use crate::http::capsule;
use crate::registry::Sandbox;
use crate::registry::jobs::JobLength;

pub(super) async fn show(state: State, key: Path<String>) -> HandlerResult {
    let write = |sandbox: &Sandbox| encode(&capsule::write(&sandbox.recording()));
    let capsule = state.with_known(&key, JobLength::Long, write).await?;
    let name = "attachment; filename=\"ringer-capsule.json\"";
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_DISPOSITION, name)).content_type("application/json");
    state.body_budget.send(response, capsule)
}

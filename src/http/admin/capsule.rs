//! What a sandbox lived through, as a file.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Data, Path};

use super::Admin;
use super::problem::Problem;
use crate::http::capsule;

pub(super) async fn show(admin: Data<Admin>, key: Path<String>) -> Result<HttpResponse, Problem> {
    let capsule = capsule::write(&admin.known(&key)?.recording());
    let name = "attachment; filename=\"ringer-capsule.json\"";
    Ok(HttpResponse::Ok().insert_header((CONTENT_DISPOSITION, name)).json(capsule))
}

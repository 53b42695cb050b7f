//! The control API under `/__admin`.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{ALLOW, CONTENT_TYPE};
use actix_web::web::{self, Json, ServiceConfig};
use serde::Serialize;

use crate::registry::Registry;

/// Whether the server is well, and what it is.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    uptime_seconds: u64,
    default_scenario: String,
}

/// An error of the control API, as RFC 9457 writes it.
#[derive(Serialize)]
struct Problem {
    title: &'static str,
    status: u16,
    detail: &'static str,
}

/// Puts the control API where the server answers.
pub(super) fn configure(config: &mut ServiceConfig, registry: &Arc<Registry>) {
    let registry = Arc::clone(registry);
    let health = move || {
        let health = Health {
            status: "healthy",
            version: env!("CARGO_PKG_VERSION"),
            uptime_seconds: registry.uptime_seconds(),
            default_scenario: registry.settings().default_scenario.name.clone(),
        };
        async move { Json(health) }
    };
    config.service(
        web::resource("/__admin/health")
            .route(web::get().to(health.clone()))
            .route(web::head().to(health))
            .default_service(web::to(|| async {
                let problem = Problem {
                    title: "Method not allowed",
                    status: 405,
                    detail: "this resource answers GET and HEAD",
                };
                HttpResponse::MethodNotAllowed()
                    .insert_header((ALLOW, "GET, HEAD"))
                    .insert_header((CONTENT_TYPE, "application/problem+json"))
                    .json(problem)
            })),
    );
}

//! The control API under `/__admin`.

use std::sync::Arc;

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

/// Puts the control API where the server answers.
pub(super) fn configure(config: &mut ServiceConfig, registry: &Arc<Registry>) {
    let registry = Arc::clone(registry);
    config.route(
        "/__admin/health",
        web::get().to(move || {
            let health = Health {
                status: "healthy",
                version: env!("CARGO_PKG_VERSION"),
                uptime_seconds: registry.uptime_seconds(),
                default_scenario: registry.settings().default_scenario.name.clone(),
            };
            async move { Json(health) }
        }),
    );
}

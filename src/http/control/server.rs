//! The server itself: health and shutdown.

use actix_web::HttpResponse;
use actix_web::web::Json;
use schemars::JsonSchema;
use serde::Serialize;

use super::state::State;

/// The health of the server.
#[derive(Serialize, JsonSchema)]
pub(super) struct Health {
    #[schemars(extend("const" = "healthy"))]
    status: &'static str,
    /// The version of `ringer`.
    version: &'static str,
    /// How long the server has been running.
    uptime_seconds: u64,
    /// The scenario of a key that names none.
    default_scenario: String,
}

pub(super) async fn health(state: State) -> Json<Health> {
    Json(Health {
        status: "healthy",
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: state.registry.uptime_seconds(),
        default_scenario: state.registry.settings().default_scenario.name.clone(),
    })
}

/// The server is stopping.
#[derive(Serialize, JsonSchema)]
pub(super) struct Stopping {
    #[schemars(extend("const" = "stopping"))]
    status: &'static str,
}

/// Requests in flight are answered first, this one included.
pub(super) async fn shutdown(state: State) -> HttpResponse {
    log::info!("stopping on request of the control API; requests in flight are answered first");
    state.stop.notify_one();
    HttpResponse::Accepted().json(Stopping { status: "stopping" })
}

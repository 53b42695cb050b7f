//! The control API under `/__admin`: a file a resource.

mod capsule;
mod clock;
mod countries;
mod described;
mod events;
mod exchange;
mod faults;
pub(super) mod guard;
mod metrics;
pub(super) mod problem;
mod rentals;
mod report;
mod requests;
mod sandboxes;
mod scenarios;
mod verify;

use std::sync::Arc;
use std::time::Duration;

use actix_server::GracefulShutdownSignal;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, Json, PayloadConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::Notify;

use described::operation;
pub(super) use described::{describe, unsecured};
pub use guard::{Guard, HostPattern, Origin, Token};

use crate::domain::nearest::nearest;
use crate::registry::{Registry, SandboxHandle};
use crate::sandbox::command::Refusal;
use problem::Problem;

/// What the control API works on.
#[derive(Clone, Debug)]
pub(super) struct Admin {
    pub(super) registry: Arc<Registry>,
    pub(super) guard: Arc<Guard>,
    /// Tells when the server stops.
    pub(super) stopping: GracefulShutdownSignal,
    /// Asks the server to stop.
    pub(super) stop: Arc<Notify>,
    /// How long a caller may take to send a body, in real time.
    pub(super) request_timeout: Duration,
}

impl Admin {
    /// The sandbox of this key, if there is one.
    fn known(&self, api_key: &str) -> Result<SandboxHandle, Problem> {
        self.registry.known(api_key).ok_or_else(Self::unknown)
    }

    fn unknown() -> Problem {
        Problem::not_found(
            "there is no sandbox of this api_key yet; its first request makes it, or PUT \
             /__admin/sandboxes/KEY (percent-encoded)",
        )
    }

    /// The sandbox of this key, made where there is none: a test prepares it before its client
    /// comes.
    fn open(&self, api_key: &str) -> Result<SandboxHandle, Refusal> {
        SandboxHandle::open_as_it_is(&self.registry, api_key)
    }
}

/// The most bytes that a scenario is taken with.
const MOST_BYTES: usize = 1024 * 1024;

/// Puts the control API where the server answers.
pub(super) fn configure(config: &mut ServiceConfig) {
    let sandbox = web::scope("/sandboxes/{key}")
        .service(
            web::resource("/reset")
                .route(web::post().to(sandboxes::reset))
                .default_service(web::to(|| refuse("POST"))),
        )
        .service(
            web::resource("/clock")
                .route(web::get().to(clock::show))
                .route(web::put().to(clock::set))
                .default_service(web::to(|| refuse("GET, PUT"))),
        )
        .service(
            web::resource("/clock/advance")
                .route(web::post().to(clock::advance))
                .default_service(web::to(|| refuse("POST"))),
        )
        .service(
            web::resource("/countries")
                .route(web::get().to(countries::list))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/countries/{country}")
                .route(web::patch().to(countries::change))
                .default_service(web::to(|| refuse("PATCH"))),
        )
        .service(
            web::resource("/report")
                .route(web::get().to(report::show))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/capsule")
                .route(web::get().to(capsule::show))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/rentals")
                .route(web::get().to(rentals::list))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/rentals/{id}")
                .route(web::get().to(rentals::show))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/rentals/{id}/messages")
                .route(web::post().to(rentals::inject))
                .default_service(web::to(|| refuse("POST"))),
        )
        .service(
            web::resource("/faults")
                .route(web::get().to(faults::list))
                .route(web::post().to(faults::add))
                .route(web::delete().to(faults::clear))
                .default_service(web::to(|| refuse("GET, POST, DELETE"))),
        )
        .service(
            web::resource("/faults/{id}")
                .route(web::delete().to(faults::remove))
                .default_service(web::to(|| refuse("DELETE"))),
        )
        .service(
            web::resource("/requests")
                .route(web::get().to(requests::list))
                .route(web::delete().to(requests::clear))
                .default_service(web::to(|| refuse("GET, DELETE"))),
        )
        .service(
            web::resource("/requests/{seq}")
                .route(web::get().to(exchange::show))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/verify")
                .route(web::post().to(verify::verify))
                .default_service(web::to(|| refuse("POST"))),
        )
        .service(
            web::resource("/events")
                .route(web::get().to(events::of_one))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("")
                .route(web::get().to(sandboxes::show))
                .route(web::put().to(sandboxes::put))
                .route(web::delete().to(sandboxes::delete))
                .default_service(web::to(|| refuse("GET, PUT, DELETE"))),
        )
        .default_service(web::to(no_such_resource));
    let health = web::resource("/__admin/health")
        .wrap(from_fn(guard::open))
        .route(web::get().to(health))
        .route(web::head().to(health))
        .default_service(web::to(|| refuse("GET, HEAD")));
    let closed = web::scope("/__admin")
        .app_data(PayloadConfig::new(MOST_BYTES))
        .wrap(from_fn(guard::closed))
        .service(
            web::resource("/scenarios")
                .route(web::get().to(scenarios::list))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/scenarios/{name}")
                .route(web::get().to(scenarios::show))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/sandboxes")
                .route(web::get().to(sandboxes::list))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/reset")
                .route(web::post().to(sandboxes::reset_all))
                .default_service(web::to(|| refuse("POST"))),
        )
        .service(
            web::resource("/events")
                .route(web::get().to(events::all))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/metrics")
                .route(web::get().to(metrics::show))
                .default_service(web::to(|| refuse("GET"))),
        )
        .service(
            web::resource("/shutdown")
                .route(web::post().to(shutdown))
                .default_service(web::to(|| refuse("POST"))),
        )
        .service(sandbox)
        .default_service(web::to(no_such_resource));
    // The router takes the first that fits.
    config.service(health).service(closed);
}

async fn refuse(allow: &'static str) -> HttpResponse {
    use actix_web::ResponseError;
    Problem::method_not_allowed(allow).error_response()
}

/// What there is under `/__admin`, and of a sandbox.
const RESOURCES: [&str; 7] =
    ["health", "scenarios", "sandboxes", "reset", "events", "metrics", "shutdown"];
const OF_A_SANDBOX: [&str; 10] = [
    "reset",
    "clock",
    "countries",
    "rentals",
    "faults",
    "requests",
    "verify",
    "report",
    "capsule",
    "events",
];

async fn no_such_resource(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let path = request.match_info().as_str();
    let mut parts = path.trim_start_matches("/__admin").split('/').skip(1);
    let (first, _key, of_it) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let (wanted, all, place) = match of_it {
        Some(of_it) if first == "sandboxes" => {
            (of_it, OF_A_SANDBOX.as_slice(), "/__admin/sandboxes/KEY/")
        }
        _ => (first, RESOURCES.as_slice(), "/__admin/"),
    };
    let hint = match nearest(wanted, all.iter().copied()) {
        Some(nearest) if nearest != wanted => format!("did you mean {place}{nearest}?"),
        _ => format!("there are {place}{{{}}}", all.join(", ")),
    };
    let shown: String = path.chars().take(80).collect();
    Err(Problem::not_found(format!("there is no {shown}; {hint}")))
}

/// Whether the server is well, and what it is.
#[derive(Serialize, JsonSchema)]
struct Health {
    #[schemars(extend("const" = "healthy"))]
    status: &'static str,
    /// The version of `ringer`.
    version: &'static str,
    /// How long it has run.
    uptime_seconds: u64,
    /// The scenario of a key that asks for none.
    default_scenario: String,
}

async fn health(admin: Data<Admin>) -> Json<Health> {
    Json(Health {
        status: "healthy",
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: admin.registry.uptime_seconds(),
        default_scenario: admin.registry.settings().default_scenario.name.clone(),
    })
}

/// The server will stop.
#[derive(Serialize, JsonSchema)]
struct Stopping {
    #[schemars(extend("const" = "stopping"))]
    status: &'static str,
}

/// Stops the server: what is in flight is answered first, this too.
async fn shutdown(admin: Data<Admin>) -> HttpResponse {
    log::info!("asked to stop: answering what is in flight first");
    admin.stop.notify_one();
    HttpResponse::Accepted().json(Stopping { status: "stopping" })
}

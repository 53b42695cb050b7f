//! The control API under `/__admin`: a file a resource.

mod body_budget;
mod capsule;
mod clock;
mod countries;
mod events;
mod faults;
pub(super) mod guard;
mod metrics;
mod openapi;
mod paging;
pub(super) mod problem;
mod rentals;
mod report;
mod request_details;
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

pub(crate) use guard::{ControlGuard, HostPattern, Origin, Token};
use openapi::operation;
pub(super) use openapi::{describe, unsecured};

use super::resource::Resource;
use crate::domain::nearest::nearest;
use crate::registry::jobs::JobLength;
use crate::registry::{Registry, Sandbox};
pub(super) use body_budget::BodyBudget;
use problem::Problem;

/// What the control API works on.
#[derive(Clone, Debug)]
pub(super) struct ControlState {
    pub(super) registry: Arc<Registry>,
    pub(super) guard: Arc<ControlGuard>,
    /// Tells when the server stops.
    pub(super) stopping: GracefulShutdownSignal,
    /// Asks the server to stop.
    pub(super) stop: Arc<Notify>,
    /// How long a caller may take to send a body, in real time.
    pub(super) request_timeout: Duration,
    /// The room for long replies.
    pub(super) body_budget: BodyBudget,
}

impl ControlState {
    /// Does a job off the threads that answer the partner API, after those that were asked for
    /// before under the same key.
    async fn run<T: Send + 'static>(
        &self,
        api_key: &str,
        length: JobLength,
        job: impl FnOnce(&Arc<Registry>) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let is_large = || self.registry.known(api_key).is_some_and(|sandbox| sandbox.is_large());
        let length = if is_large() { JobLength::Long } else { length };
        let registry = Arc::clone(&self.registry);
        let done = self.registry.jobs().run(api_key, length, move || job(&registry)).await;
        done.ok_or_else(|| Problem::internal("this request failed; the server's log says why"))
    }

    /// Does something with the sandbox of this key, if there is one.
    async fn with_known<T: Send + 'static>(
        &self,
        api_key: &str,
        length: JobLength,
        act: impl FnOnce(&Sandbox) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let key = api_key.to_owned();
        let job = move |registry: &Arc<Registry>| registry.known(&key).map(|known| act(&known));
        self.run(api_key, length, job).await?.ok_or_else(Self::unknown)
    }

    /// Does something with the sandbox of this key, which is made where there is none: a test
    /// prepares it before its client comes.
    async fn with_open<T: Send + 'static>(
        &self,
        api_key: &str,
        act: impl FnOnce(&Sandbox) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let key = api_key.to_owned();
        let job = move |registry: &Arc<Registry>| {
            Sandbox::open_pinned(registry, &key).map(|open| act(&open))
        };
        Ok(self.run(api_key, JobLength::Short, job).await??)
    }

    fn unknown() -> Problem {
        Problem::not_found(
            "there is no sandbox of this api_key yet; its first request makes it, or PUT \
             /__admin/sandboxes/KEY (percent-encoded)",
        )
    }
}

/// The most bytes that a scenario is taken with.
const MOST_BYTES: usize = 1024 * 1024;

/// Puts the control API where the server answers.
pub(super) fn configure(config: &mut ServiceConfig) {
    config.app_data(PayloadConfig::new(MOST_BYTES));
    for resource in [
        Resource::at("/__admin/health").get(health).open(),
        Resource::at("/__admin/scenarios").get(scenarios::list),
        Resource::at("/__admin/scenarios/{name}").get(scenarios::show),
        Resource::at("/__admin/sandboxes").get(sandboxes::list),
        Resource::at("/__admin/reset").post(sandboxes::reset_all),
        Resource::at("/__admin/events").get(events::all),
        Resource::at("/__admin/metrics").get(metrics::show),
        Resource::at("/__admin/shutdown").post(shutdown),
    ] {
        config.service(resource);
    }
    let of_a_sandbox = |path: &str| Resource::at(&format!("/__admin/sandboxes/{{key}}{path}"));
    for resource in [
        of_a_sandbox("").get(sandboxes::show).put(sandboxes::put).delete(sandboxes::delete),
        of_a_sandbox("/reset").post(sandboxes::reset),
        of_a_sandbox("/clock").get(clock::show).put(clock::set),
        of_a_sandbox("/clock/advance").post(clock::advance),
        of_a_sandbox("/countries").get(countries::list),
        of_a_sandbox("/countries/{country}").patch(countries::change),
        of_a_sandbox("/report").get(report::show),
        of_a_sandbox("/capsule").get(capsule::show),
        of_a_sandbox("/rentals").get(rentals::list),
        of_a_sandbox("/rentals/{id}").get(rentals::show),
        of_a_sandbox("/rentals/{id}/messages").post(rentals::inject),
        of_a_sandbox("/faults").get(faults::list).post(faults::add).delete(faults::clear),
        of_a_sandbox("/faults/{id}").delete(faults::remove),
        of_a_sandbox("/requests").get(requests::list).delete(requests::clear),
        of_a_sandbox("/requests/{seq}").get(request_details::show),
        of_a_sandbox("/verify").post(verify::verify),
        of_a_sandbox("/events").get(events::of_one),
    ] {
        config.service(resource);
    }
    // What is at none of these paths is closed too.
    let rest = web::scope("/__admin").wrap(from_fn(guard::closed));
    config.service(rest.default_service(web::to(no_such_resource)));
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
    let shown: String = path.chars().take(80).collect();
    let bare = path.trim_end_matches('/');
    if bare != path && request.resource_map().has_resource(bare) {
        let hint = "drop the slash at its end";
        return Err(Problem::not_found(format!("there is no {shown}; {hint}")));
    }
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

async fn health(state: Data<ControlState>) -> Json<Health> {
    Json(Health {
        status: "healthy",
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: state.registry.uptime_seconds(),
        default_scenario: state.registry.settings().default_scenario.name.clone(),
    })
}

/// The server will stop.
#[derive(Serialize, JsonSchema)]
struct Stopping {
    #[schemars(extend("const" = "stopping"))]
    status: &'static str,
}

/// Stops the server: what is in flight is answered first, this too.
async fn shutdown(state: Data<ControlState>) -> HttpResponse {
    log::info!("asked to stop: answering what is in flight first");
    state.stop.notify_one();
    HttpResponse::Accepted().json(Stopping { status: "stopping" })
}

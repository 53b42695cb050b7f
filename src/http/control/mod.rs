//! The control API under `/__admin`. [`routes`] lists its operations; each resource has a file.

mod body_budget;
mod capsule;
mod clock;
mod countries;
mod events;
mod explanation;
mod faults;
pub(super) mod guard;
mod metrics;
mod not_found;
mod openapi;
mod paging;
mod parse;
pub(super) mod problem;
mod rentals;
mod report;
mod request_details;
mod requests;
mod routes;
mod sandboxes;
mod scenarios;
mod server;
mod state;
mod verify;

use actix_web::middleware::from_fn;
use actix_web::web::{self, PayloadConfig, ServiceConfig};

pub(super) use body_budget::BodyBudget;
pub(crate) use events::tick_watched_sandboxes;
#[cfg(feature = "cli")]
pub(crate) use guard::Origin;
pub(crate) use guard::{ControlGuard, HostPattern, Token};
pub(super) use openapi::document;
pub(super) use state::ControlState;

use super::route;

/// The longest body, in bytes.
const MOST_BYTES: usize = 1024 * 1024;

/// Registers the control API.
pub(super) fn configure(app: &mut ServiceConfig) {
    app.app_data(PayloadConfig::new(MOST_BYTES));
    route::configure(app, routes::ROUTES);
    // Paths without a route are guarded too.
    let rest = web::scope("/__admin").wrap(from_fn(guard::closed));
    app.service(rest.default_service(web::to(not_found::no_such_resource)));
}

//! Metrics in the text format of Prometheus.

use std::fmt::Write;
use std::sync::Arc;

use actix_web::HttpResponse;

use super::problem::HandlerResult;
use super::state::State;
use crate::registry::Registry;
use crate::registry::jobs::JobLength;

pub(super) async fn show(state: State) -> HandlerResult {
    let count = |registry: &Arc<Registry>| (registry.live_rentals(), registry.count_sandboxes());
    let (live, sandboxes) = state.run("", JobLength::Long, count).await?;
    let registry = &state.registry;
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: u64| {
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    };
    gauge(
        "ringer_uptime_seconds",
        "How long the server has been running.",
        registry.uptime_seconds(),
    );
    gauge("ringer_sandboxes", "The number of sandboxes.", sandboxes as u64);
    gauge("ringer_live_rentals", "The number of live rentals in all sandboxes.", live);
    let help = "The approximate memory of all sandboxes, rounded down to mebibytes.";
    gauge("ringer_sandbox_memory_bytes", help, registry.memory_used() as u64 >> 20 << 20);
    let name = "ringer_requests_total";
    let _ =
        write!(text, "# HELP {name} Requests by endpoint and outcome.\n# TYPE {name} counter\n");
    for (endpoint, kind, count) in registry.request_counters().counts() {
        let (endpoint, outcome) = (endpoint.name(), kind.name());
        let _ = writeln!(text, "{name}{{endpoint=\"{endpoint}\",outcome=\"{outcome}\"}} {count}");
    }
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

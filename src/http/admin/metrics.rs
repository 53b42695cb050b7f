//! Figures for Prometheus.

use std::fmt::Write;

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::Admin;
use crate::http::openapi::Api;

pub(super) async fn show(admin: Data<Admin>) -> HttpResponse {
    let registry = &admin.registry;
    let standings = registry.standings();
    let live: u64 = standings.iter().map(|standing| u64::from(standing.active_rentals)).sum();
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: u64| {
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    };
    gauge("ringer_uptime_seconds", "How long the server has run.", registry.uptime_seconds());
    gauge("ringer_sandboxes", "How many sandboxes there are.", standings.len() as u64);
    gauge("ringer_live_rentals", "How many rentals live, in all sandboxes together.", live);
    let name = "ringer_requests_total";
    let _ =
        write!(text, "# HELP {name} Requests by endpoint and outcome.\n# TYPE {name} counter\n");
    for (endpoint, ending, count) in registry.tally().counts() {
        let (endpoint, outcome) = (endpoint.name(), ending.name());
        let _ = writeln!(text, "{name}{{endpoint=\"{endpoint}\",outcome=\"{outcome}\"}} {count}");
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text)
}

pub(super) fn describe(api: &mut Api) {
    super::operation(api, "get", "/__admin/metrics", "getMetrics", "Figures for Prometheus").sends(
        200,
        "text/plain",
        "The figures, in the text format 0.0.4.",
    );
}

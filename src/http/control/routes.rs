//! Every route of the control API. A new one is a row here, beside the rows of the same path, and a
//! handler in the file of its resource.

use actix_web::web::to;
use serde_json::{Map, Value, json};

use super::clock::{self, Advance, Advanced};
use super::countries::{self, StockUpdate, StockView};
use super::faults::{self, FaultView};
use super::paging::PageQuery;
use super::rentals::{self, NewMessage, RentalFilter};
use super::report::{self, ReportQuery};
use super::request_details::{self, RequestDetails};
use super::requests::{self, RequestFilter};
use super::sandboxes::{self, NewSandbox, SandboxView};
use super::scenarios::{self, SCHEMA, ScenarioSummary};
use super::server::{self, Health, Stopping};
use super::verify::{self, UnmetExpectation};
use super::{capsule, events, metrics, problem};
use crate::capsule::Capsule;
use crate::http::route::{Route, delete, get, head, patch, post, put};
use crate::journal::JournalEntry;
use crate::journal::expectation::{ExpectationFields, VerifyResult};
use crate::journal::rental_view::RentalView;
use crate::report::Report;
use crate::scenario::{Clock, FaultRule, Scenario};

const EVENTS: &str = "Server-sent events: `request`, `rental`, `sms`, `expiry`, `stock`, `clock` and \
    `fault`. The data of each is JSON with `api_key`, `at` and what happened. A reader that falls \
    behind stays connected: it receives `resync` and then has to fetch the current state again.";

pub(super) static ROUTES: &[Route] = &[
    get("/__admin/health", || to(server::health))
        .open()
        .named("getHealth", "Check the server's health", "Also gives its version and uptime.")
        .documented(|op| op.json::<Health>(200, "The server is healthy.")),
    head("/__admin/health", || to(server::health))
        .open()
        .named(
            "checkHealth",
            "Check the server's health",
            "For probes that send HEAD: the status says it all.",
        )
        .documented(|op| op.empty_reply(200, "The server is healthy.")),
    get("/__admin/scenarios", || to(scenarios::list))
        .named("listScenarios", "List the scenarios", "Every scenario that a sandbox can start on.")
        .documented(|op| {
            op.query::<PageQuery>()
                .page::<ScenarioSummary>("The scenarios, in the order of the documentation.")
        }),
    post("/__admin/scenarios", || to(scenarios::add))
        .named(
            "addScenario",
            "Add a scenario",
            "Any key can name it from now on. A scenario that was added before under the same name \
             is replaced, and sandboxes that play it keep theirs. The names of scenarios that the \
             server was started with are taken.",
        )
        .documented(|op| {
            let location = json!({
                "required": true, "description": "The path of the scenario.",
                "schema": {"type": "string"},
            });
            op.body::<Scenario>()
                .json::<ScenarioSummary>(201, "The scenario is added.")
                .header(201, "Location", location)
                .problems(&[409])
        }),
    get("/__admin/scenarios/schema", || to(scenarios::schema))
        .named(
            "getScenarioSchema",
            "Get the JSON Schema of scenarios",
            "For editors and validators: name it as `$schema` in a file, or in the settings of the \
             editor.",
        )
        .documented(|op| op.json_as::<Map<String, Value>>(SCHEMA, 200, "The JSON Schema.")),
    get("/__admin/scenarios/{name}", || to(scenarios::show))
        .named(
            "getScenario",
            "Get a scenario",
            "The whole scenario as JSON; putSandbox accepts it, unchanged or edited.",
        )
        .documented(|op| op.json::<Scenario>(200, "The scenario.").problems(&[404, 503])),
    delete("/__admin/scenarios/{name}", || to(scenarios::remove))
        .named(
            "deleteScenario",
            "Delete a scenario",
            "Only one that was added to the running server. Sandboxes that play it keep it.",
        )
        .documented(|op| op.empty_reply(204, "The scenario is deleted.").problems(&[404, 409])),
    get("/__admin/sandboxes", || to(sandboxes::list))
        .named("listSandboxes", "List the sandboxes", "Sandboxes are listed by api_key.")
        .documented(|op| {
            op.query::<PageQuery>()
                .page::<SandboxView>("The sandboxes, in the order of their keys.")
        }),
    get("/__admin/sandboxes/{key}", || to(sandboxes::show))
        .named("getSandbox", "Get a sandbox", "Its scenario, seed, clock and request count.")
        .documented(|op| op.json::<SandboxView>(200, "The sandbox.").problems(&[404])),
    put("/__admin/sandboxes/{key}", || to(sandboxes::put))
        .named(
            "putSandbox",
            "Create or replace a sandbox",
            "Chooses its scenario, seed and clock. An existing sandbox of this key is discarded.",
        )
        .documented(|op| {
            op.optional_body::<NewSandbox>()
                .json::<SandboxView>(200, "The sandbox.")
                .problems(&[409])
        }),
    delete("/__admin/sandboxes/{key}", || to(sandboxes::delete))
        .named(
            "deleteSandbox",
            "Delete a sandbox",
            "The next request with its key creates a new one.",
        )
        .documented(|op| op.empty_reply(204, "The sandbox is deleted.").problems(&[404])),
    post("/__admin/sandboxes/{key}/reset", || to(sandboxes::reset))
        .named(
            "resetSandbox",
            "Reset a sandbox",
            "Stock, rentals, clock, random stream, faults and journal return to their start. If \
             there is no sandbox of this key, it is created.",
        )
        .documented(|op| {
            op.json::<SandboxView>(200, "The sandbox after the reset.").problems(&[400])
        }),
    get("/__admin/sandboxes/{key}/clock", || to(clock::show))
        .named("getClock", "Get the clock", "Its mode and the sandbox's current time.")
        .documented(|op| op.json::<Clock>(200, "The clock.").problems(&[404])),
    put("/__admin/sandboxes/{key}/clock", || to(clock::set))
        .named(
            "setClock",
            "Replace the clock",
            "Time continues from where it is, or jumps forward to `now`. A clock never runs \
             backwards.",
        )
        .documented(|op| op.body::<Clock>().json::<Clock>(200, "The new clock.")),
    post("/__admin/sandboxes/{key}/clock/advance", || to(clock::advance))
        .named(
            "advanceClock",
            "Advance the clock",
            "Everything that falls due on the way happens, each event at its own time.",
        )
        .documented(|op| op.body::<Advance>().json::<Advanced>(200, "The clock has moved.")),
    get("/__admin/sandboxes/{key}/countries", || to(countries::list))
        .named(
            "listCountries",
            "List the stock",
            "Leaves out countries that getNumbers lists only when asked for by name.",
        )
        .documented(|op| {
            op.query::<PageQuery>().page::<StockView>("The countries on offer.").problems(&[404])
        }),
    patch("/__admin/sandboxes/{key}/countries/{country}", || to(countries::change))
        .named(
            "updateCountry",
            "Change the stock or price of a country",
            "Existing rentals keep their price.",
        )
        .documented(|op| {
            op.body::<StockUpdate>()
                .json::<StockView>(200, "The country after the change.")
                .problems(&[404])
        }),
    get("/__admin/sandboxes/{key}/rentals", || to(rentals::list))
        .named(
            "listRentals",
            "List the rentals",
            "Oldest first, each with its messages, scheduled events and history. A page is shorter \
             than `limit` if texts are long.",
        )
        .documented(|op| {
            op.query::<RentalFilter>()
                .page::<RentalView>("The rentals, oldest first.")
                .problems(&[404])
        }),
    get("/__admin/sandboxes/{key}/rentals/{rental_id}", || to(rentals::show))
        .named("getRental", "Get a rental", "Its messages, scheduled events and history.")
        .documented(|op| op.json::<RentalView>(200, "The rental.").problems(&[404])),
    post("/__admin/sandboxes/{key}/rentals/{rental_id}/messages", || to(rentals::send_sms))
        .named("sendSms", "Send an SMS to a rental", "It arrives at once, or after a delay.")
        .documented(|op| {
            op.body::<NewMessage>()
                .json::<RentalView>(201, "The rental, with the SMS received or scheduled.")
                .problems(&[404, 409])
        }),
    get("/__admin/sandboxes/{key}/faults", || to(faults::list))
        .named("listFaults", "List the fault rules", "In the order in which they are tried.")
        .documented(|op| {
            op.query::<PageQuery>()
                .page::<FaultView>("The rules, in the order in which they are tried.")
                .problems(&[404])
        }),
    post("/__admin/sandboxes/{key}/faults", || to(faults::add))
        .named("addFault", "Add a fault rule", "The new rule is tried after all others.")
        .documented(|op| {
            op.body::<FaultRule>().json::<FaultView>(201, "The rule was added.").problems(&[409])
        }),
    delete("/__admin/sandboxes/{key}/faults", || to(faults::clear))
        .named("clearFaults", "Remove all fault rules", "Includes the rules of the scenario.")
        .documented(|op| op.empty_reply(204, "No rule is left.").problems(&[404])),
    delete("/__admin/sandboxes/{key}/faults/{fault_id}", || to(faults::remove))
        .named("deleteFault", "Remove a fault rule", "Later requests no longer meet it.")
        .documented(|op| op.empty_reply(204, "The rule is removed.").problems(&[404])),
    get("/__admin/sandboxes/{key}/requests", || to(requests::list))
        .named("listRequests", "List the requests", "The journal: what the client sent and got.")
        .documented(|op| {
            op.query::<RequestFilter>()
                .page::<JournalEntry>("The entries, oldest first.")
                .problems(&[404])
        }),
    delete("/__admin/sandboxes/{key}/requests", || to(requests::clear))
        .named("clearRequests", "Clear the journal", "The numbering (`seq`) continues.")
        .documented(|op| op.empty_reply(204, "The journal is empty.").problems(&[404])),
    get("/__admin/sandboxes/{key}/requests/{seq}", || to(request_details::show))
        .named("getRequest", "Get a request", "With its reply and an explanation of it.")
        .documented(|op| op.json::<RequestDetails>(200, "The request.").problems(&[404])),
    post("/__admin/sandboxes/{key}/verify", || to(verify::verify))
        .named(
            "verify",
            "Verify what the client did",
            "Waits until the expectation is met, for at most `timeout` of real time.",
        )
        .documented(|op| {
            op.optional_body::<ExpectationFields>()
                .json::<VerifyResult>(200, "The expectation is met.")
                .json_as::<UnmetExpectation>(
                    problem::KIND,
                    406,
                    "The expectation is not met: what was seen, and which requests came close.",
                )
        }),
    get("/__admin/sandboxes/{key}/report", || to(report::show))
        .named(
            "getReport",
            "Get the report on the client",
            "What the client did wrong, what its rentals cost and which outcomes it has met.",
        )
        .documented(|op| {
            op.query::<ReportQuery>()
                .json::<Report>(200, "The report, in the requested format.")
                .text_reply(200, "application/xml", "")
                .text_reply(200, "text/markdown", "")
                .problems(&[404, 503])
        }),
    get("/__admin/sandboxes/{key}/capsule", || to(capsule::show))
        .named(
            "getCapsule",
            "Download the recording of a sandbox",
            "`ringer replay FILE` runs it again. It does not contain the api_key.",
        )
        .documented(|op| {
            let header = json!({"schema": {"type": "string"}, "required": true});
            op.json::<Capsule>(200, "The recording.")
                .header(200, "Content-Disposition", header)
                .problems(&[404, 503])
        }),
    get("/__admin/sandboxes/{key}/events", || to(events::of_one))
        .named("streamSandboxEvents", "Stream the events of a sandbox", EVENTS)
        .documented(|op| {
            op.text_reply(200, "text/event-stream", "The events, until either side disconnects.")
                .problems(&[400])
        }),
    post("/__admin/reset", || to(sandboxes::reset_all))
        .named("resetAllSandboxes", "Reset all sandboxes", "Each returns to its start.")
        .documented(|op| {
            op.query::<PageQuery>()
                .page::<SandboxView>("The sandboxes, in the order of their keys.")
        }),
    get("/__admin/events", || to(events::all))
        .named("streamEvents", "Stream the events of all sandboxes", EVENTS)
        .documented(|op| {
            op.text_reply(200, "text/event-stream", "The events, until either side disconnects.")
        }),
    get("/__admin/metrics", || to(metrics::show))
        .named("getMetrics", "Get metrics", "For Prometheus, in its text format 0.0.4.")
        .documented(|op| op.text_reply(200, "text/plain", "The metrics.")),
    post("/__admin/shutdown", || to(server::shutdown))
        .named("shutdown", "Stop the server", "Requests in flight are answered first.")
        .documented(|op| op.json::<Stopping>(202, "The server is stopping.")),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ROUTES;

    #[test]
    fn rows_of_the_same_path_stand_together() {
        let groups = ROUTES.chunk_by(|one, next| one.path == next.path).map(|rows| rows[0].path);
        let mut seen = BTreeSet::new();
        for path in groups {
            assert!(seen.insert(path), "the second row of {path} would never be reached");
        }
    }
}

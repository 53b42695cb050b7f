//! What the OpenAPI document says of the control API. Each resource describes its own operations;
//! here stands what they have in common.

use serde_json::{Value, json};

use super::problem::{self, Problem};
use super::{Health, Stopping};
use super::{
    capsule, clock, countries, events, faults, metrics, rentals, report, request_details, requests,
    sandboxes, scenarios, verify,
};
use crate::domain::api_key::ApiKey;
use crate::http::openapi::{Api, Operation};

const TOKEN: &str = "adminToken";

/// Describes all operations of the control API.
pub(in crate::http) fn describe(api: &mut Api) {
    describe_parameters(api);
    describe_problems(api);
    api.security_scheme(
        TOKEN,
        json!({
            "type": "http", "scheme": "bearer",
            "description": "What `--admin-token` says, or what the server made up and printed. A \
                            server on a loopback address has none unless it is told.",
        }),
    );
    api.tag(
        "control",
        "The control API: looks into the sandboxes, and changes them. `--admin-addr` moves it to an \
         address of its own.",
    );
    let (path, summary) = ("/__admin/health", "Whether the server is well, and what it is");
    unsecured(api, "get", path, "getHealth", summary).replies::<Health>(200, "It is well.");
    unsecured(api, "head", path, "checkHealth", summary).sends_nothing(200, "It is well.");
    scenarios::describe(api);
    sandboxes::describe(api);
    clock::describe(api);
    countries::describe(api);
    rentals::describe(api);
    faults::describe(api);
    requests::describe(api);
    request_details::describe(api);
    verify::describe(api);
    report::describe(api);
    capsule::describe(api);
    events::describe(api);
    metrics::describe(api);
    operation(api, "post", "/__admin/shutdown", "shutdown", "Stops the server")
        .description("What is in flight is answered first.")
        .replies::<Stopping>(202, "It will stop.");
}

/// Begins an operation of the control API: who calls it shows that it may.
pub(super) fn operation<'a>(
    api: &'a mut Api,
    method: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &str,
) -> Operation<'a> {
    let operation = unsecured(api, method, path, id, summary);
    operation.secured(TOKEN).shares(401, "Unauthorized").shares(403, "Forbidden")
}

/// Begins one that needs no token: whether a server is up, and what it can do, is no secret.
pub(in crate::http) fn unsecured<'a>(
    api: &'a mut Api,
    method: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &str,
) -> Operation<'a> {
    api.operation(method, path, id, summary).shares(405, "MethodNotAllowed")
}

fn describe_parameters(api: &mut Api) {
    let mut parameter = |name: &str, description: &str, schema: Value, example: &str| {
        let parameter = json!({
            "name": name, "in": "path", "required": true, "description": description,
            "schema": schema, "example": example,
        });
        api.parameter(name, parameter);
    };
    let key = json!({"type": "string", "minLength": 1, "maxLength": ApiKey::MAX_BYTES});
    parameter("key", "The api_key of the sandbox, percent-encoded.", key, "ci-1");
    let name = json!({"type": "string", "minLength": 1});
    parameter("name", "The name of a scenario.", name, "happy-path");
    let country = json!({"$ref": "#/components/schemas/Country"});
    parameter("country", "ISO 3166-1 alpha-2.", country, "DE");
    let id = json!({"type": "string", "pattern": "^rent_[0-9]+$"});
    parameter("rental_id", "As rentNumber gave it.", id, "rent_12345");
    let id = json!({"type": "string", "pattern": "^fault_[0-9]+$"});
    parameter("fault_id", "As addFault gave it.", id, "fault_1");
    let seq = json!({"type": "string", "pattern": "^[0-9]+$"});
    parameter("seq", "Its place in the journal, from 1.", seq, "1");
}

fn describe_problems(api: &mut Api) {
    let text =
        |what: &str| json!({"required": true, "description": what, "schema": {"type": "string"}});
    let allow = json!({"Allow": text("The methods that this path answers.")});
    let bearer = json!({"WWW-Authenticate": text("`Bearer`.")});
    for (name, status, description, headers) in [
        ("BadRequest", 400, "What was sent makes no sense; `errors` names the fields.", json!({})),
        ("Unauthorized", 401, "The server has a token, and this is not it.", bearer),
        (
            "Forbidden",
            403,
            "The `Host` is not known here, or a foreign web page wants to change something.",
            json!({}),
        ),
        ("NotFound", 404, "There is no such sandbox, or nothing of that name in it.", json!({})),
        ("MethodNotAllowed", 405, "This path answers other methods.", allow),
        ("Conflict", 409, "It cannot be, as things stand.", json!({})),
        ("PayloadTooLarge", 413, "The body has over a mebibyte.", json!({})),
        ("Unavailable", 503, "Too many long replies wait for their readers.", json!({})),
    ] {
        let kind = problem::KIND;
        api.shared_reply::<Problem>(name, status, kind, description, headers);
    }
}

//! Documents the control API: its table of routes, and what operations have in common.

use serde_json::{Value, json};

use super::problem::{self, Problem};
use super::routes::ROUTES;
use crate::domain::api_key::ApiKey;
use crate::http::openapi::Document;
use crate::http::route;

pub(crate) fn document(document: &mut Document) {
    document_parameters(document);
    document_problems(document);
    document.security_scheme(
        route::TOKEN,
        json!({
            "type": "http", "scheme": "bearer",
            "description": "The value of `--admin-token`, or the token that the server generated and \
                            printed. A server on a loopback address has a token only if given one.",
        }),
    );
    document.tag(
        "control",
        "The control API inspects sandboxes and changes them. `--admin-addr` moves it to an address \
         of its own.",
    );
    route::document(document, ROUTES);
}

fn document_parameters(document: &mut Document) {
    let mut parameter = |name: &str, description: &str, schema: Value, example: &str| {
        let parameter = json!({
            "name": name, "in": "path", "required": true, "description": description,
            "schema": schema, "example": example,
        });
        document.parameter(name, parameter);
    };
    let key = json!({"type": "string", "minLength": 1, "maxLength": ApiKey::MAX_BYTES});
    parameter("key", "The api_key of the sandbox, percent-encoded.", key, "ci-1");
    let name = json!({"type": "string", "minLength": 1});
    parameter("name", "The name of a scenario.", name, "happy-path");
    let country = json!({"$ref": "#/components/schemas/Country"});
    parameter("country", "ISO 3166-1 alpha-2.", country, "DE");
    let id = json!({"type": "string", "pattern": "^rent_[0-9]+$"});
    parameter("rental_id", "The rental_id in the rentNumber reply.", id, "rent_12345");
    let id = json!({"type": "string", "pattern": "^fault_[0-9]+$"});
    parameter("fault_id", "The id in the addFault reply.", id, "fault_1");
    let seq = json!({"type": "string", "pattern": "^[0-9]+$"});
    parameter("seq", "The number of the request in the journal, from 1.", seq, "1");
}

fn document_problems(document: &mut Document) {
    let text =
        |what: &str| json!({"required": true, "description": what, "schema": {"type": "string"}});
    let none = json!({});
    let bearer = json!({"WWW-Authenticate": text("`Bearer`.")});
    let allow = json!({"Allow": text("The methods of this path.")});
    for (status, description, headers) in [
        (400, "The request is invalid; `errors` names the fields.", &none),
        (401, "The token is missing or wrong.", &bearer),
        (403, "The `Host` is unknown, or a foreign web page tries to change something.", &none),
        (404, "There is no such sandbox, or no such item in it.", &none),
        (405, "The path does not support this method.", &allow),
        (409, "The current state does not allow it.", &none),
        (413, "The body is longer than a mebibyte.", &none),
        (503, "Too many long replies are waiting for slow readers.", &none),
    ] {
        document.problem::<Problem>(status, problem::KIND, description, headers);
    }
}

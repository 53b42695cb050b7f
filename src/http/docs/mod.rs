//! What the server says of itself: the OpenAPI document, and a page to read and to try it.
//!
//! Both are at every address, and need no token: what a server can do is no secret, and whoever looks
//! for its token finds here what it is for.

mod page;

use std::future::ready;
use std::sync::LazyLock;

use actix_web::web::ServiceConfig;
use serde_json::json;

use super::openapi::Api;
use super::resource::Resource;
use super::{control, partner};

/// Written once, when it is first asked for.
static DOCUMENT: LazyLock<String> = LazyLock::new(write);

/// The OpenAPI document of the partner API and of the control API.
pub(crate) fn document() -> &'static str {
    &DOCUMENT
}

/// Puts the document and the page where the server answers.
pub(super) fn configure(config: &mut ServiceConfig) {
    let served = [("/openapi.json", "application/json", document as fn() -> &'static str)];
    for (path, kind, text) in served.into_iter().chain(page::FILES) {
        let send = move || ready(page::served(kind, text()));
        config.service(Resource::at(path).get(send).open());
    }
}

fn write() -> String {
    let mut api = Api::new();
    partner::describe(&mut api);
    control::describe(&mut api);
    api.tag("documentation", "What the server says of itself.");
    let summary = "The OpenAPI document of both APIs";
    control::unsecured(&mut api, "get", "/openapi.json", "getOpenApi", summary)
        .replies::<serde_json::Map<String, serde_json::Value>>(200, "This document.");
    let summary = "A page to read and to try the APIs";
    control::unsecured(&mut api, "get", "/docs", "getDocs", summary).sends(
        200,
        "text/html",
        "The page; it needs nothing from elsewhere.",
    );
    let info = json!({
        "title": "ringer",
        "version": env!("CARGO_PKG_VERSION"),
        "license": {"name": "MIT", "identifier": "MIT"},
        "summary": "A stand-in for a partner's SMS-number rental service",
        "description": DESCRIPTION,
    });
    let mut text = serde_json::to_string_pretty(&api.finish(&info)).unwrap_or_default();
    text.push('\n');
    text
}

const DESCRIPTION: &str = "\
The partner API rents phone numbers and reads the SMS that they receive. The control API looks into \
the sandboxes behind it and changes them: a sandbox belongs to an api_key, and comes into being at its \
first request.

A scenario can make replies wrong on purpose: any endpoint can answer any error, replies can be of \
another shape, late, cut off or missing. What stands here is what is answered where no scenario, no \
fault and no errors on demand ask for something else.

Wherever the control API and the documents answer GET, they answer HEAD too, with the same headers \
and no body; only that of health is listed, since probes use it.

A path that there is not is 404 NOT_FOUND, and below `/__admin` a problem document. What cannot be read \
as HTTP is answered with 400, 408 or 431 before it reaches an operation.";

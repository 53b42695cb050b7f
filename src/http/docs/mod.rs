//! Serves the OpenAPI document, and a page to read and try the APIs. Both are at every address and
//! need no token: what a server can do is no secret, and the page explains where the token is.

mod page;

use std::future::ready;
use std::sync::LazyLock;

use actix_web::web::{ServiceConfig, to};
use serde_json::{Map, Value, json};

use super::openapi::Document;
use super::resource::Resource;
use super::route::{self, Route, get};
use super::{control, partner};

/// Built on first use.
static DOCUMENT: LazyLock<String> = LazyLock::new(write);

/// The OpenAPI document of the partner API and of the control API.
pub(crate) fn document() -> &'static str {
    &DOCUMENT
}

static ROUTES: &[Route] = &[
    get("/openapi.json", || to(|| ready(page::send("application/json", document()))))
        .open()
        .named("getOpenApi", "Get the OpenAPI document", "One document describes both APIs.")
        .documented(|operation| operation.json::<Map<String, Value>>(200, "This document.")),
    get("/docs", || to(|| ready(page::send(page::HTML, page::PAGE))))
        .open()
        .named(
            "getDocs",
            "Read and try the APIs",
            "A page for a browser, made from the OpenAPI document.",
        )
        .documented(|operation| {
            operation.text_reply(200, "text/html", "The page; it loads nothing from elsewhere.")
        }),
];

/// Registers the document and the page.
pub(super) fn configure(app: &mut ServiceConfig) {
    route::configure(app, ROUTES);
    for (path, kind, text) in page::FILES {
        app.service(Resource::at(path).get(move || ready(page::send(kind, text))).open());
    }
}

fn write() -> String {
    let mut document = Document::new();
    partner::document(&mut document);
    control::document(&mut document);
    document.tag("documentation", "What the server says about itself.");
    route::document(&mut document, ROUTES);
    let info = json!({
        "title": "ringer",
        "version": env!("CARGO_PKG_VERSION"),
        "license": {"name": "MIT", "identifier": "MIT"},
        "summary": "A stand-in for a partner's SMS-number rental service",
        "description": DESCRIPTION,
    });
    let mut text = serde_json::to_string_pretty(&document.finish(&info)).unwrap_or_default();
    text.push('\n');
    text
}

const DESCRIPTION: &str = "\
The partner API rents phone numbers and returns the SMS that they receive. Each api_key has its own \
sandbox, created by its first request. The control API inspects sandboxes and changes them.

A scenario can make replies wrong on purpose: any endpoint can return any error, and replies can have \
another shape, arrive late, be cut off or be missing. This document describes the replies without such \
scenarios, faults and errors on demand.

Every path of the control API and of this documentation that supports GET also supports HEAD, with the \
same headers and no body. Only HEAD for the health check is listed, since probes use it.

An unknown path is 404 NOT_FOUND; below `/__admin` the reply is a problem document. A request that is \
not valid HTTP is answered with 400, 408 or 431 before it reaches an operation.";

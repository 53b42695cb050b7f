//! What the server says of itself: the OpenAPI document, and a page to read and to try it.
//!
//! Both are at every address, and need no token: what a server can do is no secret, and whoever looks
//! for its token finds here what it is for.

mod page;

use std::future::ready;
use std::sync::LazyLock;

use actix_web::web::{ServiceConfig, to};
use serde_json::{Map, Value, json};

use super::openapi::Document;
use super::resource::Resource;
use super::route::{self, Route, get};
use super::{control, partner};

/// Written once, when it is first asked for.
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

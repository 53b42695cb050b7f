//! The documentation page: embedded files, nothing from elsewhere.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

pub(super) const HTML: &str = "text/html; charset=utf-8";

pub(super) const PAGE: &str = include_str!("page.html");

/// The path, media type and text of the files that the page loads.
pub(super) const FILES: [(&str, &str, &str); 6] = [
    ("/docs/page.css", "text/css; charset=utf-8", include_str!("page.css")),
    ("/docs/page.js", JS, include_str!("page.js")),
    ("/docs/curl.js", JS, include_str!("curl.js")),
    ("/docs/elements.js", JS, include_str!("elements.js")),
    ("/docs/schema.js", JS, include_str!("schema.js")),
    ("/docs/trial.js", JS, include_str!("trial.js")),
];

const JS: &str = "text/javascript; charset=utf-8";

/// The browser runs only our files and connects only to this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn send(kind: &str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header(("cache-control", "no-cache"))
        .body(text)
}

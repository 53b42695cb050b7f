//! The page: files of ours, and nothing from elsewhere.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// A path, the kind of what is there, and what is there.
type File = (&'static str, &'static str, fn() -> &'static str);

/// What the page is made of.
pub(super) const FILES: [File; 7] = [
    ("/docs", "text/html; charset=utf-8", || include_str!("page.html")),
    ("/docs/page.css", "text/css; charset=utf-8", || include_str!("page.css")),
    ("/docs/page.js", JS, || include_str!("page.js")),
    ("/docs/curl.js", JS, || include_str!("curl.js")),
    ("/docs/elements.js", JS, || include_str!("elements.js")),
    ("/docs/schema.js", JS, || include_str!("schema.js")),
    ("/docs/trial.js", JS, || include_str!("trial.js")),
];

const JS: &str = "text/javascript; charset=utf-8";

/// Only what stands in our files runs, and only this server is asked.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Answers with a file.
pub(super) fn served(kind: &str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header(("cache-control", "no-cache"))
        .body(text)
}

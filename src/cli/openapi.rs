//! `ringer openapi`.

use std::io::Write;

use crate::http;

/// Prints the OpenAPI document, the same bytes that `GET /openapi.json` answers with.
pub(super) fn run() {
    // Whoever closed our stdout has read enough.
    let _ = std::io::stdout().write_all(http::document().as_bytes());
}

//! `ringer openapi`.

use super::{Failure, output};
use crate::http;

/// Prints the OpenAPI document, the same bytes that `GET /openapi.json` answers with.
pub(super) fn run() -> Result<(), Failure> {
    output::print(&mut std::io::stdout(), http::document())
}

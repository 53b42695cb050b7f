//! `ringer openapi`.

use super::{Failure, output};
use crate::http;

/// Prints the OpenAPI document, byte for byte what `GET /openapi.json` returns.
pub(super) fn run() -> Result<(), Failure> {
    output::print(&mut std::io::stdout(), http::document())
}

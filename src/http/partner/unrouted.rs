//! Whose a request is that reaches no sandbox.

use std::borrow::Cow;

use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;

use super::body_params;
use super::params::{Param, Params};
use crate::domain::endpoint::Endpoint;
use crate::domain::lint::Lint;
use crate::registry::UnroutedRequest;

/// The most characters of a path that are kept.
const MOST_CHARACTERS: usize = 80;

/// `endpoint`: the one at its path, if there is one.
pub(super) fn request(
    endpoint: Option<Endpoint>,
    method: &Method,
    path: &str,
    lints: Vec<Lint>,
) -> UnroutedRequest {
    let path = endpoint.map_or_else(
        || Cow::Owned(path.chars().take(MOST_CHARACTERS).collect()),
        |endpoint| Cow::Borrowed(endpoint.path()),
    );
    UnroutedRequest { endpoint, method: name(method), path, lints }
}

/// The key in the query string or in the body, whatever the body says of its encoding.
pub(super) async fn key(headers: &HeaderMap, query: &str, body: &Bytes) -> Option<String> {
    if let Some(key) = key_in(Params::from_pairs(query)) {
        return Some(key);
    }
    let params = match body_params::read(headers, body).await {
        Ok(params) => params,
        Err(_) => body_params::guess(body)?,
    };
    key_in(params)
}

fn key_in(mut params: Params<'_>) -> Option<String> {
    let key = params.take(Param::ApiKey).ok().flatten()?;
    (!key.is_empty()).then(|| key.into_owned())
}

/// A method as the journal shows it.
fn name(method: &Method) -> &'static str {
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
    known.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

//! Replies to requests that reach no endpoint: 404, 405, and 400 for what HTTP itself forbids.

use std::sync::Arc;
use std::time::Duration;

use actix_http::{ConnectionType, Request, Response};
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpResponse};

use super::{encode, unrouted};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::nearest::nearest;
use crate::http::{log, request_body};
use crate::registry::Registry;
use crate::sandbox::command::Refusal;
use crate::scenario::shape::Shape;

/// `elsewhere`: the origin of the partner API, if it has an address of its own.
pub(crate) async fn refuse_path(
    request_timeout: Duration,
    registry: Arc<Registry>,
    elsewhere: Option<String>,
    mut request: ServiceRequest,
) -> Result<ServiceResponse, actix_web::Error> {
    // Unread, the body would close the connection.
    let body =
        request_body::read(request.parts_mut().1, request_body::MOST_BYTES, request_timeout).await;
    let nearest = nearest(request.path(), Endpoint::ALL.map(Endpoint::path));
    let refusal = no_such_path(request.path(), nearest, elsewhere.as_deref());
    log::unrouted(request.method().as_str(), request.path(), &refusal, nearest);
    let (head, path) = (request.request(), request.path());
    let key = unrouted::key(head.headers(), head.query_string(), &body.unwrap_or_default()).await;
    let unrouted = unrouted::request(None, head.method(), path, Vec::new());
    let outcome = registry.refuse_unrouted(key.as_deref(), unrouted, refusal);
    let response = encode::outcome(&outcome, "");
    Ok(request.into_response(HttpResponse::from(response)))
}

pub(super) async fn refuse_method(
    endpoint: Endpoint,
    request: &Request,
    body: &Bytes,
    registry: &Arc<Registry>,
) -> Response<BoxBody> {
    let (path, right) = (endpoint.path(), endpoint.method());
    let sent: String = request.method().as_str().chars().take(32).collect();
    let message = format!("{path} does not support {sent}; send {right} {path}");
    let refusal = Refusal::new(ErrorCode::MethodNotAllowed, message);
    log::unrouted(&sent, path, &refusal, Some(right));
    let query = request.uri().query().unwrap_or_default();
    let key = unrouted::key(request.headers(), query, body).await;
    let unrouted = unrouted::request(Some(endpoint), request.method(), path, Vec::new());
    let outcome = registry.refuse_unrouted(key.as_deref(), unrouted, refusal);
    let mut response = encode::outcome(&outcome, "");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(right));
    response
}

/// Refuses what HTTP itself forbids, whatever the path. The connection closes, as it does after any
/// request that actix-http cannot read.
pub(crate) fn refuse_bad_request(refusal: &Refusal) -> Response<BoxBody> {
    log::bad_request("400", &refusal.message);
    let mut response = encode::refusal(refusal, Shape::default());
    response.head_mut().set_connection_type(ConnectionType::Close);
    response
}

fn no_such_path(path: &str, nearest: Option<&str>, elsewhere: Option<&str>) -> Refusal {
    let shown: String = path.chars().take(80).collect();
    if let Some(origin) = elsewhere {
        let path = nearest.unwrap_or_default();
        let message = format!(
            "{shown:?} is not served here: this is the address of the control API, /__admin; the partner \
             API has another one: {origin}{path}"
        );
        return Refusal::new(ErrorCode::NotFound, message);
    }
    let hint = nearest.map_or_else(
        || {
            "; the paths are GET /getNumbers, POST /rentNumber, GET /getSMS and POST /cancelNumber"
                .into()
        },
        |nearest| {
            let case =
                if nearest.eq_ignore_ascii_case(path) { " Paths are case-sensitive" } else { "" };
            format!("; did you mean {nearest}?{case}")
        },
    );
    Refusal::new(ErrorCode::NotFound, format!("{shown:?} is not a path of this API{hint}"))
}

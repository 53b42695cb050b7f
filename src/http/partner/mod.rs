//! The partner API: bytes come in, [`fields`] takes them apart, [`parse`] makes a command of
//! them, the registry has it carried out, [`reply`] writes what comes back.

mod encoding;
mod fields;
mod parse;
mod reply;

use std::sync::Arc;
use std::time::Duration;

use actix_http::{Request, Response};
use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};

use super::{body, log};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::nearest::nearest;
use crate::registry::Registry;
use crate::sandbox::command::Refusal;
use parse::Parsed;

/// Answers a request to an endpoint. Every request is answered: whatever is wrong with it becomes a
/// refusal.
pub(super) async fn serve(
    endpoint: Endpoint,
    registry: Arc<Registry>,
    request_timeout: Duration,
    mut request: Request,
) -> Response<BoxBody> {
    let body = body::read(request.payload(), request_timeout).await;
    if request.method().as_str() != endpoint.method() {
        return refuse_method(endpoint, &request);
    }
    let parsed = match &body {
        Ok(body) => parse::parse(endpoint, &request, body).await,
        Err(refusal) => Parsed::hopeless(endpoint, refusal.clone()),
    };
    let answer = match &parsed.api_key {
        Ok(api_key) => registry.enter(api_key, &parsed.call),
        Err(refusal) => Err(refusal.clone()),
    };
    log::request(parsed.api_key.as_deref().ok(), &parsed.call, &answer);
    reply::write(&answer)
}

/// Answers a request to a path that there is not.
pub(super) async fn refuse_path(
    request_timeout: Duration,
    mut request: ServiceRequest,
) -> Result<ServiceResponse, actix_web::Error> {
    // What CONNECT sends has no end; of all others the body is read, whatever is wrong with it.
    if request.method() != Method::CONNECT {
        let _ = body::read(request.parts_mut().1, request_timeout).await;
    }
    let nearest = nearest(request.path(), Endpoint::ALL.map(Endpoint::path));
    let refusal = no_such_path(request.path(), nearest);
    log::unrouted(request.method().as_str(), request.path(), &refusal, nearest);
    let response = reply::write(&Err(refusal));
    Ok(request.into_response(HttpResponse::from(response)))
}

fn refuse_method(endpoint: Endpoint, request: &Request) -> Response<BoxBody> {
    let (path, right) = (endpoint.path(), endpoint.method());
    let sent: String = request.method().as_str().chars().take(32).collect();
    let message = format!("{path} does not answer {sent}; send {right} {path}");
    let refusal = Refusal::new(ErrorCode::MethodNotAllowed, message);
    log::unrouted(&sent, path, &refusal, Some(right));
    let mut response = reply::write(&Err(refusal));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(right));
    response
}

fn no_such_path(path: &str, nearest: Option<&str>) -> Refusal {
    let hint = nearest.map_or_else(
        || {
            "; there are GET /getNumbers, POST /rentNumber, GET /getSMS and POST /cancelNumber"
                .into()
        },
        |nearest| {
            let case =
                if nearest.eq_ignore_ascii_case(path) { " Paths are case-sensitive" } else { "" };
            format!("; did you mean {nearest}?{case}")
        },
    );
    let shown: String = path.chars().take(80).collect();
    Refusal::new(ErrorCode::NotFound, format!("{shown:?} is not a path of this API{hint}"))
}

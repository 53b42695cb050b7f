//! The partner API: bytes come in, [`fields`] takes them apart, [`parse`] makes a command of
//! them, the registry has it carried out, [`reply`] writes what comes back.

mod encoding;
mod fields;
mod parse;
mod reply;

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::dev::{ServiceRequest, ServiceResponse};

use super::{body, log};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::nearest::nearest;
use crate::registry::{Answer, Registry};
use crate::sandbox::command::Refusal;
use parse::Parsed;

/// Answers one request. Every request is answered: whatever is wrong with it becomes a refusal.
pub(super) async fn serve(
    registry: Arc<Registry>,
    request_timeout: Duration,
    mut request: ServiceRequest,
) -> Result<ServiceResponse, actix_web::Error> {
    let body = body::read(request.parts_mut().1, request_timeout).await;
    let response = match Endpoint::at(request.path()) {
        None => refuse_unrouted(&request, no_such_path(request.path()), None),
        Some(endpoint) if request.method().as_str() != endpoint.method() => {
            refuse_unrouted(&request, no_such_method(endpoint, &request), Some(endpoint.method()))
        }
        Some(endpoint) => {
            let strict = registry.settings().strict;
            let parsed = match &body {
                Ok(body) => parse::parse(endpoint, request.request(), body, strict).await,
                Err(refusal) => Parsed::hopeless(endpoint, refusal.clone()),
            };
            answer(&registry, &parsed)
        }
    };
    Ok(request.into_response(response))
}

fn answer(registry: &Registry, parsed: &Parsed<'_>) -> HttpResponse {
    let answer = match &parsed.api_key {
        Ok(api_key) => registry.enter(api_key, &parsed.call),
        Err(refusal) => Answer { outcome: Err(refusal.clone()), at: None },
    };
    log::request(parsed.api_key.as_deref().ok(), &parsed.call, &answer);
    reply::write(&answer.outcome)
}

fn refuse_unrouted(
    request: &ServiceRequest,
    refusal: Refusal,
    allow: Option<&'static str>,
) -> HttpResponse {
    log::unrouted(request.method().as_str(), request.path(), &refusal);
    let mut response = reply::write(&Err(refusal));
    if let Some(method) = allow {
        let value = actix_web::http::header::HeaderValue::from_static(method);
        response.headers_mut().insert(actix_web::http::header::ALLOW, value);
    }
    response
}

fn no_such_path(path: &str) -> Refusal {
    let paths = Endpoint::ALL.map(Endpoint::path);
    let hint = nearest(path, paths).map_or_else(
        || {
            "; there are GET /getNumbers, POST /rentNumber, GET /getSMS and POST /cancelNumber"
                .into()
        },
        |nearest| format!("; did you mean {nearest}? Paths are case-sensitive"),
    );
    let shown: String = path.chars().take(80).collect();
    Refusal::new(ErrorCode::NotFound, format!("{shown:?} is not a path of this API{hint}"))
}

fn no_such_method(endpoint: Endpoint, request: &ServiceRequest) -> Refusal {
    let (path, right, sent) = (endpoint.path(), endpoint.method(), request.method());
    let shown: String = sent.as_str().chars().take(32).collect();
    let message = format!("{path} does not answer {shown}; send {right} {path}");
    Refusal::new(ErrorCode::MethodNotAllowed, message)
}

//! Who may use the control API.
//!
//! A route is guarded unless it is registered as [`open`]. The router chooses the route before either
//! middleware runs, so the spelling of a path makes no difference.
//!
//! If there is a token, the token decides. Without one, the server listens on a loopback address, and
//! has to be protected from web pages in the developer's browser: a page whose name resolves to us
//! (DNS rebinding) is recognised by its `Host`, and in either case a page that sends forms is
//! recognised by its `Origin`.

mod host_pattern;
mod origin;
mod token;

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CONTENT_LENGTH,
    HOST, HeaderName, HeaderValue, ORIGIN, TRANSFER_ENCODING, VARY,
};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpResponse, ResponseError};

pub(crate) use host_pattern::HostPattern;
pub(crate) use origin::Origin;
pub(crate) use token::Token;

use super::problem::Problem;
use super::{ControlState, MOST_BYTES};
use crate::http::request_body;

/// Who may use the control API.
#[derive(Clone, Debug, Default)]
pub(crate) struct ControlGuard {
    /// The required token, if any.
    pub token: Option<Token>,
    /// The names of a server without a token, besides addresses and `localhost`.
    pub hosts: Vec<HostPattern>,
    /// The only foreign origin whose pages may use the control API.
    pub cors_origin: Option<Origin>,
}

impl ControlGuard {
    fn check(&self, request: &ServiceRequest) -> Result<(), Problem> {
        match &self.token {
            Some(token) => check_token(token, &header(request, &AUTHORIZATION))?,
            None => self.check_host(&host(request))?,
        }
        self.check_origin(request)
    }

    fn check_host(&self, host: &str) -> Result<(), Problem> {
        let name = host_pattern::name_of(host);
        if host_pattern::is_local(name) || self.hosts.iter().any(|known| known.matches(name)) {
            return Ok(());
        }
        Err(Problem::forbidden(format!(
            "the Host {host:?} is unknown; use an address such as 127.0.0.1, or start the server \
             with --admin-host NAME"
        )))
    }

    fn check_origin(&self, request: &ServiceRequest) -> Result<(), Problem> {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        if is_read || !request.headers().contains_key(ORIGIN) {
            return Ok(());
        }
        let (sent, host) = (header(request, &ORIGIN), host(request));
        let is_own =
            sent.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(&host));
        let origin = sent.parse::<Origin>().ok();
        if is_own || (origin.is_some() && origin == self.cors_origin) {
            return Ok(());
        }
        let hint = origin
            .map(|origin| format!("; --admin-cors-origin {origin} allows it"))
            .unwrap_or_default();
        Err(Problem::forbidden(format!(
            "a web page from {sent:?} may not change anything here{hint}"
        )))
    }

    /// Whether this is the CORS preflight of a page that may use the API. A browser cannot send the
    /// token with it.
    fn is_preflight(&self, request: &ServiceRequest) -> bool {
        request.method() == Method::OPTIONS
            && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
            && self.cors_origin.is_some()
            && header(request, &ORIGIN).parse::<Origin>().ok() == self.cors_origin
            && (self.token.is_some() || self.check_host(&host(request)).is_ok())
    }
}

fn check_token(token: &Token, authorization: &str) -> Result<(), Problem> {
    let sent = authorization.split_once(' ');
    let sent = sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match sent {
        Some((_, sent)) if token.is(sent.trim()) => Ok(()),
        Some(_) => Err(Problem::unauthorized("the token is wrong")),
        None => Err(Problem::unauthorized(
            "the control API of this server requires the header Authorization: Bearer TOKEN; the \
             token is the value of --admin-token or RINGER_ADMIN_TOKEN, or else the one that the \
             server printed at start; `ringer run` passes it on as RINGER_ADMIN_TOKEN",
        )),
    }
}

fn header(request: &ServiceRequest, name: &HeaderName) -> String {
    let value = request.headers().get(name).map(HeaderValue::as_bytes).unwrap_or_default();
    String::from_utf8_lossy(value).into_owned()
}

/// The requested host. An absolute request target overrides `Host` (RFC 9112, 3.2.2).
fn host(request: &ServiceRequest) -> String {
    let authority = request.uri().authority();
    authority.map_or_else(|| header(request, &HOST), |authority| authority.as_str().to_owned())
}

/// How long to wait for the body of a refused request.
const REFUSED_BODY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(1);

/// Admits only callers that may use the control API.
pub(crate) async fn closed(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let state = state_of(&request)?;
    let checked = state.guard.check(&request);
    answer(request, next, &state, checked).await
}

/// Admits every caller, for resources that reveal no secret and change nothing: a health probe often
/// knows neither the token nor the server's names.
pub(crate) async fn open(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let state = state_of(&request)?;
    answer(request, next, &state, Ok(())).await
}

fn state_of(request: &ServiceRequest) -> Result<Data<ControlState>, Problem> {
    let state = request.app_data::<Data<ControlState>>().cloned();
    // Without a guard nobody is admitted.
    state.ok_or_else(|| Problem::forbidden("the control API has no guard"))
}

async fn answer(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
    state: &ControlState,
    checked: Result<(), Problem>,
) -> Result<ServiceResponse, Error> {
    let mut _permit = None;
    let body = if request.method() == Method::CONNECT {
        Ok(Bytes::new()) // The body of CONNECT never ends.
    } else if checked.is_err() {
        // The body is discarded.
        let timeout = state.request_timeout.min(REFUSED_BODY_TIMEOUT);
        let _ = request_body::read(request.parts_mut().1, 0, timeout).await;
        Ok(Bytes::new())
    } else {
        let length = header(&request, &CONTENT_LENGTH).parse().ok();
        let is_chunked = request.headers().contains_key(TRANSFER_ENCODING);
        let most = length.unwrap_or(if is_chunked { MOST_BYTES } else { 0 }).min(MOST_BYTES);
        _permit = state.body_budget.for_request(most).await;
        request_body::read(request.parts_mut().1, MOST_BYTES, state.request_timeout).await
    };
    let mut response = if state.guard.is_preflight(&request) {
        request.into_response(HttpResponse::NoContent().finish())
    } else {
        match checked.and_then(|()| body.map_err(Problem::from)) {
            Err(problem) => request.into_response(problem.error_response()),
            Ok(body) => {
                request.set_payload(Payload::from(body));
                next.call(request).await?
            }
        }
    };
    if let Some(origin) = &state.guard.cors_origin {
        let headers = response.headers_mut();
        headers.append(VARY, HeaderValue::from_static("Origin"));
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.to_header());
        let methods = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        let allowed = HeaderValue::from_static("Authorization, Content-Type");
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        // The next page of a list.
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Link"));
    }
    Ok(response)
}

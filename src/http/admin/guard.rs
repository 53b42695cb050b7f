//! Who may use the control API.
//!
//! It changes things, so it is kept from other web pages that a developer has open: a page of
//! another name that resolves to us is known by its `Host`, one that sends forms by its `Origin`.

use std::net::IpAddr;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    AUTHORIZATION, HOST, HeaderValue, ORIGIN, VARY,
};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};

use super::Admin;
use super::problem::Problem;

/// Who may use the control API.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// What `Authorization: Bearer` must say, if anything.
    pub token: Option<String>,
    /// The names under which the server is asked for, beside addresses and `localhost`.
    pub hosts: Vec<String>,
    /// The origin of the only other web page that may use it.
    pub cors_origin: Option<String>,
}

impl Guard {
    /// A name is ours when it is an address, which no other page can claim, or one that we know.
    fn knows_host(&self, host: &str) -> bool {
        let name = host.rsplit_once(':').map_or(host, |(name, port)| {
            if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host }
        });
        let name = name.trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost")
            || name.parse::<IpAddr>().is_ok()
            || self.hosts.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    fn check(&self, request: &ServiceRequest) -> Result<(), Problem> {
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let host = header(HOST).unwrap_or_default();
        if !self.knows_host(host) {
            return Err(Problem::forbidden(format!(
                "the Host {host:?} is not known here; use an address such as 127.0.0.1, or start \
                 the server with --admin-host NAME"
            )));
        }
        let own = |origin: &str| {
            origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host))
        };
        if let Some(origin) = header(ORIGIN)
            && !own(origin)
            && self.cors_origin.as_deref() != Some(origin)
            && request.method() != Method::GET
            && request.method() != Method::HEAD
        {
            return Err(Problem::forbidden(format!(
                "a web page of {origin:?} may not change anything here; \
                 --admin-cors-origin {origin} allows it"
            )));
        }
        // Whether a server is up is no secret, and those who ask often cannot know a token.
        if request.path() == "/__admin/health" || request.method() == Method::OPTIONS {
            return Ok(());
        }
        let sent = header(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        match (&self.token, sent) {
            (Some(token), Some(sent)) if is_same(token, sent) => Ok(()),
            (None, _) => Ok(()),
            (Some(_), Some(_)) => Err(Problem::unauthorized("this token is not the right one")),
            (Some(_), None) => Err(Problem::unauthorized(
                "the control API of this server needs the header Authorization: Bearer TOKEN; the \
                 server printed its token when it started",
            )),
        }
    }
}

/// Compares in a time that does not tell how much was right.
fn is_same(token: &str, sent: &str) -> bool {
    let differ = token.bytes().zip(sent.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    token.len() == sent.len() && differ == 0
}

/// Lets through who may pass.
pub(super) async fn check(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let guard = request.app_data::<Data<Admin>>().map(|admin| admin.guard.clone());
    let guard = guard.unwrap_or_default();
    guard.check(&request)?;
    let cors = guard.cors_origin.as_deref().and_then(|origin| HeaderValue::from_str(origin).ok());
    let mut response = if request.method() == Method::OPTIONS && cors.is_some() {
        request.into_response(HttpResponse::NoContent().finish())
    } else {
        next.call(request).await?
    };
    if let Some(origin) = cors {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(VARY, HeaderValue::from_static("Origin"));
        let methods = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        let allowed = HeaderValue::from_static("Authorization, Content-Type");
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    }
    Ok(response)
}

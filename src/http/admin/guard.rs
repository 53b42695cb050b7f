//! Who may use the control API.
//!
//! It changes things, so it is kept from other web pages that a developer has open: a page of
//! another name that resolves to us is known by its `Host`, one that sends forms by its `Origin`.

use std::net::IpAddr;

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    AUTHORIZATION, HOST, HeaderValue, ORIGIN, VARY,
};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse, ResponseError};

use super::problem::Problem;
use super::{Admin, MOST_BYTES};
use crate::http::body;

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
        let header = |name| request.headers().get(name);
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let host = &header(HOST).map(text).unwrap_or_default();
        if !self.knows_host(host) {
            return Err(Problem::forbidden(format!(
                "the Host {host:?} is not known here; use an address such as 127.0.0.1, or start \
                 the server with --admin-host NAME"
            )));
        }
        let own = |origin: &str| {
            origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host))
        };
        if let Some(origin) = header(ORIGIN).map(text)
            && !own(&origin)
            && self.cors_origin.as_ref() != Some(&origin)
            && request.method() != Method::GET
            && request.method() != Method::HEAD
        {
            return Err(Problem::forbidden(format!(
                "a web page of {origin:?} may not change anything here; \
                 --admin-cors-origin {origin} allows it"
            )));
        }
        if is_open(request.path()) || request.method() == Method::OPTIONS {
            return Ok(());
        }
        let sent = header(AUTHORIZATION).map(text);
        let sent =
            sent.as_ref().and_then(|value| value.split_once(' ')).and_then(|(scheme, rest)| {
                scheme.eq_ignore_ascii_case("bearer").then_some(rest.trim())
            });
        match (&self.token, sent) {
            (Some(token), Some(sent)) if is_same(token, sent) => Ok(()),
            (None, _) => Ok(()),
            (Some(_), Some(_)) => Err(Problem::unauthorized("this token is not the right one")),
            (Some(_), None) => Err(Problem::unauthorized(
                "the control API of this server needs the header Authorization: Bearer TOKEN; its \
                 token is that of --admin-token or RINGER_ADMIN_TOKEN, else the one that it printed \
                 when it started; `ringer run` hands it on as RINGER_ADMIN_TOKEN",
            )),
        }
    }
}

/// Whether who asks needs no token. Whether a server is up and what it can do is no secret; those who
/// ask for the one often cannot know a token, and the page that shows the other asks for it.
fn is_open(path: &str) -> bool {
    path == "/__admin/health" || !path.starts_with("/__admin")
}

/// Compares in a time that does not tell how much was right.
fn is_same(token: &str, sent: &str) -> bool {
    let differ = token.bytes().zip(sent.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    token.len() == sent.len() && differ == 0
}

/// Lets through who may pass.
pub(in crate::http) async fn check(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let admin = request.app_data::<Data<Admin>>().cloned();
    // Nobody passes where it is not known who may.
    let admin = admin.ok_or_else(|| Problem::forbidden("the control API has no guard"))?;
    let guard = &admin.guard;
    let cors = guard.cors_origin.as_deref().and_then(|origin| HeaderValue::from_str(origin).ok());
    let body = body::read(request.parts_mut().1, MOST_BYTES, admin.request_timeout).await;
    let checked = guard.check(&request).and_then(|()| body.map_err(Problem::from));
    let mut response = match checked {
        Err(problem) => request.into_response(problem.error_response()),
        Ok(_) if request.method() == Method::OPTIONS && cors.is_some() => {
            request.into_response(HttpResponse::NoContent().finish())
        }
        Ok(body) => {
            request.set_payload(Payload::from(body));
            next.call(request).await?
        }
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

//! The partner API: bytes come in, [`fields`] takes them apart, [`parse`] makes a command of
//! them, the registry has it carried out, [`reply`] writes what comes back.

mod bodies;
mod described;
mod encoding;
mod fields;
mod parse;
mod prefer;
mod reply;
mod written;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::{Request, Response};
use actix_server::GracefulShutdownSignal;
use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderName, HeaderValue};

use super::wire::Line;
use super::{body, log, wire};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::nearest::nearest;
use crate::domain::real_span::RealSpan;
use crate::registry::{Entered, Held, Registry};
use crate::sandbox::command::Refusal;
use crate::sandbox::faults::Strike;
use crate::sandbox::outcome::Outcome;
use crate::scenario::shape::Shape;
pub(super) use described::describe;
use parse::Parsed;

/// What answering needs beside the request.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    /// The sandboxes.
    pub(super) registry: Arc<Registry>,
    /// How long a client may take to send a body.
    pub(super) request_timeout: Duration,
    /// Tells when the server stops.
    pub(super) stopping: GracefulShutdownSignal,
}

/// Answers a request to an endpoint. Every request is answered, but where a fault is meant to keep
/// it from that: whatever is wrong with it becomes a refusal.
pub(super) async fn serve(
    endpoint: Endpoint,
    desk: Rc<Desk>,
    mut request: Request,
) -> Response<BoxBody> {
    if request.conn_data::<Line>().is_some_and(Line::is_taken) {
        // It was sent behind one that a fault has ended the connection with: nobody hears it.
        return wire::fault::to_nobody();
    }
    let body = body::read(request.payload(), body::MOST_BYTES, desk.request_timeout).await;
    if request.method().as_str() != endpoint.method() {
        return refuse_method(endpoint, &request, desk.registry.shape_without_sandbox());
    }
    let registry = &desk.registry;
    let parsed = match &body {
        Ok(body) => parse::parse(endpoint, &request, body, registry.settings().magic).await,
        Err(refusal) => Parsed::hopeless(endpoint, refusal.clone()),
    };
    let entered = match &parsed.api_key {
        Ok(api_key) => registry.enter(api_key, &parsed.call),
        Err(refusal) => Entered::Decided(registry.refuse(refusal.clone())),
    };
    let line = || request.conn_data::<Line>();
    let outcome = match entered {
        Entered::Decided(outcome) => outcome,
        // Boxed, since it is rare and every request would carry its room.
        Entered::Held(held) => match Box::pin(hold_up(held, line(), &desk)).await {
            Some(outcome) => outcome,
            None => {
                log::abandoned(parsed.api_key.as_deref().ok(), &parsed.call);
                registry.count_unanswered(endpoint);
                return hang_up(line()).await;
            }
        },
    };
    registry.count(endpoint, &outcome);
    log::request(parsed.api_key.as_deref().ok(), &parsed.call, &outcome);
    let target = request.uri().path_and_query().map_or(endpoint.path(), |target| target.as_str());
    let mut response = reply::write(&outcome, target);
    if outcome.prefer_applied
        && let Ok(applied) = HeaderValue::from_str(&parsed.applied)
    {
        response.headers_mut().insert(HeaderName::from_static("preference-applied"), applied);
    }
    if outcome.delay == RealSpan::ZERO && outcome.instead.is_none() {
        return response;
    }
    Box::pin(deliver(response, &outcome, line(), &desk)).await
}

/// What the client gets, before anything happens to it on the wire.
pub(super) fn written(outcome: &Outcome, endpoint: Endpoint) -> Response<BoxBody> {
    reply::write(outcome, endpoint.path())
}

/// Waits before a call takes effect. A call whose client has gone never does.
async fn hold_up(held: Held<'_>, line: Option<&Line>, desk: &Desk) -> Option<Arc<Outcome>> {
    if wait(held.delay(), line, desk).await { Some(held.go_on()) } else { None }
}

/// Sends a reply late, spoilt or not at all.
async fn deliver(
    response: Response<BoxBody>,
    outcome: &Outcome,
    line: Option<&Line>,
    desk: &Desk,
) -> Response<BoxBody> {
    if !wait(outcome.delay, line, desk).await {
        outcome.abandoned.note();
        return hang_up(line).await;
    }
    let Some(line) = line else { return response };
    match outcome.instead {
        Some(Strike::Wire(fault, noise)) => {
            let stopping = desk.stopping.clone();
            let stopping = async move { stopping.notified().await };
            wire::fault::perform(fault, noise, response, line, stopping).await
        }
        _ => {
            wire::announce(&response, line);
            response
        }
    }
}

/// Sends nothing to a client that has gone. One that has only closed its side looks the same, and
/// is treated the same (our ruling).
async fn hang_up(line: Option<&Line>) -> Response<BoxBody> {
    if let Some(line) = line {
        line.take_over().await;
    }
    wire::fault::to_nobody()
}

/// Waits; less long where the server stops, since requests in flight are answered first. Whether
/// the client is still there.
#[expect(clippy::disallowed_methods, reason = "a client's socket timeout runs on real time")]
async fn wait(span: RealSpan, line: Option<&Line>, desk: &Desk) -> bool {
    if span == RealSpan::ZERO {
        return true;
    }
    let gone = async {
        match line {
            Some(line) => line.client_gone().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = tokio::time::sleep(span.as_duration()) => true,
        () = gone => false,
        () = desk.stopping.notified() => true,
    }
}

/// Answers a request to a path that there is not.
pub(super) async fn refuse_path(
    request_timeout: Duration,
    shape: Shape,
    mut request: ServiceRequest,
) -> Result<ServiceResponse, actix_web::Error> {
    // What CONNECT sends has no end; of all others the body is read, whatever is wrong with it.
    if request.method() != Method::CONNECT {
        let _ = body::read(request.parts_mut().1, body::MOST_BYTES, request_timeout).await;
    }
    let nearest = nearest(request.path(), Endpoint::ALL.map(Endpoint::path));
    let refusal = no_such_path(request.path(), nearest);
    log::unrouted(request.method().as_str(), request.path(), &refusal, nearest);
    let response = written::refused(&refusal, shape);
    Ok(request.into_response(HttpResponse::from(response)))
}

fn refuse_method(endpoint: Endpoint, request: &Request, shape: Shape) -> Response<BoxBody> {
    let (path, right) = (endpoint.path(), endpoint.method());
    let sent: String = request.method().as_str().chars().take(32).collect();
    let message = format!("{path} does not answer {sent}; send {right} {path}");
    let refusal = Refusal::new(ErrorCode::MethodNotAllowed, message);
    log::unrouted(&sent, path, &refusal, Some(right));
    let mut response = written::refused(&refusal, shape);
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

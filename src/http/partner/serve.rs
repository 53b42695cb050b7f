//! A request to one of the four endpoints, from its first byte to its reply.

use std::borrow::Cow;
use std::future::{Future, ready};
use std::pin::Pin;
use std::rc::Rc;

use actix_http::{Request, Response};
use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{Error, HttpMessage};

use super::delivery::{close_connection, deliver, wait};
use super::fallback::refuse_method;
use super::params::Params;
use super::parse::{ParsedRequest, parse};
use super::{PartnerState, body_params, encode, unrouted};
use crate::domain::endpoint::Endpoint;
use crate::domain::lint::Lint;
use crate::domain::real_duration::RealDuration;
use crate::http::socket::Connection;
use crate::http::{log, request_body, socket};
use crate::registry::{CallProgress, UnroutedRequest};
use crate::sandbox::outcome::{CallOutcome, OutcomeKind};

pub(crate) type ResponseFuture = Pin<Box<dyn Future<Output = Result<Response<BoxBody>, Error>>>>;

/// Answers a request to an endpoint. Whatever is wrong with it becomes a refusal; only a fault can
/// keep it from a reply.
pub(crate) fn serve(
    endpoint: Endpoint,
    state: &Rc<PartnerState>,
    mut request: Request,
) -> ResponseFuture {
    if request.conn_data::<Connection>().is_some_and(Connection::is_taken) {
        // A pipelined request after one whose fault ended the connection.
        return Box::pin(ready(Ok(socket::fault::closing_response())));
    }
    let is_right_method = request.method().as_str() == endpoint.method();
    let on_demand_errors = state.registry.settings().on_demand_errors;
    if is_right_method && matches!(request.payload(), Payload::None) {
        // Nearly every GET. It rarely has to wait, so its reply is ready before the future is.
        let parsed = parse(endpoint, &request, Ok(Params::default()), on_demand_errors);
        return match enter(state, &parsed) {
            CallProgress::Decided(outcome) if is_immediate(&outcome) => {
                Box::pin(ready(Ok(reply(state, &request, &parsed, &outcome))))
            }
            progress => {
                let (state, parsed) = (Rc::clone(state), parsed.into_owned());
                Box::pin(async move { Ok(complete(progress, parsed, &state, &request).await) })
            }
        };
    }
    let state = Rc::clone(state);
    Box::pin(async move {
        let (most, timeout) = (request_body::MOST_BYTES, state.request_timeout);
        let body = request_body::read(request.payload(), most, timeout).await;
        if !is_right_method {
            let body = body.unwrap_or_default();
            return Ok(refuse_method(endpoint, &request, &body, &state.registry).await);
        }
        let parsed = match &body {
            Ok(body) => {
                let params = body_params::read(request.headers(), body).await;
                let is_readable = params.is_ok();
                let mut parsed = parse(endpoint, &request, params, on_demand_errors);
                let query = request.uri().query().unwrap_or_default();
                if !is_readable && parsed.api_key.is_err() {
                    // Boxed: it is rare, and its size would be carried by every request.
                    let key = Box::pin(unrouted::key(request.headers(), query, body)).await;
                    parsed.unrouted_key = key.map(Cow::Owned);
                }
                parsed
            }
            Err(refusal) => ParsedRequest::unreadable(endpoint, &request, refusal.clone()),
        };
        Ok(match enter(&state, &parsed) {
            CallProgress::Decided(outcome) if is_immediate(&outcome) => {
                reply(&state, &request, &parsed, &outcome)
            }
            // Boxed: it is rare, and its size would be carried by every request.
            progress => Box::pin(complete(progress, parsed, &state, &request)).await,
        })
    })
}

/// Lets the call enter its sandbox.
fn enter(state: &PartnerState, parsed: &ParsedRequest<'_>) -> CallProgress {
    match &parsed.api_key {
        Ok(api_key) => state.registry.enter(api_key, &parsed.call),
        Err(refusal) => {
            let is_about_key = |lint: &&Lint| matches!(lint, Lint::KeyInWrongPlace);
            let (endpoint, api_key) = (parsed.call.endpoint, parsed.unrouted_key.as_deref());
            let unrouted = UnroutedRequest {
                endpoint: Some(endpoint),
                method: endpoint.method(),
                path: endpoint.path().into(),
                // The others are of requests that were accepted.
                lints: parsed.call.lints.iter().filter(is_about_key).cloned().collect(),
            };
            CallProgress::Decided(state.registry.refuse_unrouted(
                api_key,
                unrouted,
                refusal.clone(),
            ))
        }
    }
}

/// Whether the reply goes out at once and unharmed.
fn is_immediate(outcome: &CallOutcome) -> bool {
    outcome.delay == RealDuration::ZERO && outcome.override_action.is_none()
}

/// Counts and logs the request, and encodes its reply.
fn reply(
    state: &PartnerState,
    request: &Request,
    parsed: &ParsedRequest<'_>,
    outcome: &CallOutcome,
) -> Response<BoxBody> {
    state.registry.count(parsed.call.endpoint, outcome.kind());
    log::request(parsed.api_key.as_deref().ok(), &parsed.call, outcome);
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let mut response = encode::outcome(outcome, target);
    if outcome.prefer_applied
        && let Ok(applied) = HeaderValue::from_str(&parsed.preference_applied)
    {
        response.headers_mut().insert(HeaderName::from_static("preference-applied"), applied);
    }
    response
}

/// Waits for whatever the call has to wait for, and delivers its reply.
async fn complete(
    mut progress: CallProgress,
    parsed: ParsedRequest<'_>,
    state: &PartnerState,
    request: &Request,
) -> Response<BoxBody> {
    let connection = request.conn_data::<Connection>();
    let outcome = loop {
        progress = match progress {
            CallProgress::Decided(outcome) => break outcome,
            CallProgress::Waiting(waiting) => {
                waiting.wait(&state.registry).await;
                state.registry.enter_again(waiting, &parsed.call)
            }
            CallProgress::Delayed(delayed) => {
                let is_connected = wait(delayed.delay(), connection, state).await;
                delayed.wait_for_sandbox(&state.registry).await;
                if is_connected {
                    break delayed.resume();
                }
                // If the client disconnects during a `before` delay, the call has no effect.
                log::client_disconnected(parsed.api_key.as_deref().ok(), &parsed.call);
                state.registry.count(parsed.call.endpoint, OutcomeKind::NoReply);
                drop(delayed);
                return close_connection(connection).await;
            }
        };
    };
    let response = reply(state, request, &parsed, &outcome);
    deliver(response, &outcome, connection, state).await
}

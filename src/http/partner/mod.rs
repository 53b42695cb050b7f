//! The partner API: bytes come in, [`params`] takes them apart, [`parse`] makes a command of
//! them, the registry has it carried out, [`reply`] writes what comes back.

mod delivery;
mod dto;
mod encode;
mod encoding;
mod fallback;
mod openapi;
mod params;
mod parse;
mod prefer;
mod reply;

use std::future::{Future, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::{Request, Response};
use actix_server::GracefulShutdownSignal;
use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{Error, HttpMessage};

use super::socket::Connection;
use super::{log, request_body, socket};
use crate::domain::endpoint::Endpoint;
use crate::domain::real_duration::RealDuration;
use crate::registry::{Call, CallProgress, DelayedCall, Registry, WaitingCall};
use crate::sandbox::outcome::{CallOutcome, OutcomeKind};
use delivery::{close_connection, deliver, wait};
use fallback::refuse_method;
pub(super) use fallback::{refuse_bad_request, refuse_path};
pub(super) use openapi::document;
use params::Params;
use parse::ParsedRequest;

/// What answering needs beside the request.
#[derive(Clone, Debug)]
pub(super) struct PartnerState {
    /// The sandboxes.
    pub(super) registry: Arc<Registry>,
    /// How long a client may take to send a body.
    pub(super) request_timeout: Duration,
    /// Tells when the server stops.
    pub(super) stopping: GracefulShutdownSignal,
}

/// A reply on its way.
pub(super) type ResponseFuture = Pin<Box<dyn Future<Output = Result<Response<BoxBody>, Error>>>>;

/// Answers a request to an endpoint. Every request is answered, but where a fault is meant to keep
/// it from that: whatever is wrong with it becomes a refusal.
pub(super) fn serve(
    endpoint: Endpoint,
    state: &Rc<PartnerState>,
    mut request: Request,
) -> ResponseFuture {
    if request.conn_data::<Connection>().is_some_and(Connection::is_taken) {
        // It was sent behind one that a fault has ended the connection with: nobody hears it.
        return Box::pin(ready(Ok(socket::fault::to_nobody())));
    }
    let is_method_right = request.method().as_str() == endpoint.method();
    let magic = state.registry.settings().on_demand_errors;
    if is_method_right && matches!(request.payload(), Payload::None) {
        // Nearly every GET: there is nothing to wait for, and so nothing to carry over a wait.
        let parsed = parse::parse(endpoint, &request, Ok(Params::default()), magic);
        return match decide(state, &request, &parsed) {
            RequestProgress::Response(response) => Box::pin(ready(Ok(response))),
            decided => {
                let state = Rc::clone(state);
                Box::pin(async move { Ok(finish(decided, &state, &request).await) })
            }
        };
    }
    let state = Rc::clone(state);
    Box::pin(async move {
        let body =
            request_body::read(request.payload(), request_body::MOST_BYTES, state.request_timeout)
                .await;
        if !is_method_right {
            return Ok(refuse_method(endpoint, &request, state.registry.shape_without_sandbox()));
        }
        let parsed = match &body {
            Ok(body) => {
                let fields = encoding::read(request.headers(), body).await;
                parse::parse(endpoint, &request, fields, magic)
            }
            Err(refusal) => ParsedRequest::hopeless(endpoint, refusal.clone()),
        };
        Ok(match decide(&state, &request, &parsed) {
            RequestProgress::Response(response) => response,
            // Boxed, since it is rare and every request would carry its room.
            decided => Box::pin(finish(decided, &state, &request)).await,
        })
    })
}

/// How far a request has come without waiting.
enum RequestProgress {
    /// It is answered.
    Response(Response<BoxBody>),
    /// Its reply comes late, spoilt or not at all.
    FaultAction(Response<BoxBody>, Arc<CallOutcome>),
    /// It is held up before it takes effect. Whose it is, and what of its `Prefer` is followed.
    Delayed(Box<DelayedCall>, String, String),
    /// Its sandbox has to be caught up with first. The call, whose it is, and what of its `Prefer`
    /// is followed.
    Waiting(Box<(WaitingCall, Call, String, String)>),
}

fn decide(state: &PartnerState, request: &Request, parsed: &ParsedRequest<'_>) -> RequestProgress {
    let ParsedRequest { api_key, call, applied } = parsed;
    let entered = match api_key {
        Ok(api_key) => state.registry.enter(api_key, call),
        Err(refusal) => CallProgress::Decided(state.registry.refuse(refusal.clone())),
    };
    has_entered(state, request, api_key.as_deref().ok(), call, applied, entered)
}

fn has_entered(
    state: &PartnerState,
    request: &Request,
    api_key: Option<&str>,
    call: &Call,
    applied: &str,
    entered: CallProgress,
) -> RequestProgress {
    let key = || api_key.unwrap_or_default().to_owned();
    match entered {
        CallProgress::Decided(outcome) => answer(state, request, api_key, call, applied, outcome),
        CallProgress::Delayed(held) => RequestProgress::Delayed(held, key(), applied.to_owned()),
        CallProgress::Waiting(waiting) => {
            RequestProgress::Waiting(Box::new((waiting, call.clone(), key(), applied.to_owned())))
        }
    }
}

/// Counts, logs and writes what became of a request.
fn answer(
    state: &PartnerState,
    request: &Request,
    api_key: Option<&str>,
    call: &Call,
    applied: &str,
    outcome: Arc<CallOutcome>,
) -> RequestProgress {
    state.registry.count(call.endpoint, outcome.kind());
    log::request(api_key, call, &outcome);
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let mut response = reply::write(&outcome, target);
    if outcome.prefer_applied
        && let Ok(applied) = HeaderValue::from_str(applied)
    {
        response.headers_mut().insert(HeaderName::from_static("preference-applied"), applied);
    }
    if outcome.delay == RealDuration::ZERO && outcome.override_action.is_none() {
        return RequestProgress::Response(response);
    }
    RequestProgress::FaultAction(response, outcome)
}

/// Waits for what a request has to wait for, and sees it to its end.
async fn finish(
    mut decided: RequestProgress,
    state: &PartnerState,
    request: &Request,
) -> Response<BoxBody> {
    let connection = request.conn_data::<Connection>();
    loop {
        decided = match decided {
            RequestProgress::Response(response) => return response,
            RequestProgress::FaultAction(response, outcome) => {
                return deliver(response, &outcome, connection, state).await;
            }
            RequestProgress::Delayed(held, api_key, applied) => {
                let (delay, call) = (held.delay(), Arc::clone(held.call()));
                let is_there = wait(delay, connection, state).await;
                held.wait_for_sandbox(&state.registry).await;
                if !is_there {
                    // A call whose client has gone never takes effect.
                    log::abandoned(Some(&api_key), &call);
                    state.registry.count(call.endpoint, OutcomeKind::NoReply);
                    drop(held);
                    return close_connection(connection).await;
                }
                answer(state, request, Some(&api_key), &call, &applied, held.resume())
            }
            RequestProgress::Waiting(waiting) => {
                let (waiting, call, api_key, applied) = *waiting;
                waiting.wait(&state.registry).await;
                let entered = state.registry.enter_again(waiting, &call);
                has_entered(state, request, Some(&api_key), &call, &applied, entered)
            }
        };
    }
}

/// What the client gets, before anything happens to it on the wire.
pub(super) fn encode_outcome(outcome: &CallOutcome, endpoint: Endpoint) -> Response<BoxBody> {
    reply::write(outcome, endpoint.path())
}

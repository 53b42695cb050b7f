//! The partner API: bytes come in, [`fields`] takes them apart, [`parse`] makes a command of
//! them, the registry has it carried out, [`reply`] writes what comes back.

mod bodies;
mod delivery;
mod described;
mod encoding;
mod fields;
mod parse;
mod prefer;
mod reply;
mod unrouted;
mod written;

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

use super::wire::Line;
use super::{body, log, wire};
use crate::domain::endpoint::Endpoint;
use crate::domain::real_span::RealSpan;
use crate::registry::{Call, Entered, Held, Registry, Waiting};
use crate::sandbox::outcome::{Ending, Outcome};
use delivery::{deliver, hang_up, wait};
pub(super) use described::describe;
use fields::Fields;
use parse::Parsed;
use unrouted::refuse_method;
pub(super) use unrouted::{refuse_path, refuse_unreadable};

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

/// A reply on its way.
pub(super) type Replying = Pin<Box<dyn Future<Output = Result<Response<BoxBody>, Error>>>>;

/// Answers a request to an endpoint. Every request is answered, but where a fault is meant to keep
/// it from that: whatever is wrong with it becomes a refusal.
pub(super) fn serve(endpoint: Endpoint, desk: &Rc<Desk>, mut request: Request) -> Replying {
    if request.conn_data::<Line>().is_some_and(Line::is_taken) {
        // It was sent behind one that a fault has ended the connection with: nobody hears it.
        return Box::pin(ready(Ok(wire::fault::to_nobody())));
    }
    let is_method_right = request.method().as_str() == endpoint.method();
    let magic = desk.registry.settings().magic;
    if is_method_right && matches!(request.payload(), Payload::None) {
        // Nearly every GET: there is nothing to wait for, and so nothing to carry over a wait.
        let parsed = parse::parse(endpoint, &request, Ok(Fields::default()), magic);
        return match decide(desk, &request, &parsed) {
            Decided::Response(response) => Box::pin(ready(Ok(response))),
            decided => {
                let desk = Rc::clone(desk);
                Box::pin(async move { Ok(see_through(decided, &desk, &request).await) })
            }
        };
    }
    let desk = Rc::clone(desk);
    Box::pin(async move {
        let body = body::read(request.payload(), body::MOST_BYTES, desk.request_timeout).await;
        if !is_method_right {
            return Ok(refuse_method(endpoint, &request, desk.registry.shape_without_sandbox()));
        }
        let parsed = match &body {
            Ok(body) => {
                let fields = encoding::read(request.headers(), body).await;
                parse::parse(endpoint, &request, fields, magic)
            }
            Err(refusal) => Parsed::hopeless(endpoint, refusal.clone()),
        };
        Ok(match decide(&desk, &request, &parsed) {
            Decided::Response(response) => response,
            // Boxed, since it is rare and every request would carry its room.
            decided => Box::pin(see_through(decided, &desk, &request)).await,
        })
    })
}

/// How far a request has come without waiting.
enum Decided {
    /// It is answered.
    Response(Response<BoxBody>),
    /// Its reply comes late, spoilt or not at all.
    Strike(Response<BoxBody>, Arc<Outcome>),
    /// It is held up before it takes effect. Whose it is, and what of its `Prefer` is followed.
    Held(Box<Held>, String, String),
    /// Its sandbox has to be caught up with first. The call, whose it is, and what of its `Prefer`
    /// is followed.
    Waiting(Box<(Waiting, Call, String, String)>),
}

fn decide(desk: &Desk, request: &Request, parsed: &Parsed<'_>) -> Decided {
    let Parsed { api_key, call, applied } = parsed;
    let entered = match api_key {
        Ok(api_key) => desk.registry.enter(api_key, call),
        Err(refusal) => Entered::Decided(desk.registry.refuse(refusal.clone())),
    };
    has_entered(desk, request, api_key.as_deref().ok(), call, applied, entered)
}

fn has_entered(
    desk: &Desk,
    request: &Request,
    api_key: Option<&str>,
    call: &Call,
    applied: &str,
    entered: Entered,
) -> Decided {
    let key = || api_key.unwrap_or_default().to_owned();
    match entered {
        Entered::Decided(outcome) => answer(desk, request, api_key, call, applied, outcome),
        Entered::Held(held) => Decided::Held(held, key(), applied.to_owned()),
        Entered::Waiting(waiting) => {
            Decided::Waiting(Box::new((waiting, call.clone(), key(), applied.to_owned())))
        }
    }
}

/// Counts, logs and writes what became of a request.
fn answer(
    desk: &Desk,
    request: &Request,
    api_key: Option<&str>,
    call: &Call,
    applied: &str,
    outcome: Arc<Outcome>,
) -> Decided {
    desk.registry.count(call.endpoint, outcome.ending());
    log::request(api_key, call, &outcome);
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let mut response = reply::write(&outcome, target);
    if outcome.prefer_applied
        && let Ok(applied) = HeaderValue::from_str(applied)
    {
        response.headers_mut().insert(HeaderName::from_static("preference-applied"), applied);
    }
    if outcome.delay == RealSpan::ZERO && outcome.instead.is_none() {
        return Decided::Response(response);
    }
    Decided::Strike(response, outcome)
}

/// Waits for what a request has to wait for, and sees it to its end.
async fn see_through(mut decided: Decided, desk: &Desk, request: &Request) -> Response<BoxBody> {
    let line = request.conn_data::<Line>();
    loop {
        decided = match decided {
            Decided::Response(response) => return response,
            Decided::Strike(response, outcome) => {
                return deliver(response, &outcome, line, desk).await;
            }
            Decided::Held(held, api_key, applied) => {
                let (delay, call) = (held.delay(), Arc::clone(held.call()));
                let is_there = wait(delay, line, desk).await;
                held.wait_for_sandbox(&desk.registry).await;
                if !is_there {
                    // A call whose client has gone never takes effect.
                    log::abandoned(Some(&api_key), &call);
                    desk.registry.count(call.endpoint, Ending::NoReply);
                    drop(held);
                    return hang_up(line).await;
                }
                answer(desk, request, Some(&api_key), &call, &applied, held.go_on())
            }
            Decided::Waiting(waiting) => {
                let (waiting, call, api_key, applied) = *waiting;
                waiting.wait(&desk.registry).await;
                let entered = desk.registry.enter_again(waiting, &call);
                has_entered(desk, request, Some(&api_key), &call, &applied, entered)
            }
        };
    }
}

/// What the client gets, before anything happens to it on the wire.
pub(super) fn written(outcome: &Outcome, endpoint: Endpoint) -> Response<BoxBody> {
    reply::write(outcome, endpoint.path())
}

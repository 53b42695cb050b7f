//! How a reply is sent: at once, late, spoilt or not at all.

use actix_http::Response;
use actix_web::body::BoxBody;

use super::Desk;
use crate::domain::real_span::RealSpan;
use crate::http::wire::{self, Line};
use crate::sandbox::faults::Strike;
use crate::sandbox::outcome::Outcome;

/// Sends a reply late, spoilt or not at all.
pub(super) async fn deliver(
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
pub(super) async fn hang_up(line: Option<&Line>) -> Response<BoxBody> {
    if let Some(line) = line {
        line.take_over().await;
    }
    wire::fault::to_nobody()
}

/// Waits; less long where the server stops, since requests in flight are answered first. Whether
/// the client is still there.
#[expect(clippy::disallowed_methods, reason = "a client's socket timeout runs on real time")]
pub(super) async fn wait(span: RealSpan, line: Option<&Line>, desk: &Desk) -> bool {
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

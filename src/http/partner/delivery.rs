//! How a reply is sent: at once, late, spoilt or not at all.

use actix_http::Response;
use actix_web::body::BoxBody;

use super::PartnerState;
use crate::domain::real_duration::RealDuration;
use crate::http::socket::{self, Connection};
use crate::sandbox::faults::FaultAction;
use crate::sandbox::outcome::CallOutcome;

/// Sends a reply late, spoilt or not at all.
pub(super) async fn deliver(
    response: Response<BoxBody>,
    outcome: &CallOutcome,
    connection: Option<&Connection>,
    state: &PartnerState,
) -> Response<BoxBody> {
    if !wait(outcome.delay, connection, state).await {
        outcome.client_disconnected.note();
        return close_connection(connection).await;
    }
    let Some(connection) = connection else { return response };
    match outcome.override_action {
        Some(FaultAction::Wire(fault, noise)) => {
            let stopping = state.stopping.clone();
            let stopping = async move { stopping.notified().await };
            socket::fault::perform(fault, noise, response, connection, stopping).await
        }
        _ => {
            socket::announce(&response, connection);
            response
        }
    }
}

/// Sends nothing to a client that has gone. One that has only closed its side looks the same, and
/// is treated the same (our ruling).
pub(super) async fn close_connection(connection: Option<&Connection>) -> Response<BoxBody> {
    if let Some(connection) = connection {
        connection.take_over().await;
    }
    socket::fault::to_nobody()
}

/// Waits; less long where the server stops, since requests in flight are answered first. Whether
/// the client is still there.
#[expect(clippy::disallowed_methods, reason = "a client's socket timeout runs on real time")]
pub(super) async fn wait(
    span: RealDuration,
    connection: Option<&Connection>,
    state: &PartnerState,
) -> bool {
    if span == RealDuration::ZERO {
        return true;
    }
    let gone = async {
        match connection {
            Some(connection) => connection.wait_for_disconnect().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = tokio::time::sleep(span.to_std()) => true,
        () = gone => false,
        () = state.stopping.notified() => true,
    }
}

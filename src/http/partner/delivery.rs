//! Sends a reply: at once, late, damaged by a fault, or not at all.

use actix_http::Response;
use actix_web::body::BoxBody;

use super::PartnerState;
use crate::domain::real_duration::RealDuration;
use crate::http::socket::{self, Connection, client_disconnected};
use crate::sandbox::faults::FaultAction;
use crate::sandbox::outcome::CallOutcome;

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

/// Ends the connection without a reply, for a client that has disconnected. One that has only
/// closed its sending side looks the same and is treated the same (our ruling).
pub(super) async fn close_connection(connection: Option<&Connection>) -> Response<BoxBody> {
    if let Some(connection) = connection {
        connection.take_over().await;
    }
    socket::fault::closing_response()
}

/// Waits, but no longer once the server stops. Returns whether the client is still connected.
#[expect(clippy::disallowed_methods, reason = "a client's socket timeout runs on real time")]
pub(super) async fn wait(
    duration: RealDuration,
    connection: Option<&Connection>,
    state: &PartnerState,
) -> bool {
    if duration == RealDuration::ZERO {
        return true;
    }
    tokio::select! {
        () = tokio::time::sleep(duration.to_std()) => true,
        () = client_disconnected(connection) => false,
        () = state.stopping.notified() => true,
    }
}

//! The partner API's four endpoints: [`serve`] takes a request through all steps, [`params`] and
//! [`encoding`] read its parameters, [`parse`] turns them into a command, [`encode`] writes the
//! reply and [`delivery`] sends it, late or through a fault if need be.

mod body_params;
mod date;
mod delivery;
mod dto;
mod encode;
mod fallback;
mod openapi;
mod params;
mod parse;
mod prefer;
mod retry_after;
mod serve;
mod unrouted;

use std::sync::Arc;
use std::time::Duration;

use actix_server::GracefulShutdownSignal;

use crate::registry::Registry;
pub(super) use encode::outcome as encode_outcome;
pub(super) use fallback::{refuse_bad_request, refuse_path};
pub(super) use openapi::document;
pub(super) use serve::{ResponseFuture, serve};

/// What requests share.
#[derive(Clone, Debug)]
pub(super) struct PartnerState {
    pub(super) registry: Arc<Registry>,
    /// How long a client may take to send a body.
    pub(super) request_timeout: Duration,
    /// Resolves when the server stops.
    pub(super) stopping: GracefulShutdownSignal,
}

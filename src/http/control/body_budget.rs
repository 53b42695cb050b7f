//! Limits the memory of long bodies in transit: a request stays in memory until all of it has arrived,
//! a reply until its client has read it, so many slow clients could fill the memory.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::HttpResponseBuilder;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::{HandlerResult, Problem};
use crate::registry::MemorySize;

/// Shorter replies are not counted.
const SHORT_REPLY: usize = 4 << 10;
/// Shorter requests are not counted.
const SHORT_REQUEST: usize = 16 << 10;
/// How much is handed to the connection at once; it asks for more once this has left.
const PIECE: usize = 64 << 10;
/// The bytes of one permit.
const UNIT: usize = 1 << 10;

/// Shared by all connections of a server. Each direction has its own budget, so that clients that do
/// not read block nobody from sending.
#[derive(Clone, Debug)]
pub(crate) struct BodyBudget {
    requests: Arc<Semaphore>,
    replies: Arc<Semaphore>,
    units: u32,
}

impl BodyBudget {
    /// Each direction gets a sixteenth of the process's memory limit.
    pub(crate) fn new(max_memory: MemorySize) -> Self {
        let units = u32::try_from(max_memory.bytes() / 16 / UNIT).unwrap_or(u32::MAX >> 3);
        let semaphore = || Arc::new(Semaphore::new(units as usize));
        Self { requests: semaphore(), replies: semaphore(), units }
    }

    /// Waits until a request's body of at most `most` bytes fits. The read timeout of slow senders
    /// frees their share.
    pub(super) async fn for_request(&self, most: usize) -> Option<OwnedSemaphorePermit> {
        if most < SHORT_REQUEST {
            return None;
        }
        // The semaphore is never closed.
        Arc::clone(&self.requests).acquire_many_owned(self.units_of(most)).await.ok()
    }

    /// Sends a body, or fails with 503 if it does not fit. A body longer than the whole budget fits when
    /// nothing else is in transit.
    pub(super) fn send(&self, mut response: HttpResponseBuilder, body: Vec<u8>) -> HandlerResult {
        if body.len() < SHORT_REPLY {
            return Ok(response.body(body));
        }
        let permit = Arc::clone(&self.replies).try_acquire_many_owned(self.units_of(body.len()));
        let permit = permit.map_err(|_| {
            Problem::unavailable(
                "too many long replies are waiting for clients that do not read them; read or close \
                 them, request shorter pages with limit, or raise --max-memory",
            )
        })?;
        Ok(response.body(BudgetedBody { rest: body.into(), _permit: permit }))
    }

    fn units_of(&self, bytes: usize) -> u32 {
        u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).min(self.units)
    }
}

/// A body that is sent in pieces and frees its share at the end.
struct BudgetedBody {
    rest: Bytes,
    _permit: OwnedSemaphorePermit,
}

impl MessageBody for BudgetedBody {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.rest.len() as u64)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let rest = &mut self.get_mut().rest;
        if rest.is_empty() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(rest.split_to(rest.len().min(PIECE)))))
    }
}

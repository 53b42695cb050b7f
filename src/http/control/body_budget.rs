//! Room for long bodies on their way, in and out.
//!
//! A request is in memory until it has come whole, a reply until its client has read it. So that many
//! slow clients do not fill the memory, there is a bound to what is on its way at once.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;
use crate::registry::MemorySize;

/// A reply of fewer bytes is not counted.
const SHORT_REPLY: usize = 4 << 10;
/// A request of fewer bytes is not counted.
const SHORT_REQUEST: usize = 16 << 10;
/// How much is handed to the connection at once: it takes more only when this has left.
const PIECE: usize = 64 << 10;
/// What a permit stands for.
const UNIT: usize = 1 << 10;

/// The room for long bodies, shared by all connections of a server: one for each direction, so that
/// clients which do not read keep nobody from writing.
#[derive(Clone, Debug)]
pub(in crate::http) struct BodyBudget {
    requests: Arc<Semaphore>,
    replies: Arc<Semaphore>,
    units: u32,
}

impl BodyBudget {
    /// Each direction may take a sixteenth of the memory that the process may take.
    pub(in crate::http) fn new(max_memory: MemorySize) -> Self {
        let units = u32::try_from(max_memory.bytes() / 16 / UNIT).unwrap_or(u32::MAX >> 3);
        let body_budget = || Arc::new(Semaphore::new(units as usize));
        Self { requests: body_budget(), replies: body_budget(), units }
    }

    /// Waits for room for the body of a request, where it may be long. Who takes long to send it gives
    /// the room back when the time for that is over.
    pub(super) async fn for_request(&self, most: usize) -> Option<OwnedSemaphorePermit> {
        if most < SHORT_REQUEST {
            return None;
        }
        // The semaphore is never closed.
        Arc::clone(&self.requests).acquire_many_owned(self.units_of(most)).await.ok()
    }

    /// Sends a body, where there is room for it. One that is longer than all the room is sent alone.
    ///
    /// # Errors
    /// 503 where too much is on its way.
    pub(super) fn send(
        &self,
        mut response: HttpResponseBuilder,
        body: Vec<u8>,
    ) -> Result<HttpResponse, Problem> {
        if body.len() < SHORT_REPLY {
            return Ok(response.body(body));
        }
        let permit = Arc::clone(&self.replies).try_acquire_many_owned(self.units_of(body.len()));
        let permit = permit.map_err(|_| {
            Problem::unavailable(
                "too many long replies are on their way to clients that do not read them; read or \
                 close them, ask for shorter pages with limit, or give --max-memory more",
            )
        })?;
        Ok(response.body(BudgetedBody { rest: body.into(), _permit: permit }))
    }

    fn units_of(&self, bytes: usize) -> u32 {
        u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).min(self.units)
    }
}

/// A body that leaves in pieces, and gives its room back at the end.
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

//! A body that arrives in small pieces.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use tokio::time::{Interval, MissedTickBehavior};

/// Sends a body in pieces, evenly spread over a time, the last one at its end.
pub(super) struct DribbleBody<S> {
    rest: Bytes,
    piece: usize,
    /// Started by the first poll, so that the time counts from the head.
    clock: Option<Interval>,
    pause: Duration,
    stopping: Pin<Box<S>>,
}

impl<S: Future<Output = ()>> DribbleBody<S> {
    /// More pieces would look the same to a client.
    const MOST_PIECES: u32 = 20;

    /// Once `stopping` resolves, the rest is sent at once.
    pub(super) fn new(body: Bytes, over: Duration, stopping: S) -> Self {
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX).max(1);
        let piece = length.div_ceil(Self::MOST_PIECES);
        let pause = over / length.div_ceil(piece);
        Self { rest: body, piece: piece as usize, clock: None, pause, stopping: Box::pin(stopping) }
    }
}

impl<S: Future<Output = ()>> MessageBody for DribbleBody<S> {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.rest.len() as u64)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            return Poll::Ready(None);
        }
        if this.stopping.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut this.rest))));
        }
        let pause = this.pause.max(Duration::from_micros(1));
        let clock = this.clock.get_or_insert_with(|| {
            let mut clock = tokio::time::interval(pause);
            clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
            // Otherwise the first tick would be immediate.
            clock.reset();
            clock
        });
        ready!(clock.poll_tick(context));
        let piece = this.rest.split_to(this.piece.min(this.rest.len()));
        Poll::Ready(Some(Ok(piece)))
    }
}

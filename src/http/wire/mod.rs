//! The socket under the HTTP dispatcher.
//!
//! The dispatcher answers what it cannot read as HTTP by itself, with an empty body. Here such a
//! reply gets the body that the rest of the API has: see [`unreadable`]. And here faults happen that
//! HTTP has no words for: see [`fault`].

mod dribble;
pub(super) mod fault;
mod intake;
mod line;
mod unreadable;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use intake::Intake;
pub(super) use line::Line;
pub(super) use unreadable::announce;

/// A connection of a client, as the dispatcher reads and writes it.
pub(super) struct Wire {
    line: Line,
    intake: Intake,
    /// The last reply of the connection, instead of what the dispatcher wrote.
    farewell: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

impl Wire {
    /// Takes over a connection.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { line: Line::new(stream), intake: Intake::default(), farewell: None }
    }

    /// The connection itself.
    pub(super) fn line(&self) -> Line {
        self.line.clone()
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("line", &self.line).finish_non_exhaustive()
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.line.is_taken() {
            // The end: what the client still sends is no longer the dispatcher's.
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let polled = self.line.poll_read(context, buffer);
        self.intake.watch(&mut buffer.filled_mut()[before..]);
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.line.is_taken() {
            return Poll::Ready(Ok(bytes.len()));
        }
        // The replies of the API end in a body, so one look is mostly enough.
        if this.farewell.is_none()
            && bytes.ends_with(b"\r\n\r\n")
            && let Some((before, refusal)) =
                unreadable::find(bytes, this.line.lookalikes(), &this.intake)
        {
            let reply = [before, &refusal.write(&this.line)].concat();
            let line = this.line.clone();
            this.farewell = Some(Box::pin(async move {
                line.write(&reply).await;
                line.close().await;
                line.take();
            }));
        }
        this.intake.answered();
        let Some(farewell) = &mut this.farewell else {
            return this.line.poll_write(context, bytes);
        };
        ready!(farewell.as_mut().poll(context));
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.line.poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.line.is_taken() { Poll::Ready(Ok(())) } else { self.line.poll_shutdown(context) }
    }
}

impl ActixStream for Wire {
    fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        self.line.with(|stream| ActixStream::poll_read_ready(stream, context))
    }

    fn poll_write_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        self.line.with(|stream| ActixStream::poll_write_ready(stream, context))
    }
}

//! The socket under the HTTP dispatcher.
//!
//! The dispatcher answers what it cannot read as HTTP by itself, with an empty body. Here such a
//! reply gets the body that the rest of the API has. And here faults happen that HTTP has no words
//! for: see [`fault`].

mod dribble;
pub(super) mod fault;
mod line;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_http::Response;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub(super) use line::Line;

use super::log;
use crate::domain::error_code::ErrorCode;

/// A connection of a client, as the dispatcher reads and writes it.
pub(super) struct Wire {
    line: Line,
    /// Whether the client has sent anything.
    heard: bool,
    /// The last reply of the connection, instead of what the dispatcher wrote.
    farewell: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

impl Wire {
    /// Takes over a connection.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { line: Line::new(stream), heard: false, farewell: None }
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

/// The statuses with which the dispatcher answers what it cannot read, and what to say of each.
const UNREADABLE: [(&str, u16, &str); 3] = [
    (
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n",
        400,
        "the request cannot be read as HTTP/1.1; check its request line, headers and framing",
    ),
    (
        "HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n",
        408,
        "the request did not arrive in time; send its head at once and whole",
    ),
    (
        "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n",
        431,
        "the request line and headers are too long; a call needs a few hundred bytes",
    ),
];

/// Announces a reply of ours, where it looks like one that the dispatcher would have written.
pub(super) fn announce(reply: &Response<BoxBody>, line: &Line) {
    let is_empty = reply.body().size() == BodySize::Sized(0);
    if is_empty && UNREADABLE.iter().any(|(_, status, _)| *status == reply.status().as_u16()) {
        line.expect_lookalike();
    }
}

/// What is written instead, where the dispatcher's last reply is one of its own: all replies
/// before it, and a better one. `None` where it is not, or one of `lookalikes` replies of ours.
fn better(written: &[u8], lookalikes: usize) -> Option<Vec<u8>> {
    let finds = (0..written.len()).filter_map(|at| {
        let known = UNREADABLE.iter().find(|known| written[at..].starts_with(known.0.as_bytes()));
        known.map(|known| (at, known))
    });
    // Behind its own the dispatcher writes nothing more.
    let (start, (head, status, message)) = finds.skip(lookalikes).last()?;
    log::unreadable(*status, message);
    let code = ErrorCode::InvalidRequest.as_str();
    let body = format!("{{\"status\":\"error\",\"code\":\"{code}\",\"message\":\"{message}\"}}");
    let status_line = head.split("\r\n").next().unwrap_or_default();
    let head = format!(
        "{status_line}\r\ncontent-length: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n",
        body.len()
    );
    Some([&written[..start], head.as_bytes(), body.as_bytes()].concat())
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
        self.heard |= buffer.filled().len() > before;
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
            && let Some(better) = better(bytes, this.line.lookalikes())
        {
            // To a client that never said a word there is nothing to answer.
            let reply = if this.heard { better } else { Vec::new() };
            let line = this.line.clone();
            this.farewell = Some(Box::pin(async move {
                line.write(&reply).await;
                line.close().await;
                line.take();
            }));
        }
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

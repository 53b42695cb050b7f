//! The socket under the HTTP dispatcher.
//!
//! The dispatcher answers what it cannot read as HTTP by itself, with an empty body. Here such a
//! reply gets the body that the rest of the API has.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::log;

/// A connection of a client.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    /// Whether the client has sent anything.
    heard: bool,
    /// What is written instead of what the dispatcher wrote.
    instead: Option<Instead>,
}

#[derive(Debug)]
struct Instead {
    bytes: Vec<u8>,
    sent: usize,
    /// The length of what the dispatcher wrote.
    stands_for: usize,
}

impl Wire {
    /// Takes over a connection.
    pub(super) fn new(stream: TcpStream) -> Self {
        // Replies are small and written whole: to wait for more would only delay them. Where it
        // cannot be set, replies come later and are right all the same.
        let _ = stream.set_nodelay(true);
        Self { stream, heard: false, instead: None }
    }
}

/// The statuses with which the dispatcher answers what it cannot read, and what to say of each.
const UNREADABLE: [(&str, u16, &str, &str); 3] = [
    (
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n",
        400,
        "INVALID_REQUEST",
        "the request cannot be read as HTTP/1.1; check its request line, headers and framing",
    ),
    (
        "HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n",
        408,
        "INVALID_REQUEST",
        "the request did not arrive in time; send its head at once and whole",
    ),
    (
        "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n",
        431,
        "INVALID_REQUEST",
        "the request line and headers are too long; a call needs a few hundred bytes",
    ),
];

/// The reply that the dispatcher's own one becomes; `None` where it wrote something else.
fn better(written: &[u8]) -> Option<Vec<u8>> {
    let is = |head: &str| written.starts_with(head.as_bytes());
    let (head, status, code, message) = UNREADABLE.iter().find(|(head, ..)| is(head))?;
    log::unreadable(*status, message);
    let body = format!("{{\"status\":\"error\",\"code\":\"{code}\",\"message\":\"{message}\"}}");
    let status_line = head.split("\r\n").next().unwrap_or_default();
    let head = format!(
        "{status_line}\r\ncontent-length: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n",
        body.len()
    );
    Some((head + &body).into_bytes())
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
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
        // Our own replies start like this in nearly all cases, so that one look is enough.
        if this.instead.is_none()
            && bytes.starts_with(b"HTTP/1.1 4")
            && let Some(better) = better(bytes)
        {
            // To a client that never said a word there is nothing to answer.
            let bytes_instead = if this.heard { better } else { Vec::new() };
            this.instead = Some(Instead { bytes: bytes_instead, sent: 0, stands_for: bytes.len() });
        }
        let Some(instead) = &mut this.instead else {
            return Pin::new(&mut this.stream).poll_write(context, bytes);
        };
        while instead.sent < instead.bytes.len() {
            let rest = &instead.bytes[instead.sent..];
            instead.sent += ready!(Pin::new(&mut this.stream).poll_write(context, rest))?;
        }
        let stands_for = instead.stands_for;
        this.instead = None;
        Poll::Ready(Ok(stands_for))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl ActixStream for Wire {
    fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_read_ready(&self.stream, context)
    }

    fn poll_write_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_write_ready(&self.stream, context)
    }
}

//! The socket under the HTTP dispatcher.
//!
//! The dispatcher answers what it cannot read as HTTP by itself, with an empty body. Here such a
//! reply gets the body that the rest of the API has.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::log;
use crate::domain::error_code::ErrorCode;

/// A connection of a client.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    /// Whether the client has sent anything.
    heard: bool,
    /// What is written instead of what the dispatcher wrote.
    instead: Option<Farewell>,
}

/// The last reply of a connection. Once it is sent, what the client still sends is read and
/// thrown away: to close on unread bytes would reset the connection, and with it the reply.
#[derive(Debug)]
struct Farewell {
    bytes: Vec<u8>,
    sent: usize,
    /// How long the client is listened to.
    patience: Pin<Box<tokio::time::Sleep>>,
}

impl Farewell {
    const PATIENCE: Duration = Duration::from_secs(1);

    #[expect(clippy::disallowed_methods, reason = "how long bytes may travel is real time")]
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, sent: 0, patience: Box::pin(tokio::time::sleep(Self::PATIENCE)) }
    }

    fn poll(&mut self, stream: &mut TcpStream, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut stream = Pin::new(stream);
        while self.sent < self.bytes.len() {
            self.sent += ready!(stream.as_mut().poll_write(context, &self.bytes[self.sent..]))?;
        }
        ready!(stream.as_mut().poll_shutdown(context))?;
        let mut scrap = [0; 4_096];
        while self.patience.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut scrap);
            ready!(stream.as_mut().poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
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

/// What is written instead, where the dispatcher's last reply is one of its own: all replies
/// before it, and a better one. `None` where it is not.
fn better(written: &[u8]) -> Option<Vec<u8>> {
    let at = |head: &str| written.windows(head.len()).rposition(|part| part == head.as_bytes());
    let (start, (head, status, message)) =
        UNREADABLE.iter().find_map(|known| Some((at(known.0)?, known)))?;
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
        // The replies of the API end in a body, so one look is mostly enough.
        if this.instead.is_none()
            && bytes.ends_with(b"\r\n\r\n")
            && let Some(better) = better(bytes)
        {
            // To a client that never said a word there is nothing to answer.
            this.instead = Some(Farewell::new(if this.heard { better } else { Vec::new() }));
        }
        let Some(instead) = &mut this.instead else {
            return Pin::new(&mut this.stream).poll_write(context, bytes);
        };
        // A client that went away first has no use for the reply.
        let _ = ready!(instead.poll(&mut this.stream, context));
        Poll::Ready(Ok(bytes.len()))
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

//! The socket between the client and actix-http.
//!
//! actix-http replies to what it cannot read as HTTP with an empty body; [`bad_request`] gives those
//! replies the body of all other errors. Faults that HTTP has no words for happen here too: [`fault`].

mod bad_request;
mod connection;
mod dribble;
pub(super) mod fault;
mod inbound_filter;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub(super) use bad_request::announce;
pub(super) use connection::{Connection, client_disconnected};
use inbound_filter::InboundFilter;

/// The stream that actix-http reads and writes.
pub(super) struct Socket {
    connection: Connection,
    inbound: InboundFilter,
    /// Sends a last reply in place of the one that actix-http wrote.
    close_connection: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            connection: Connection::new(stream),
            inbound: InboundFilter::default(),
            close_connection: None,
        }
    }

    pub(super) fn connection(&self) -> Connection {
        self.connection.clone()
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.connection.is_taken() {
            // Ends the stream for actix-http, whatever the client still sends.
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let polled = self.connection.poll_read(context, buffer);
        self.inbound.inspect(&mut buffer.filled_mut()[before..]);
        polled
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.connection.is_taken() {
            return Poll::Ready(Ok(bytes.len()));
        }
        // Our own replies end in a body, so this check nearly always suffices.
        if this.close_connection.is_none()
            && bytes.ends_with(b"\r\n\r\n")
            && let Some((before, refusal)) =
                bad_request::find(bytes, this.connection.lookalikes(), &this.inbound)
        {
            let reply = [before, &refusal.write(&this.connection)].concat();
            let connection = this.connection.clone();
            this.close_connection = Some(Box::pin(async move {
                connection.write(&reply).await;
                connection.close().await;
                connection.take();
            }));
        }
        this.inbound.answered();
        let Some(close_connection) = &mut this.close_connection else {
            return this.connection.poll_write(context, bytes);
        };
        ready!(close_connection.as_mut().poll(context));
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.connection.poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.connection.is_taken() {
            Poll::Ready(Ok(()))
        } else {
            self.connection.poll_shutdown(context)
        }
    }
}

impl ActixStream for Socket {
    fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        self.connection.with(|stream| ActixStream::poll_read_ready(stream, context))
    }

    fn poll_write_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        self.connection.with(|stream| ActixStream::poll_write_ready(stream, context))
    }
}

//! A client's connection, shared by actix-http and the handler of a request.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// The silence after which a hanging client gets a TCP keepalive probe.
const PROBED_AFTER: Duration = Duration::from_secs(30);
/// How long to keep reading after the last byte was sent.
const LINGER: Duration = Duration::from_secs(1);

/// A connection. Once a fault has taken it over, actix-http neither reads nor writes.
#[derive(Clone, Debug)]
pub(crate) struct Connection(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    stream: RefCell<TcpStream>,
    taken: Cell<bool>,
    /// The client has closed its sending side, or the whole connection.
    disconnected: Cell<bool>,
    /// Notified when the client disconnects.
    disconnects: Notify,
    /// actix-http has flushed since [`Connection::take_over`] began to wait.
    flushed: Cell<bool>,
    /// Woken by a flush. A [`Notify`] would cost every request a lock.
    flush_waker: RefCell<Option<Waker>>,
    /// How many unsent replies look like actix-http's own error replies.
    lookalikes: Cell<usize>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        // Replies are small and written at once; waiting for more would only delay them. Without
        // this option they arrive later, but intact.
        let _ = stream.set_nodelay(true);
        Self(Rc::new(Inner {
            stream: RefCell::new(stream),
            taken: Cell::new(false),
            disconnected: Cell::new(false),
            disconnects: Notify::new(),
            flushed: Cell::new(false),
            flush_waker: RefCell::new(None),
            lookalikes: Cell::new(0),
        }))
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&TcpStream) -> T) -> T {
        act(&self.0.stream.borrow())
    }

    pub(crate) fn is_taken(&self) -> bool {
        self.0.taken.get()
    }

    /// Stops actix-http from reading and writing.
    pub(super) fn take(&self) {
        self.0.taken.set(true);
    }

    /// Announces a reply of ours that looks like one of actix-http's own.
    pub(super) fn expect_lookalike(&self) {
        self.0.lookalikes.set(self.0.lookalikes.get() + 1);
    }

    /// How many such replies the current write may contain.
    pub(super) fn lookalikes(&self) -> usize {
        self.0.lookalikes.get()
    }

    pub(super) fn poll_read(
        &self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut *self.0.stream.borrow_mut()).poll_read(context, buffer);
        let is_end = match &polled {
            Poll::Ready(Ok(())) => buffer.filled().len() == before && buffer.remaining() > 0,
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        };
        if is_end {
            self.0.disconnected.set(true);
            self.0.disconnects.notify_waiters();
        }
        polled
    }

    pub(super) fn poll_write(
        &self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0.stream.borrow_mut()).poll_write(context, bytes)
    }

    /// actix-http flushes after it has written everything.
    pub(super) fn poll_flush(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.lookalikes.set(0);
        self.0.flushed.set(true);
        if let Some(waker) = self.0.flush_waker.take() {
            waker.wake();
        }
        Pin::new(&mut *self.0.stream.borrow_mut()).poll_flush(context)
    }

    pub(super) fn poll_shutdown(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0.stream.borrow_mut()).poll_shutdown(context)
    }

    /// Waits until the client disconnects, while actix-http reads.
    async fn wait_for_disconnect(&self) {
        while !self.0.disconnected.get() {
            self.0.disconnects.notified().await;
        }
    }

    /// Waits until the client disconnects, on a connection that is taken over.
    pub(super) async fn read_until_disconnect(&self) {
        // A client that loses its network never closes. Without this option it would hang for ever.
        let probes = TcpKeepalive::new().with_time(PROBED_AFTER);
        let _ = self.with(|stream| SockRef::from(stream).set_tcp_keepalive(&probes));
        let mut discarded = [0; 4_096];
        while !self.0.disconnected.get() {
            let mut buffer = ReadBuf::new(&mut discarded);
            let _ = poll_fn(|context| self.poll_read(context, &mut buffer)).await;
        }
    }

    /// Takes the connection over once all earlier replies are written.
    pub(crate) async fn take_over(&self) {
        self.0.flushed.set(false);
        poll_fn(|context| {
            if self.0.flushed.get() {
                return Poll::Ready(());
            }
            *self.0.flush_waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
        self.take();
    }

    /// Writes all bytes, or as many as the client accepts before it disconnects.
    pub(crate) async fn write(&self, bytes: &[u8]) {
        let mut sent = 0;
        poll_fn(|context| {
            while sent < bytes.len() {
                match ready!(self.poll_write(context, &bytes[sent..])) {
                    Ok(written @ 1..) => sent += written,
                    Ok(0) | Err(_) => break,
                }
            }
            Poll::Ready(())
        })
        .await;
    }

    /// Closes gracefully: reads what the client still sends, since closing on unread bytes would reset
    /// the connection and lose the last bytes to the client.
    pub(crate) async fn close(&self) {
        let _ = poll_fn(|context| self.poll_shutdown(context)).await;
        let _ = tokio::time::timeout(LINGER, async {
            let mut discarded = [0; 4_096];
            let mut is_open = !self.0.disconnected.get();
            while is_open {
                let mut buffer = ReadBuf::new(&mut discarded);
                let read = poll_fn(|context| self.poll_read(context, &mut buffer)).await;
                is_open = read.is_ok() && !buffer.filled().is_empty();
            }
        })
        .await;
    }

    /// Makes the connection end in a TCP reset.
    pub(crate) fn reset_at_end(&self) {
        let _ = self.0.stream.borrow().set_zero_linger();
    }
}

/// Waits until the client disconnects; for ever if there is no connection.
pub(crate) async fn client_disconnected(connection: Option<&Connection>) {
    match connection {
        Some(connection) => connection.wait_for_disconnect().await,
        None => std::future::pending().await,
    }
}

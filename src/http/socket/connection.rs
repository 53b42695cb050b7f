//! A connection, as both the HTTP dispatcher and the one who answers a request know it.

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

/// How long a client that hangs may be silent before its side is asked for a sign of life.
const PROBED_AFTER: Duration = Duration::from_secs(30);
/// How long a client is listened to after the last byte for it.
const PATIENCE: Duration = Duration::from_secs(1);

/// A connection. A fault may take it over: from then on the dispatcher writes to nobody, and reads
/// nothing.
#[derive(Clone, Debug)]
pub(in crate::http) struct Connection(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    stream: RefCell<TcpStream>,
    /// Whether a fault has taken it over.
    taken: Cell<bool>,
    /// Whether the client has closed its side, or the whole connection.
    gone: Cell<bool>,
    /// Tells when the client goes.
    going: Notify,
    /// Whether all that the dispatcher had to write is written, since somebody asked.
    flushed: Cell<bool>,
    /// Who asked. A [`Notify`] would cost every request a lock.
    asks: RefCell<Option<Waker>>,
    /// How many replies that are not sent yet look like the dispatcher's own.
    lookalikes: Cell<usize>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        // Replies are small and written whole: to wait for more would only delay them. Where it
        // cannot be set, replies come later and are right all the same.
        let _ = stream.set_nodelay(true);
        Self(Rc::new(Inner {
            stream: RefCell::new(stream),
            taken: Cell::new(false),
            gone: Cell::new(false),
            going: Notify::new(),
            flushed: Cell::new(false),
            asks: RefCell::new(None),
            lookalikes: Cell::new(0),
        }))
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&TcpStream) -> T) -> T {
        act(&self.0.stream.borrow())
    }

    /// Whether a fault has taken it over.
    pub(in crate::http) fn is_taken(&self) -> bool {
        self.0.taken.get()
    }

    /// Lets nobody else write or read any more.
    pub(super) fn take(&self) {
        self.0.taken.set(true);
    }

    /// Announces a reply of ours that looks like one of the dispatcher's own.
    pub(super) fn expect_lookalike(&self) {
        self.0.lookalikes.set(self.0.lookalikes.get() + 1);
    }

    /// How many of those may be in what is written now.
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
            self.0.gone.set(true);
            self.0.going.notify_waiters();
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

    /// The dispatcher flushes at the end of each of its turns, once all is written.
    pub(super) fn poll_flush(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.lookalikes.set(0);
        self.0.flushed.set(true);
        if let Some(waker) = self.0.asks.take() {
            waker.wake();
        }
        Pin::new(&mut *self.0.stream.borrow_mut()).poll_flush(context)
    }

    pub(super) fn poll_shutdown(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0.stream.borrow_mut()).poll_shutdown(context)
    }

    /// Waits until the client has gone, while the dispatcher reads.
    pub(in crate::http) async fn wait_for_disconnect(&self) {
        while !self.0.gone.get() {
            self.0.going.notified().await;
        }
    }

    /// The same once it is taken over, when nobody else reads.
    pub(super) async fn read_until_disconnect(&self) {
        // A client that loses its network says no farewell. Where this cannot be set, it hangs on.
        let probes = TcpKeepalive::new().with_time(PROBED_AFTER);
        let _ = self.with(|stream| SockRef::from(stream).set_tcp_keepalive(&probes));
        let mut scrap = [0; 4_096];
        while !self.0.gone.get() {
            let mut buffer = ReadBuf::new(&mut scrap);
            let _ = poll_fn(|context| self.poll_read(context, &mut buffer)).await;
        }
    }

    /// Takes the connection over, once all replies before are on their way.
    pub(in crate::http) async fn take_over(&self) {
        self.0.flushed.set(false);
        poll_fn(|context| {
            if self.0.flushed.get() {
                return Poll::Ready(());
            }
            *self.0.asks.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
        self.take();
    }

    /// Writes all of it; the client may have gone meanwhile.
    pub(in crate::http) async fn write(&self, bytes: &[u8]) {
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

    /// Closes in good order. What the client still sends is read and thrown away: to close on
    /// unread bytes would reset the connection, and with it the last bytes to the client.
    pub(in crate::http) async fn close(&self) {
        let _ = poll_fn(|context| self.poll_shutdown(context)).await;
        let _ = tokio::time::timeout(PATIENCE, async {
            let mut scrap = [0; 4_096];
            let mut is_open = !self.0.gone.get();
            while is_open {
                let mut buffer = ReadBuf::new(&mut scrap);
                let read = poll_fn(|context| self.poll_read(context, &mut buffer)).await;
                is_open = read.is_ok() && !buffer.filled().is_empty();
            }
        })
        .await;
    }

    /// Lets the connection end in a TCP reset.
    pub(in crate::http) fn reset_at_end(&self) {
        let _ = self.0.stream.borrow().set_zero_linger();
    }
}

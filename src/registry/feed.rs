//! What happens in the sandboxes, as it happens, for those who listen.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::domain::api_key::ApiKey;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::insight::journal::Entry;
use crate::insight::life::Stage;
use crate::sandbox::event::Happening;
use crate::sandbox::faults::FaultId;
use crate::scenario::Clock;

/// How many items a slow listener may be behind before it loses some.
const CAPACITY: usize = 1_024;

/// What happens in the sandboxes. Publishing costs nearly nothing while nobody listens.
#[derive(Clone, Debug)]
pub struct Feed {
    sender: broadcast::Sender<Arc<Item>>,
    /// How many listen: the channel itself would take a lock to tell.
    listeners: Arc<AtomicUsize>,
}

/// Somebody who listens.
#[derive(Debug)]
pub struct Listener {
    receiver: broadcast::Receiver<Arc<Item>>,
    listeners: Arc<AtomicUsize>,
}

impl Listener {
    /// Waits for what happens next.
    ///
    /// # Errors
    /// How much was lost, where the listener is too slow.
    pub async fn recv(&mut self) -> Result<Arc<Item>, RecvError> {
        self.receiver.recv().await
    }

    /// What has happened already, if anything has.
    ///
    /// # Errors
    /// That nothing has, or how much was lost.
    pub fn try_recv(&mut self) -> Result<Arc<Item>, TryRecvError> {
        self.receiver.try_recv()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Something that happened in a sandbox.
#[derive(Debug)]
pub struct Item {
    /// In which.
    pub api_key: ApiKey,
    /// When, in virtual time.
    pub at: Timestamp,
    /// What.
    pub news: News,
}

/// What can happen in a sandbox.
#[derive(Debug)]
pub enum News {
    /// A request was answered, or left without an answer.
    Request(Box<Entry>),
    /// A client rented or cancelled.
    Rental {
        /// This one.
        rental_id: RentalId,
        /// How it stands now.
        state: Stage,
    },
    /// Something that was due happened.
    Happened(Happening),
    /// Somebody moved the clock, or changed how it runs: to this.
    Clock(Clock),
    /// A fault rule was added or removed, or a fault has fired.
    Fault {
        /// Which.
        id: FaultId,
        /// `added`, `removed` or `fired`.
        what: &'static str,
    },
    /// The sandbox was made, reset or deleted: what was known of it is over.
    Sandbox,
}

impl Default for Feed {
    fn default() -> Self {
        Self { sender: broadcast::channel(CAPACITY).0, listeners: Arc::default() }
    }
}

impl Feed {
    pub(super) fn publish(&self, api_key: &ApiKey, at: Timestamp, news: impl FnOnce() -> News) {
        if self.is_heard() {
            // That the last one has just gone is no error.
            let _ = self.sender.send(Arc::new(Item { api_key: api_key.clone(), at, news: news() }));
        }
    }

    /// Whether anybody listens.
    pub(super) fn is_heard(&self) -> bool {
        self.listeners.load(Ordering::Relaxed) > 0
    }

    /// Listens from now on.
    #[must_use]
    pub fn listen(&self) -> Listener {
        let receiver = self.sender.subscribe();
        // What is published from here on is heard: the sandbox's lock orders the rest.
        self.listeners.fetch_add(1, Ordering::Relaxed);
        Listener { receiver, listeners: Arc::clone(&self.listeners) }
    }
}

//! What happens in the sandboxes, as it happens, for those who listen.
//!
//! There is a channel for those who listen to all sandboxes, and one for each key that somebody
//! listens to, so that what happens under one key wakes nobody who listens to another.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use super::verify_wait::VerifyWaits;
use crate::domain::api_key::ApiKey;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::sandbox::event::EventKind;
use crate::sandbox::faults::FaultId;
use crate::sandbox::rental::RentalStatus;
use crate::scenario::Clock;

/// How many items a slow listener may be behind before it loses some.
const CAPACITY: usize = 1_024;

/// What happens in the sandboxes. Publishing costs nearly nothing while nobody listens.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventBus(Arc<Channels>);

#[derive(Debug, Default)]
struct Channels {
    all: Arc<Channel>,
    by_key: Mutex<HashMap<Box<str>, OfKey>>,
    /// How many keys somebody listens to: mostly none, and then nobody looks for them.
    keys: AtomicUsize,
}

/// The channel of a key, and how many hold it.
#[derive(Debug, Default)]
struct OfKey {
    channel: Arc<Channel>,
    holders: usize,
}

/// Those who listen to the same.
#[derive(Debug)]
pub(super) struct Channel {
    sender: broadcast::Sender<Arc<PublishedEvent>>,
    /// How many listen: the channel itself would take a lock to tell.
    listeners: AtomicUsize,
    /// Those who wait for requests: they are woken only once theirs have come.
    pub(super) verify_waits: VerifyWaits,
}

impl Default for Channel {
    fn default() -> Self {
        let sender = broadcast::channel(CAPACITY).0;
        Self { sender, listeners: AtomicUsize::new(0), verify_waits: VerifyWaits::default() }
    }
}

/// The channel of a key, which is there for as long as somebody holds it.
#[derive(Debug)]
pub(super) struct KeyChannel {
    event_bus: EventBus,
    api_key: Box<str>,
    pub(super) channel: Arc<Channel>,
}

impl Drop for KeyChannel {
    fn drop(&mut self) {
        let Channels { by_key, keys, .. } = &*self.event_bus.0;
        let mut by_key = by_key.lock();
        // Whoever else holds it counts it up under the lock that is held here.
        let holders = by_key.get_mut(&self.api_key).map(|of_key| {
            of_key.holders -= 1;
            of_key.holders
        });
        if holders == Some(0) {
            by_key.remove(&self.api_key);
            keys.store(by_key.len(), Ordering::Relaxed);
        }
    }
}

impl Channel {
    /// Whether anybody listens.
    fn is_heard(&self) -> bool {
        self.listeners.load(Ordering::Relaxed) > 0
    }

    fn send(&self, item: Arc<PublishedEvent>) {
        // That the last one has just gone is no error.
        let _ = self.sender.send(item);
    }
}

/// Somebody who listens.
#[derive(Debug)]
pub(crate) struct Subscription {
    receiver: broadcast::Receiver<Arc<PublishedEvent>>,
    channel: Arc<Channel>,
    /// Kept for as long as somebody listens to it.
    _of_key: Option<KeyChannel>,
}

impl Subscription {
    /// Waits for what happens next.
    ///
    /// # Errors
    /// How much was lost, where the listener is too slow.
    pub(crate) async fn recv(&mut self) -> Result<Arc<PublishedEvent>, RecvError> {
        self.receiver.recv().await
    }

    /// What has happened already, if anything has.
    ///
    /// # Errors
    /// That nothing has, or how much was lost.
    pub(crate) fn try_recv(&mut self) -> Result<Arc<PublishedEvent>, TryRecvError> {
        self.receiver.try_recv()
    }

    /// Passes over what has happened already, but for the newest of it. Gives how much that is.
    pub(crate) fn skip_to_newest(&mut self) -> u64 {
        const NEWEST: usize = 64;
        let mut skipped = 0;
        while self.receiver.len() > NEWEST {
            skipped += match self.receiver.try_recv() {
                Ok(_) => 1,
                Err(TryRecvError::Lagged(missed)) => missed,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return skipped,
            };
        }
        skipped
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.channel.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Something that happened in a sandbox.
#[derive(Debug)]
pub(crate) struct PublishedEvent {
    /// In which.
    pub api_key: ApiKey,
    /// When, in virtual time.
    pub at: Timestamp,
    /// What.
    pub update: Update,
    /// How it is told over HTTP, written by the first who sends it.
    pub encoded: OnceLock<Bytes>,
}

/// What can happen in a sandbox.
#[derive(Debug)]
pub(crate) enum Update {
    /// A request was answered, or left without an answer.
    Request(Box<JournalEntry>),
    /// A client rented or cancelled.
    Rental {
        /// This one.
        rental_id: RentalId,
        /// How it stands now.
        state: RentalStatus,
    },
    /// Something that was due happened.
    Event(EventKind),
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
    Reset,
}

impl EventBus {
    /// Tells those who listen to all, and those who listen through `own`.
    pub(super) fn publish(
        &self,
        own: Option<&Channel>,
        api_key: &ApiKey,
        at: Timestamp,
        update: impl FnOnce() -> Update,
    ) {
        let own = own.filter(|own| own.is_heard());
        let all = Some(&*self.0.all).filter(|all| all.is_heard());
        if own.is_none() && all.is_none() {
            return;
        }
        let (api_key, encoded) = (api_key.clone(), OnceLock::new());
        let item = Arc::new(PublishedEvent { api_key, at, update: update(), encoded });
        for channel in own.into_iter().chain(all) {
            channel.send(Arc::clone(&item));
        }
    }

    /// Whether anybody hears what is published so.
    pub(super) fn is_heard(&self, own: Option<&Channel>) -> bool {
        self.is_heard_of_all() || own.is_some_and(Channel::is_heard)
    }

    /// Whether anybody listens to all sandboxes.
    pub(super) fn is_heard_of_all(&self) -> bool {
        self.0.all.is_heard()
    }

    /// The channel of a key, where somebody listens to it.
    pub(super) fn channel(&self, api_key: &str) -> Option<Arc<Channel>> {
        if self.0.keys.load(Ordering::Acquire) == 0 {
            return None;
        }
        self.0.by_key.lock().get(api_key).map(|of_key| Arc::clone(&of_key.channel))
    }

    /// The keys that somebody listens to.
    pub(super) fn keys(&self) -> Vec<Box<str>> {
        if self.0.keys.load(Ordering::Relaxed) == 0 {
            return Vec::new();
        }
        self.0.by_key.lock().keys().cloned().collect()
    }

    /// Holds the channel of a key, whether or not it has a sandbox yet. The sandbox that it has is
    /// to be told of it.
    pub(super) fn hold(&self, api_key: &str) -> KeyChannel {
        let mut by_key = self.0.by_key.lock();
        let of_key = by_key.entry(api_key.into()).or_default();
        of_key.holders += 1;
        let channel = Arc::clone(&of_key.channel);
        self.0.keys.store(by_key.len(), Ordering::Release);
        KeyChannel { event_bus: self.clone(), api_key: api_key.into(), channel }
    }

    /// Listens to all sandboxes from now on.
    pub(crate) fn subscribe(&self) -> Subscription {
        Subscription::to(Arc::clone(&self.0.all), None)
    }
}

impl Subscription {
    /// Listens to a channel from now on.
    pub(super) fn to(channel: Arc<Channel>, of_key: Option<KeyChannel>) -> Self {
        let receiver = channel.sender.subscribe();
        // What is published from here on is heard: the sandbox's lock orders the rest.
        channel.listeners.fetch_add(1, Ordering::Relaxed);
        Self { receiver, channel, _of_key: of_key }
    }
}

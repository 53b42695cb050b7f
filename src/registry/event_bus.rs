//! Publishes what happens in the sandboxes as it happens.
//!
//! One channel serves subscribers of all sandboxes; each api_key with subscribers has its own, so
//! that events of one key wake no subscriber of another.

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

/// How many events a subscriber may lag behind before it loses some.
const CAPACITY: usize = 1_024;

/// Publishing costs next to nothing without subscribers.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventBus(Arc<Channels>);

#[derive(Debug, Default)]
struct Channels {
    all: Arc<Channel>,
    by_key: Mutex<HashMap<Box<str>, OfKey>>,
    /// The number of keys with a channel. Usually 0, and then nobody takes the lock.
    keys: AtomicUsize,
}

#[derive(Debug, Default)]
struct OfKey {
    channel: Arc<Channel>,
    holders: usize,
}

#[derive(Debug)]
pub(super) struct Channel {
    sender: broadcast::Sender<Arc<PublishedEvent>>,
    /// The number of subscribers: asking the sender would take a lock.
    listeners: AtomicUsize,
    /// Callers that wait for requests, woken only when their expectation is decided.
    pub(super) verify_waits: VerifyWaits,
}

impl Default for Channel {
    fn default() -> Self {
        let sender = broadcast::channel(CAPACITY).0;
        Self { sender, listeners: AtomicUsize::new(0), verify_waits: VerifyWaits::default() }
    }
}

/// Keeps the channel of a key in existence.
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
        // `hold` counts up under this lock.
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
    fn has_subscribers(&self) -> bool {
        self.listeners.load(Ordering::Relaxed) > 0
    }

    fn send(&self, item: Arc<PublishedEvent>) {
        // It fails only if the last subscriber has just gone.
        let _ = self.sender.send(item);
    }
}

#[derive(Debug)]
pub(crate) struct Subscription {
    receiver: broadcast::Receiver<Arc<PublishedEvent>>,
    channel: Arc<Channel>,
    /// Kept until the subscriber goes.
    _of_key: Option<KeyChannel>,
}

impl Subscription {
    /// Waits for the next event. The error tells how many were lost, if the subscriber was too
    /// slow.
    pub(crate) async fn recv(&mut self) -> Result<Arc<PublishedEvent>, RecvError> {
        self.receiver.recv().await
    }

    /// The next event, if it is there already.
    pub(crate) fn try_recv(&mut self) -> Result<Arc<PublishedEvent>, TryRecvError> {
        self.receiver.try_recv()
    }

    /// Skips all but the newest events, and returns how many it skipped.
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

/// An event as subscribers get it.
#[derive(Debug)]
pub(crate) struct PublishedEvent {
    pub api_key: ApiKey,
    /// The virtual time.
    pub at: Timestamp,
    pub update: Update,
    /// The server-sent event, encoded by whoever sends it first.
    pub encoded: OnceLock<Bytes>,
}

/// What happened.
#[derive(Debug)]
pub(crate) enum Update {
    /// A request was answered, or its client disconnected.
    Request(Box<JournalEntry>),
    /// A client rented or cancelled.
    Rental { rental_id: RentalId, state: RentalStatus },
    /// An event fell due.
    Event(EventKind),
    /// The clock was moved or replaced.
    Clock(Clock),
    Fault {
        id: FaultId,
        /// `added`, `removed` or `fired`.
        what: &'static str,
    },
    /// The sandbox was created, reset or deleted: subscribers must load it again.
    Reset,
}

impl EventBus {
    /// Publishes to the subscribers of all sandboxes, and to those of `own`.
    pub(super) fn publish(
        &self,
        own: Option<&Channel>,
        api_key: &ApiKey,
        at: Timestamp,
        update: impl FnOnce() -> Update,
    ) {
        let own = own.filter(|own| own.has_subscribers());
        let all = Some(&*self.0.all).filter(|all| all.has_subscribers());
        if own.is_none() && all.is_none() {
            return;
        }
        let (api_key, encoded) = (api_key.clone(), OnceLock::new());
        let item = Arc::new(PublishedEvent { api_key, at, update: update(), encoded });
        for channel in own.into_iter().chain(all) {
            channel.send(Arc::clone(&item));
        }
    }

    /// Whether `publish` would reach anybody.
    pub(super) fn has_subscribers(&self, own: Option<&Channel>) -> bool {
        self.has_global_subscribers() || own.is_some_and(Channel::has_subscribers)
    }

    pub(super) fn has_global_subscribers(&self) -> bool {
        self.0.all.has_subscribers()
    }

    /// The channel of a key, if it has one.
    pub(super) fn channel(&self, api_key: &str) -> Option<Arc<Channel>> {
        if self.0.keys.load(Ordering::Acquire) == 0 {
            return None;
        }
        self.0.by_key.lock().get(api_key).map(|of_key| Arc::clone(&of_key.channel))
    }

    /// The keys that have a channel.
    pub(super) fn keys(&self) -> Vec<Box<str>> {
        if self.0.keys.load(Ordering::Relaxed) == 0 {
            return Vec::new();
        }
        self.0.by_key.lock().keys().cloned().collect()
    }

    /// Holds the channel of a key, which need not have a sandbox yet. The caller connects the
    /// sandbox.
    pub(super) fn hold(&self, api_key: &str) -> KeyChannel {
        let mut by_key = self.0.by_key.lock();
        let of_key = by_key.entry(api_key.into()).or_default();
        of_key.holders += 1;
        let channel = Arc::clone(&of_key.channel);
        self.0.keys.store(by_key.len(), Ordering::Release);
        KeyChannel { event_bus: self.clone(), api_key: api_key.into(), channel }
    }

    /// Subscribes to all sandboxes.
    pub(crate) fn subscribe(&self) -> Subscription {
        Subscription::to(Arc::clone(&self.0.all), None)
    }
}

impl Subscription {
    pub(super) fn to(channel: Arc<Channel>, of_key: Option<KeyChannel>) -> Self {
        let receiver = channel.sender.subscribe();
        // From here on it gets everything: the sandbox's lock orders the rest.
        channel.listeners.fetch_add(1, Ordering::Relaxed);
        Self { receiver, channel, _of_key: of_key }
    }
}

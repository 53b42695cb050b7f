//! What happens in the sandboxes, as it happens, for those who listen.

use std::sync::Arc;

use tokio::sync::broadcast;

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
pub struct Feed(broadcast::Sender<Arc<Item>>);

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
        Self(broadcast::channel(CAPACITY).0)
    }
}

impl Feed {
    pub(super) fn publish(&self, api_key: &ApiKey, at: Timestamp, news: impl FnOnce() -> News) {
        if self.0.receiver_count() > 0 {
            // That the last one has just gone is no error.
            let _ = self.0.send(Arc::new(Item { api_key: api_key.clone(), at, news: news() }));
        }
    }

    /// Whether anybody listens.
    pub(super) fn is_heard(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// Listens from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Arc<Item>> {
        self.0.subscribe()
    }
}

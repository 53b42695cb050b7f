//! Waits until the requests of a key meet an expectation.
//!
//! Each answered request is compared with the expectations of all callers that wait, and a caller
//! is woken only once its expectation is decided, so that waiting costs clients next to nothing.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::Registry;
use super::event_bus::KeyChannel;
use crate::journal::JournalEntry;
use crate::journal::expectation::{Expectation, VerifyResult};

/// The callers that wait for requests of one key.
#[derive(Debug, Default)]
pub(super) struct VerifyWaits(Mutex<Vec<Arc<Watched>>>);

#[derive(Debug)]
struct Watched {
    expectation: Arc<Expectation>,
    progress: Mutex<VerifyProgress>,
    decided: Notify,
}

#[derive(Debug, Default)]
struct VerifyProgress {
    /// The `seq` of each matching request since the journal read began.
    fitting: Vec<u64>,
    /// The number of matches, once the journal has been read.
    matched: Option<u32>,
    /// Whether the journal was cleared or replaced.
    is_stale: bool,
}

impl VerifyWaits {
    /// Compares a request with all expectations.
    pub(super) fn see(&self, entry: &JournalEntry) {
        for watched in &*self.0.lock() {
            if watched.expectation.matches(entry) {
                watched.count(entry.seq);
            }
        }
    }

    /// Called when the journal was cleared or replaced.
    pub(super) fn look_again(&self) {
        for watched in &*self.0.lock() {
            watched.progress.lock().is_stale = true;
            watched.decided.notify_one();
        }
    }
}

impl Watched {
    fn count(&self, seq: u64) {
        let mut progress = self.progress.lock();
        match &mut progress.matched {
            None => progress.fitting.push(seq),
            Some(matched) => {
                *matched += 1;
                if self.expectation.is_decided_by(*matched) {
                    self.decided.notify_one();
                }
            }
        }
    }
}

/// A caller that waits.
#[derive(Debug)]
pub(crate) struct VerifyWait {
    held: KeyChannel,
    watched: Arc<Watched>,
}

impl Registry {
    /// Begins to wait. From here on no request is missed.
    pub(crate) fn begin_verify_wait(
        &self,
        api_key: &str,
        expectation: Arc<Expectation>,
    ) -> VerifyWait {
        let held = self.hold_channel(api_key);
        let (progress, decided) = (Mutex::default(), Notify::new());
        let watched = Arc::new(Watched { expectation, progress, decided });
        held.channel.verify_waits.0.lock().push(Arc::clone(&watched));
        VerifyWait { held, watched }
    }
}

impl VerifyWait {
    /// Call before reading the journal.
    pub(crate) fn begin_look(&self) {
        *self.watched.progress.lock() = VerifyProgress::default();
    }

    /// Call with the result of reading the journal.
    pub(crate) fn end_look(&self, verdict: &VerifyResult) {
        let mut progress = self.watched.progress.lock();
        let later = progress.fitting.iter().filter(|seq| **seq > verdict.through).count();
        progress.fitting = Vec::new();
        progress.matched = Some(verdict.matched + u32::try_from(later).unwrap_or(u32::MAX));
    }

    /// Waits until the expectation may be decided, or the journal must be read again.
    pub(crate) async fn decided(&self) {
        loop {
            {
                let progress = self.watched.progress.lock();
                let decides = |matched| self.watched.expectation.is_decided_by(matched);
                if progress.is_stale || progress.matched.is_some_and(decides) {
                    return;
                }
            }
            self.watched.decided.notified().await;
        }
    }
}

impl Drop for VerifyWait {
    fn drop(&mut self) {
        let mut verify_waits = self.held.channel.verify_waits.0.lock();
        verify_waits.retain(|watched| !Arc::ptr_eq(watched, &self.watched));
    }
}

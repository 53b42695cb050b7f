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
    /// Whether the journal must be read again: it may decide now, or was cleared or replaced.
    is_stale: bool,
}

impl VerifyWaits {
    /// Compares a request with all expectations.
    pub(super) fn see(&self, entry: &JournalEntry) {
        for watched in &*self.0.lock() {
            watched.see(entry);
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
    fn see(&self, entry: &JournalEntry) {
        let mut progress = self.progress.lock();
        if !self.expectation.awaits(entry, progress.matched) {
            return;
        }
        match &mut progress.matched {
            None => progress.fitting.push(entry.seq),
            Some(matched) => {
                if self.expectation.count(matched) {
                    progress.is_stale = true;
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
        let mut matched = verdict.matched;
        let fitting = std::mem::take(&mut progress.fitting);
        for _ in fitting.into_iter().filter(|seq| *seq > verdict.through) {
            progress.is_stale |= self.watched.expectation.count(&mut matched);
        }
        progress.matched = Some(matched);
    }

    /// Waits until the expectation may be decided, or the journal must be read again.
    pub(crate) async fn decided(&self) {
        loop {
            if self.watched.progress.lock().is_stale {
                return;
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

//! Waiting until what the clients of a key have asked is as expected.
//!
//! Each request that is answered is held against the expectations of those who wait for its key, and
//! they are woken only once that decides: to wait costs the clients next to nothing.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::Registry;
use super::event_bus::KeyChannel;
use crate::journal::JournalEntry;
use crate::journal::expectation::{Expectation, VerifyResult};

/// Those who wait for requests with the same key.
#[derive(Debug, Default)]
pub(super) struct VerifyWaits(Mutex<Vec<Arc<Watched>>>);

/// An expectation, and how near it is.
#[derive(Debug)]
struct Watched {
    expectation: Arc<Expectation>,
    progress: Mutex<VerifyProgress>,
    decided: Notify,
}

#[derive(Debug, Default)]
struct VerifyProgress {
    /// The `seq` of each request that fits and came since the look at the journal began.
    fitting: Vec<u64>,
    /// How many fit, once the journal has been looked at.
    matched: Option<u32>,
    /// Whether the journal was cleared, or is that of another sandbox now.
    is_stale: bool,
}

impl VerifyWaits {
    /// Holds a request against what is expected.
    pub(super) fn see(&self, entry: &JournalEntry) {
        for watched in &*self.0.lock() {
            if watched.expectation.matches(entry) {
                watched.count(entry.seq);
            }
        }
    }

    /// Tells that the journal was cleared, or that the key has another one now.
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

/// Somebody who waits.
#[derive(Debug)]
pub(crate) struct VerifyWait {
    held: KeyChannel,
    watched: Arc<Watched>,
}

impl Registry {
    /// Begins to wait for what is expected of a key. Nothing is missed from here on.
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
    /// Says that the journal is about to be looked at, perhaps that of another sandbox.
    pub(crate) fn begin_look(&self) {
        *self.watched.progress.lock() = VerifyProgress::default();
    }

    /// Goes on from what the look has shown.
    pub(crate) fn end_look(&self, verdict: &VerifyResult) {
        let mut progress = self.watched.progress.lock();
        let later = progress.fitting.iter().filter(|seq| **seq > verdict.through).count();
        progress.fitting = Vec::new();
        progress.matched = Some(verdict.matched + u32::try_from(later).unwrap_or(u32::MAX));
    }

    /// Waits until it seems to be decided, or another look is needed.
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

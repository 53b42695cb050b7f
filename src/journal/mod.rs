//! The journal of a sandbox: one entry a request, the oldest forgotten first.

pub(crate) mod expectation;
pub(crate) mod recorded_request;
pub(crate) mod rental_view;
mod timeline;

use std::collections::VecDeque;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::lint::Lint;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::clock::RealTime;
use crate::sandbox::faults::FaultId;
use crate::sandbox::outcome::CallOutcome;
use recorded_request::RecordedRequest;

/// A request, and what became of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct JournalEntry {
    /// Its place in the journal, from 1.
    pub seq: u64,
    /// When it was answered, in virtual time.
    pub at: Timestamp,
    /// The same in real time.
    pub real_at: Timestamp,
    /// Which endpoint it reached.
    pub endpoint: Endpoint,
    /// By which method.
    pub method: &'static str,
    /// The HTTP status of the reply, if one was sent.
    pub status: Option<u16>,
    /// The error of the reply, if it was one.
    pub code: Option<ErrorCode>,
    /// The rental it named, or the one that it made.
    pub rental_id: Option<RentalId>,
    /// The country it named.
    pub country: Option<Country>,
    /// The service it named.
    pub service: Option<Service>,
    /// What was accepted although the documentation writes it otherwise.
    pub lints: Vec<Lint>,
    /// What made it go wrong.
    pub fault: Option<FaultId>,
    /// What became of it, if it was decided at all: the reply can be written from it once more.
    #[serde(skip)]
    pub outcome: Option<Arc<CallOutcome>>,
    /// When it was answered, in real time, to the microsecond.
    #[serde(skip)]
    pub real: RealTime,
    /// Whether the clock ran by itself then, so that a client could know the time.
    #[serde(skip)]
    pub runs: bool,
    /// What it asked beside what stands above; mostly nothing.
    #[serde(skip)]
    pub details: Option<Box<Details>>,
    /// About how much memory it takes; the journal fills it in.
    #[serde(skip)]
    pub bytes: u32,
}

impl JournalEntry {
    fn weigh(&self) -> usize {
        let outcome = self.outcome.as_ref().map_or(0, |outcome| outcome.bytes());
        let service = self.service.as_ref().map_or(0, |service| service.as_str().len());
        let details = self.details.as_ref().map_or(0, |details| details.bytes());
        size_of::<Self>() + outcome + service + details + self.lints.capacity() * LINT_BYTES
    }
}

/// What a lint takes, its words included.
const LINT_BYTES: usize = 128;

/// What a request asked, where its entry does not tell all of it.
#[derive(Clone, Debug)]
pub struct Details {
    /// What it asked.
    pub asked: RecordedRequest,
    /// The number under which it was held up.
    pub held: Option<u32>,
}

impl Details {
    fn bytes(&self) -> usize {
        let refused = self.asked.refused.as_ref().map_or(0, |refused| refused.message.len());
        size_of::<Self>() + refused
    }
}

/// How much memory an entry may take on average: one that takes more, such as the reply with a long
/// SMS, takes the place of several.
const ENTRY_BYTES: usize = 1_024;

/// The newest requests of a sandbox, bounded in number and in memory.
#[derive(Debug)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    most: usize,
    bytes: usize,
    written: u64,
}

impl Journal {
    /// An empty journal that keeps at most so many entries.
    pub(crate) fn new(most: usize) -> Self {
        Self { entries: VecDeque::new(), most, bytes: 0, written: 0 }
    }

    /// Writes an entry; `make` is given its `seq`. Where `may_grow` is false, as many older entries go
    /// as it takes room. Gives the entry, where any are kept.
    pub(crate) fn write(
        &mut self,
        may_grow: bool,
        make: impl FnOnce(u64) -> JournalEntry,
    ) -> Option<&JournalEntry> {
        self.written += 1;
        if self.most == 0 {
            return None;
        }
        let is_full = self.entries.len() >= self.most;
        if is_full {
            self.drop_oldest();
        }
        if is_full {
            // Once: without room to spare, each entry takes the place of the one that it ends,
            // which saves memory, and time, since that place has just been read.
            self.entries.shrink_to(self.most);
        }
        self.entries.push_back(make(self.written));
        let entry = self.entries.back_mut()?;
        entry.bytes = u32::try_from(entry.weigh()).unwrap_or(u32::MAX);
        let most_bytes = match may_grow {
            true => self.most.saturating_mul(ENTRY_BYTES),
            false => self.bytes,
        };
        self.bytes += entry.bytes as usize;
        while self.bytes > most_bytes && self.entries.len() > 1 {
            self.drop_oldest();
        }
        self.entries.back()
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.entries.pop_front() {
            self.bytes -= oldest.bytes as usize;
        }
    }

    /// How many entries were written, and are kept or not.
    pub(crate) const fn written(&self) -> u64 {
        self.written
    }

    /// How many entries were written and are not kept.
    pub(crate) fn forgotten(&self) -> u64 {
        self.written - self.entries.len() as u64
    }

    /// About how much memory the entries take.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Forgets all entries; `seq` goes on. Gives them, since dropping many takes a while.
    pub(crate) fn clear(&mut self) -> VecDeque<JournalEntry> {
        self.bytes = 0;
        std::mem::take(&mut self.entries)
    }

    /// The entries after the one with this `seq`, oldest first.
    pub(crate) fn after(&self, seq: u64) -> impl Iterator<Item = &JournalEntry> {
        // Their seqs follow each other without a gap.
        let skipped = seq.saturating_sub(self.forgotten());
        self.entries.range(usize::try_from(skipped).unwrap_or(usize::MAX).min(self.entries.len())..)
    }
}

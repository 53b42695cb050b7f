//! The journal of a sandbox: one entry a request, the oldest forgotten first.

use std::collections::VecDeque;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::capsule::Asked;
use crate::domain::country::CountryCode;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::lint::Lint;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::clock::RealTime;
use crate::sandbox::faults::FaultId;
use crate::sandbox::outcome::Outcome;

/// A request, and what became of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Entry {
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
    pub country: Option<CountryCode>,
    /// The service it named.
    pub service: Option<Service>,
    /// What was accepted although the documentation writes it otherwise.
    pub lints: Vec<Lint>,
    /// What made it go wrong.
    pub fault: Option<FaultId>,
    /// What became of it, if it was decided at all: the reply can be written from it once more.
    #[serde(skip)]
    pub outcome: Option<Arc<Outcome>>,
    /// When it was answered, in real time, to the microsecond.
    #[serde(skip)]
    pub real: RealTime,
    /// Whether the clock ran by itself then, so that a client could know the time.
    #[serde(skip)]
    pub runs: bool,
    /// What it asked beside what stands above; mostly nothing.
    #[serde(skip)]
    pub aside: Option<Box<Aside>>,
}

/// What a request asked, where its entry does not tell all of it.
#[derive(Clone, Debug)]
pub struct Aside {
    /// What it asked.
    pub asked: Asked,
    /// The number under which it was held up.
    pub held: Option<u32>,
}

/// The last so many entries.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Entry>,
    most: usize,
    written: u64,
}

impl Journal {
    /// An empty journal that keeps at most so many entries.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { entries: VecDeque::new(), most, written: 0 }
    }

    /// Writes an entry; `make` is given its `seq`. Gives the entry, where any are kept.
    pub fn write(&mut self, make: impl FnOnce(u64) -> Entry) -> Option<&Entry> {
        self.written += 1;
        if self.most == 0 {
            return None;
        }
        if self.entries.len() >= self.most {
            self.entries.pop_front();
            // Once: without room to spare, each entry takes the place of the one that it ends,
            // which saves memory, and time, since that place has just been read.
            self.entries.shrink_to(self.most);
        }
        self.entries.push_back(make(self.written));
        self.entries.back()
    }

    /// How many entries were written, and are kept or not.
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.written
    }

    /// How many entries were written and are not kept.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.written - self.entries.len() as u64
    }

    /// Forgets all entries; `seq` goes on.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// The entries that are kept, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }
}

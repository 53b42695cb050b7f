//! The journal of a sandbox: an entry for each request; it forgets the oldest first.

pub(crate) mod client_trace;
pub(crate) mod expectation;
pub(crate) mod recorded_request;
pub(crate) mod rental_view;
mod timeline;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::lint::Lint;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::clock::RealTime;
use crate::sandbox::faults::FaultId;
use crate::sandbox::outcome::CallOutcome;
use client_trace::ClientTrace;
use recorded_request::RecordedRequest;

/// A request and what became of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct JournalEntry {
    /// Its number in the journal, from 1.
    pub seq: u64,
    /// When it was answered, in virtual time.
    pub at: Timestamp,
    /// When it was answered, in real time.
    pub real_at: Timestamp,
    /// The endpoint that it called; `None` if its path is none of the API's.
    pub endpoint: Option<Endpoint>,
    /// The HTTP method.
    pub method: &'static str,
    /// The path that it called; in JSON only if it is none of the API's.
    #[serde(skip_serializing_if = "is_of_api")]
    pub path: Cow<'static, str>,
    /// The HTTP status of the reply, if one was sent.
    pub status: Option<u16>,
    /// The error code, if it was refused.
    pub code: Option<ErrorCode>,
    /// The rental that it named, or that it made.
    pub rental_id: Option<RentalId>,
    /// The country that it named.
    pub country: Option<Country>,
    /// The service that it named.
    pub service: Option<Service>,
    /// What was accepted although the documentation writes it differently.
    pub lints: Vec<Lint>,
    /// The fault rule that fired.
    pub fault: Option<FaultId>,
    /// What was decided, from which the reply can be encoded again; `None` if the client hung up
    /// before it took effect.
    #[serde(skip)]
    pub(crate) outcome: Option<Arc<CallOutcome>>,
    /// `real_at` to the microsecond.
    #[serde(skip)]
    pub(crate) real: RealTime,
    /// Whether the clock ran by itself.
    #[serde(skip)]
    pub(crate) runs: bool,
    /// `at` without the steps of a per_poll clock, which are no pauses of the client.
    #[serde(skip)]
    pub(crate) unstepped_at: Timestamp,
    /// What the other fields do not tell; mostly nothing.
    #[serde(flatten)]
    pub(crate) details: Option<Box<Details>>,
    /// The size in memory, roughly; set by the journal.
    #[serde(skip)]
    pub(crate) bytes: u32,
}

#[expect(clippy::ptr_arg, reason = "serde asks for it")]
const fn is_of_api(path: &Cow<'static, str>) -> bool {
    matches!(path, Cow::Borrowed(_))
}

impl JournalEntry {
    /// How long the reply was held back.
    #[must_use]
    pub fn delay(&self) -> RealDuration {
        self.outcome.as_ref().map_or(RealDuration::ZERO, |outcome| outcome.delay)
    }

    /// The trace that the client sent it in: its header `traceparent`.
    #[must_use]
    pub fn traceparent(&self) -> Option<&str> {
        self.details.as_ref()?.trace.traceparent.as_deref()
    }

    /// The client's own id of it: its header `X-Request-Id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.details.as_ref()?.trace.request_id.as_deref()
    }

    /// Whether it was refused before it reached the sandbox.
    pub(crate) fn is_unrouted(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.at.is_none())
    }

    /// What it asked the sandbox; `None` for an unrouted request.
    pub(crate) fn request(&self) -> Option<RecordedRequest> {
        let endpoint = self.endpoint.filter(|_| !self.is_unrouted())?;
        if let Some(details) = &self.details {
            return Some(details.request.clone());
        }
        Some(RecordedRequest {
            country: self.country,
            service: self.service.clone(),
            // A rentNumber does not name the rental that it makes.
            rental_id: self.rental_id.filter(|_| endpoint != Endpoint::RentNumber),
            malformed: false,
            ..RecordedRequest::new(endpoint, None)
        })
    }

    fn size(&self) -> usize {
        let outcome = self.outcome.as_ref().map_or(0, |outcome| outcome.bytes());
        let service = self.service.as_ref().map_or(0, |service| service.as_str().len());
        let details = self.details.as_ref().map_or(0, |details| details.bytes());
        let path = if is_of_api(&self.path) { 0 } else { self.path.len() };
        let lints = self.lints.capacity() * LINT_BYTES;
        size_of::<Self>() + outcome + service + details + path + lints
    }
}

/// The size of a lint with its texts.
const LINT_BYTES: usize = 128;

/// What a request asked and said of itself, if the entry alone does not tell.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Details {
    #[serde(skip)]
    pub(crate) request: RecordedRequest,
    /// The id of the delay that it waited for.
    #[serde(skip)]
    pub(crate) delay_id: Option<u32>,
    #[serde(flatten)]
    pub(crate) trace: ClientTrace,
}

impl Details {
    fn bytes(&self) -> usize {
        let refused = self.request.refused.as_ref().map_or(0, |refused| refused.message.len());
        size_of::<Self>() + refused + self.trace.bytes()
    }
}

/// The memory budget of an entry. A larger one, such as a reply with a long SMS, takes the place of
/// several.
const ENTRY_BYTES: usize = 1_024;

/// The newest requests of a sandbox, bounded in number and in memory.
#[derive(Debug)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    max_entries: usize,
    bytes: usize,
    written: u64,
}

impl Journal {
    pub(crate) fn new(max_entries: usize) -> Self {
        Self { entries: VecDeque::new(), max_entries, bytes: 0, written: 0 }
    }

    /// Appends the entry that `make` returns for a `seq`, and drops old ones: unless the journal
    /// `may_grow`, as many as the new one needs. Returns the entry, if the journal keeps any.
    pub(crate) fn write(
        &mut self,
        may_grow: bool,
        make: impl FnOnce(u64) -> JournalEntry,
    ) -> Option<&JournalEntry> {
        self.written += 1;
        if self.max_entries == 0 {
            return None;
        }
        if self.entries.len() >= self.max_entries {
            self.drop_oldest();
            // Without spare capacity each new entry reuses the place of the one just dropped, which
            // is warm in the cache.
            self.entries.shrink_to(self.max_entries);
        }
        self.entries.push_back(make(self.written));
        let entry = self.entries.back_mut()?;
        entry.bytes = u32::try_from(entry.size()).unwrap_or(u32::MAX);
        let max_bytes = match may_grow {
            true => self.max_entries.saturating_mul(ENTRY_BYTES),
            false => self.bytes,
        };
        self.bytes += entry.bytes as usize;
        while self.bytes > max_bytes && self.entries.len() > 1 {
            self.drop_oldest();
        }
        self.entries.back()
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.entries.pop_front() {
            self.bytes -= oldest.bytes as usize;
        }
    }

    /// The number of entries ever written.
    pub(crate) const fn written(&self) -> u64 {
        self.written
    }

    /// The number of entries written and no longer kept.
    pub(crate) fn forgotten(&self) -> u64 {
        self.written - self.entries.len() as u64
    }

    /// The size in memory, roughly.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Removes all entries; `seq` goes on. Returns them, since dropping many takes a while.
    pub(crate) fn clear(&mut self) -> VecDeque<JournalEntry> {
        self.bytes = 0;
        std::mem::take(&mut self.entries)
    }

    /// The entries after this `seq`, oldest first.
    pub(crate) fn after(&self, seq: u64) -> impl Iterator<Item = &JournalEntry> {
        // The seqs have no gaps.
        let skipped = seq.saturating_sub(self.forgotten());
        self.entries.range(usize::try_from(skipped).unwrap_or(usize::MAX).min(self.entries.len())..)
    }
}

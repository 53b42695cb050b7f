//! The changes from outside, kept for a replay. The requests between them are in the journal.

use std::collections::VecDeque;
use std::sync::Arc;

use super::state::SandboxState;
use crate::capsule::Change;
use crate::domain::api_key::ApiKey;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::sandbox::clock::RealTime;
use crate::sandbox::config::SandboxConfig;

/// The changes in order; it forgets the oldest first.
#[derive(Debug)]
pub(super) struct ChangeLog {
    changes: VecDeque<Changed>,
    most: usize,
    bytes: usize,
    forgotten: bool,
    held: u32,
}

/// The memory that a change may take on average.
const CHANGE_BYTES: usize = 1_024;

#[derive(Clone, Debug)]
struct Changed {
    /// The number of requests in the journal before it.
    after: u64,
    at: Timestamp,
    real: RealTime,
    what: Change,
}

impl Changed {
    fn bytes(&self) -> usize {
        let words = match &self.what {
            Change::Message { sms, .. } => {
                let code = sms.expected_code.as_ref().map_or(0, String::len);
                sms.sender.len() + sms.text.len() + code
            }
            Change::AddFault(_) | Change::Hold { .. } => CHANGE_BYTES,
            _ => 0,
        };
        size_of::<Self>() + words
    }
}

impl ChangeLog {
    pub(super) fn new(most: usize) -> Self {
        Self { changes: VecDeque::new(), most, bytes: 0, forgotten: false, held: 0 }
    }

    /// Roughly the size of the changes in memory.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) const fn is_complete(&self) -> bool {
        !self.forgotten
    }

    /// Whoever is delayed next gets an id above this one.
    pub(super) fn skip_delay_ids(&mut self, through: u32) {
        self.held = self.held.max(through);
    }

    pub(super) fn changes(&self) -> Changes {
        Changes(self.changes.clone())
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.changes.pop_front() {
            self.bytes -= oldest.bytes();
            self.forgotten = true;
        }
    }
}

/// An iterator over changes.
pub(super) struct Changes(VecDeque<Changed>);

impl Changes {
    /// The next change, if it came before this request.
    pub(super) fn next_before(&mut self, seq: u64) -> Option<RecordedStep> {
        self.0.front().filter(|changed| changed.after < seq)?;
        self.next()
    }
}

impl Iterator for Changes {
    type Item = RecordedStep;

    fn next(&mut self) -> Option<RecordedStep> {
        let Changed { at, real, what, .. } = self.0.pop_front()?;
        Some(RecordedStep::Change { at, real, what })
    }
}

/// All that a sandbox was made of and went through.
#[derive(Debug)]
pub(crate) struct RecordingData {
    pub api_key: ApiKey,
    pub config: Arc<SandboxConfig>,
    pub started: RealTime,
    /// Whether nothing was forgotten.
    pub complete: bool,
    pub steps: Vec<RecordedStep>,
}

#[derive(Clone, Debug)]
pub(crate) enum RecordedStep {
    Request(Box<JournalEntry>),
    Change {
        /// The virtual time after the change.
        at: Timestamp,
        real: RealTime,
        what: Change,
    },
}

impl SandboxState {
    /// Writes a change down.
    pub(super) fn note(&mut self, what: Change, real: RealTime) {
        let may_grow = self.may_grow();
        let (after, at) = (self.journal.written(), self.machine.clock_shows(real));
        let change_log = &mut self.change_log;
        if change_log.most == 0 {
            change_log.forgotten = true;
            return;
        }
        if change_log.changes.len() >= change_log.most {
            change_log.forget_oldest();
        }
        let most_bytes = match may_grow {
            true => change_log.most.saturating_mul(CHANGE_BYTES),
            false => change_log.bytes,
        };
        let changed = Changed { after, at, real, what };
        change_log.bytes += changed.bytes();
        change_log.changes.push_back(changed);
        while change_log.bytes > most_bytes && change_log.changes.len() > 1 {
            change_log.forget_oldest();
        }
    }

    pub(super) fn next_delay_id(&mut self) -> u32 {
        self.change_log.held += 1;
        self.change_log.held
    }
}

//! What is written down of a world so that it can be run once more: the journal has the requests,
//! this has what was changed from outside between them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::state::SandboxState;
use crate::capsule::Change;
use crate::domain::api_key::ApiKey;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::sandbox::clock::RealTime;
use crate::sandbox::config::SandboxConfig;

/// What was changed from outside, in order, the oldest forgotten first.
#[derive(Debug)]
pub(super) struct ChangeLog {
    changes: VecDeque<Changed>,
    most: usize,
    bytes: usize,
    forgotten: bool,
    held: u32,
}

/// How much memory a change may take on average.
const CHANGE_BYTES: usize = 1_024;

/// A change, and between which requests it came.
#[derive(Clone, Debug)]
struct Changed {
    /// How many requests the journal had when it came.
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

    /// About how much memory the changes take.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether nothing was forgotten.
    pub(super) const fn is_complete(&self) -> bool {
        !self.forgotten
    }

    /// The changes that are kept, in order.
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

/// Changes that are taken one after another.
pub(super) struct Changes(VecDeque<Changed>);

impl Changes {
    /// The next one, if it came before this request.
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

/// All that a world was made of and lived through.
#[derive(Debug)]
pub(crate) struct RecordingData {
    /// Its key.
    pub api_key: ApiKey,
    pub config: Arc<SandboxConfig>,
    /// When the sandbox started.
    pub started: RealTime,
    /// Whether nothing was forgotten.
    pub complete: bool,
    /// What it lived through.
    pub steps: Vec<RecordedStep>,
}

/// A step in the life of a world.
#[derive(Clone, Debug)]
pub(crate) enum RecordedStep {
    /// A request.
    Request(Box<JournalEntry>),
    /// A change from outside.
    Change {
        /// When, in virtual time, once it was done.
        at: Timestamp,
        /// When, in real time.
        real: RealTime,
        /// Which.
        what: Change,
    },
}

impl SandboxState {
    /// Writes down what is changed from outside.
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

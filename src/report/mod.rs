//! How a client did: what it did wrong, what its rentals came to, and what it has not met yet.
//!
//! No blame where a client could not know (our ruling): what was not delivered was not told, what
//! the journal has forgotten is held against nobody.

mod client_view;
pub(crate) mod coverage;
pub(crate) mod finding;
pub(crate) mod junit;
pub(crate) mod markdown;
mod merged;
mod rental_history;
mod rules;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::real_duration::RealDuration;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::JournalEntry;
use crate::sandbox::faults::FaultId;
use crate::sandbox::snapshot::Snapshot;
pub use crate::sandbox::totals::Totals;
use coverage::Coverage;
pub use coverage::CoverageEntry;
pub use finding::{Finding, FindingId, Severity};
use rules::RuleContext;

/// How a client did.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Report {
    /// What it did wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What its rentals came to.
    pub audit: Totals,
    /// Which outcomes it has met.
    pub coverage: Vec<CoverageEntry>,
    /// The fault rules that never fired.
    pub unfired_faults: Vec<FaultId>,
    /// What could not be judged, because the clock never ran by itself: under such a clock nobody
    /// can be too fast.
    #[serde(skip)]
    pub not_judged: Vec<FindingId>,
}

/// What is known of a client.
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    /// Its sandbox, with the rentals that its journal names.
    pub sandbox: &'a Snapshot,
    /// What it asked and got, oldest first.
    pub entries: &'a [JournalEntry],
    /// Which outcomes it has met.
    pub coverage: &'a Coverage,
    /// Whether it has ended: then a rental that still lives is one that it left behind.
    pub is_over: bool,
}

/// Where what is fine ends and what is not begins.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// Polls of a rental that are closer than this are too fast …
    pub poll_gap: RealDuration,
    /// … where there are so many in a row.
    pub fast_polls: usize,
    /// So many equal refusals in a row are a hot loop.
    pub hot_loop: usize,
    /// Who asked of a rental so shortly before its end, or after, has seen it out.
    pub watched_to_end: VirtualDuration,
    /// A rentNumber so long after one that nobody knows the outcome of is a new one, no repetition.
    pub retry_within: VirtualDuration,
    /// A call about another rental, so shortly after a Retry-After, was on its way already.
    pub retry_after_grace: RealDuration,
    /// How many entries of the journal are shown with a finding.
    pub evidence: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            poll_gap: RealDuration::millis(1_000),
            fast_polls: 3,
            hot_loop: 10,
            watched_to_end: VirtualDuration::seconds(60),
            retry_within: VirtualDuration::seconds(600),
            retry_after_grace: RealDuration::millis(250),
            evidence: 10,
        }
    }
}

/// Judges a client.
pub fn report(input: &ReportInput<'_>, thresholds: &Thresholds) -> Report {
    let entries: Vec<&JournalEntry> = input.entries.iter().collect();
    let context = RuleContext::new(input, thresholds, &entries);
    Report {
        findings: rules::judge(&context),
        audit: *input.sandbox.totals(),
        coverage: input.coverage.met(),
        unfired_faults: input.sandbox.unfired_faults().to_vec(),
        not_judged: match entries.iter().any(|entry| entry.runs) {
            false if !entries.is_empty() => {
                vec![FindingId::PollTooFast, FindingId::RetryAfterIgnored]
            }
            _ => Vec::new(),
        },
    }
}

impl Report {
    /// How many findings have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The verdict in a sentence.
    #[must_use]
    pub fn verdict(&self) -> String {
        let counted = Severity::ALL.into_iter().filter_map(|severity| {
            let count = self.count(severity);
            let name = severity.as_str();
            let plural = if count == 1 || severity == Severity::Info { "" } else { "s" };
            (count > 0).then(|| format!("{count} {name}{plural}"))
        });
        let counted: Vec<String> = counted.collect();
        if counted.is_empty() { "nothing to complain of".to_owned() } else { counted.join(", ") }
    }
}

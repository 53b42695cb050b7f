//! How a client did: what it did wrong, what its rentals came to, and what it has not met yet.
//!
//! No blame where a client could not know (our ruling): what was not delivered was not told, what
//! the journal has forgotten is held against nobody.

mod audit;
pub(crate) mod coverage;
pub(crate) mod finding;
pub(crate) mod junit;
pub(crate) mod markdown;
mod merged;
mod rules;
mod seen;
mod story;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use schemars::JsonSchema;
use serde::Serialize;

use super::journal::Entry;
use crate::domain::real_span::RealSpan;
use crate::domain::span::Span;
use crate::sandbox::faults::FaultId;
use crate::sandbox::snapshot::Snapshot;
pub(crate) use audit::Audit;
use coverage::{Coverage, Met};
pub(crate) use finding::{Finding, FindingId, Severity};
use rules::Case;

/// How a client did.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Report {
    /// What it did wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What its rentals came to.
    pub audit: Audit,
    /// Which outcomes it has met.
    pub coverage: Vec<Met>,
    /// The fault rules that never fired.
    pub unfired_faults: Vec<FaultId>,
    /// What could not be judged, because the clock never ran by itself: under such a clock nobody
    /// can be too fast.
    #[serde(skip)]
    pub not_judged: Vec<FindingId>,
}

/// What is known of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    /// Its sandbox, with the rentals that its journal names.
    pub sandbox: &'a Snapshot,
    /// What it asked and got, oldest first.
    pub entries: &'a [Entry],
    /// Which outcomes it has met.
    pub coverage: &'a Coverage,
    /// Whether it has ended: then a rental that still lives is one that it left behind.
    pub is_over: bool,
}

/// Where what is fine ends and what is not begins.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// Polls of a rental that are closer than this are too fast …
    pub poll_gap: RealSpan,
    /// … where there are so many in a row.
    pub fast_polls: usize,
    /// So many equal refusals in a row are a hot loop.
    pub hot_loop: usize,
    /// Who asked of a rental so shortly before its end, or after, has seen it out.
    pub seen_out: Span,
    /// A rentNumber so long after one that nobody knows the outcome of is a new one, no repetition.
    pub retry_within: Span,
    /// A call about another rental, so shortly after a Retry-After, was on its way already.
    pub on_its_way: RealSpan,
    /// How many entries of the journal are shown with a finding.
    pub evidence: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            poll_gap: RealSpan::millis(1_000),
            fast_polls: 3,
            hot_loop: 10,
            seen_out: Span::seconds(60),
            retry_within: Span::seconds(600),
            on_its_way: RealSpan::millis(250),
            evidence: 10,
        }
    }
}

/// Judges a client.
pub(crate) fn report(known: &Known<'_>, thresholds: &Thresholds) -> Report {
    let entries: Vec<&Entry> = known.entries.iter().collect();
    let case = Case::new(known, thresholds, &entries);
    Report {
        findings: rules::judge(&case),
        audit: Audit::of(known.sandbox),
        coverage: known.coverage.met(),
        unfired_faults: known.sandbox.unfired_faults().to_vec(),
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

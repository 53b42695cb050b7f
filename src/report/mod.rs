//! The report on a client: its mistakes, the totals of its rentals, the outcomes it has met.
//!
//! Nobody is blamed for what they could not know (our ruling): a reply that was not delivered told
//! the client nothing, and a request that the journal has forgotten counts against nobody.

mod client_view;
pub(crate) mod coverage;
mod digest;
mod finding;
mod grade;
pub(crate) mod junit;
mod lines;
pub(crate) mod markdown;
mod merged;
mod pause;
mod rental_history;
mod rules;
mod story;
#[cfg(test)]
mod tests;
#[cfg(feature = "cli")]
pub(crate) mod text;
mod thresholds;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::api_key::ApiKey;
use crate::journal::JournalEntry;
use crate::sandbox::config::SandboxConfig;
use crate::sandbox::faults::FaultId;
use crate::sandbox::snapshot::Snapshot;
pub use crate::sandbox::totals::Totals;
use coverage::Coverage;
pub use coverage::CoverageEntry;
pub(crate) use digest::Length;
pub use finding::{Finding, FindingId, Severity};
pub use grade::Grade;
use pause::pause;
use rules::RuleContext;
pub use story::Story;
pub use thresholds::Thresholds;

/// How a client did: whether it passes, what it did wrong, what it paid and what it has met.
///
/// ```
/// use ringer::report::{FindingId, Grade};
/// use ringer::scenario::*;
/// use ringer::Server;
///
/// let server = Server::builder().clock(Clock::frozen()).start()?;
/// let client = ureq::Agent::new_with_defaults();
/// let rent = format!("{}/rentNumber", server.url());
/// client.post(rent).send_form([("api_key", "ci-1"), ("country", "DE")])?;
///
/// let report = server.sandbox("ci-1")?.final_report();
/// assert_eq!(report.grade, Grade::Fail);
/// assert_eq!(report.summary, "Fail: 1 error, 1 warning.");
/// assert_eq!(report.findings[0].id, FindingId::LeakedRental);
/// assert_eq!(report.audit.live, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Report {
    /// `pass`: no errors and no warnings. `remarks`: warnings. `fail`: errors.
    pub grade: Grade,
    /// The grade in a sentence, such as `Fail: 1 error, 2 warnings.`
    pub summary: String,
    /// The api_key of its sandbox; empty for several sandboxes together.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub api_key: String,
    /// What the test calls its sandbox, if it has said so.
    pub label: Option<String>,
    /// The scenario of its sandbox; empty for several sandboxes together.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scenario: String,
    /// Whether the story of the scenario has been told.
    pub story: Story,
    /// What it did wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What became of its rentals.
    pub audit: Totals,
    /// The outcomes that it has met.
    pub coverage: Vec<CoverageEntry>,
    /// The fault rules that never fired.
    pub unfired_faults: Vec<FaultId>,
    /// The findings that could not be judged, because the clock stood still between the calls: then
    /// nothing is known of pauses.
    #[serde(skip)]
    pub not_judged: Vec<FindingId>,
}

/// What is known about a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReportInput<'a> {
    /// Its sandbox, with the rentals that the entries name.
    pub(crate) sandbox: &'a Snapshot,
    /// Its journal, oldest entry first.
    pub(crate) entries: &'a [JournalEntry],
    pub(crate) coverage: &'a Coverage,
    pub(crate) api_key: &'a ApiKey,
    pub(crate) config: &'a SandboxConfig,
    /// Whether the client has finished: a rental that is still live was then left behind.
    pub(crate) is_over: bool,
}

impl Report {
    /// Judges a client.
    pub(crate) fn new(input: &ReportInput<'_>, thresholds: &Thresholds) -> Self {
        let ReportInput { config, coverage, .. } = *input;
        let entries: Vec<&JournalEntry> = input.entries.iter().collect();
        let mut pairs = entries.iter().zip(entries.iter().skip(1));
        let knows_pauses = entries.iter().any(|entry| entry.runs)
            || pairs.any(|(earlier, later)| pause(earlier, later).is_some());
        Self {
            findings: rules::judge(&RuleContext::new(input, thresholds, &entries)),
            api_key: input.api_key.as_str().to_owned(),
            label: config.label.as_ref().map(ToString::to_string),
            scenario: config.scenario.name.clone(),
            story: Story::of(&config.expects(), coverage, input.sandbox.clock()),
            audit: *input.sandbox.totals(),
            coverage: coverage.entries(),
            unfired_faults: input.sandbox.unfired_faults().to_vec(),
            not_judged: match !entries.is_empty() && !knows_pauses {
                true => vec![FindingId::PollTooFast, FindingId::RetryAfterIgnored],
                false => Vec::new(),
            },
            ..Self::empty()
        }
        .graded()
    }

    /// The number of findings of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// A report with the name of its sandbox: its key, and which life of it, if it had several.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedReport<'a> {
    pub(crate) report: &'a Report,
    pub(crate) name: &'a str,
}

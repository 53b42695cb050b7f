//! The rules: each looks at what is known about a client and returns what it finds.

mod calls;
mod reading;
mod rentals;
mod renting;
mod style;

use std::collections::HashMap;

use super::rental_history::RentalHistory;
use super::{Finding, FindingId, ReportInput, Thresholds};
use crate::domain::endpoint::Endpoint;
use crate::domain::rental_id::RentalId;
use crate::journal::JournalEntry;

/// What is known about a client, arranged for the rules.
pub(super) struct RuleContext<'a> {
    input: &'a ReportInput<'a>,
    thresholds: &'a Thresholds,
    /// The journal.
    entries: &'a [&'a JournalEntry],
    /// The rentals that the sandbox remembers and whose rentNumber is in the journal, in order.
    histories: Vec<RentalHistory<'a>>,
}

impl<'a> RuleContext<'a> {
    pub(super) fn new(
        input: &'a ReportInput<'a>,
        thresholds: &'a Thresholds,
        entries: &'a [&'a JournalEntry],
    ) -> Self {
        let mut calls: HashMap<RentalId, Vec<&JournalEntry>> = HashMap::new();
        for entry in entries.iter().filter(|entry| entry.endpoint != Some(Endpoint::RentNumber)) {
            if let Some(id) = entry.rental_id {
                calls.entry(id).or_default().push(entry);
            }
        }
        let rents = entries.iter().filter(|entry| entry.endpoint == Some(Endpoint::RentNumber));
        let histories = rents.filter_map(|rent| {
            let calls = calls.remove(&rent.rental_id?).unwrap_or_default();
            RentalHistory::of(input.sandbox, rent, calls)
        });
        Self { input, thresholds, entries, histories: histories.collect() }
    }

    /// The requests after this one.
    fn after(&self, entry: &JournalEntry) -> impl Iterator<Item = &'a JournalEntry> + Clone + '_ {
        let start = self.entries.partition_point(|other| other.seq <= entry.seq);
        self.entries[start..].iter().copied()
    }

    /// The requests after one and before another.
    fn between(
        &self,
        first: &JournalEntry,
        last: &JournalEntry,
    ) -> impl Iterator<Item = &'a JournalEntry> + '_ {
        let end = last.seq;
        self.after(first).take_while(move |entry| entry.seq < end)
    }

    fn finding<'e>(
        &self,
        id: FindingId,
        rental_id: Option<RentalId>,
        evidence: impl IntoIterator<Item = &'e JournalEntry>,
        advice: impl Into<String>,
    ) -> Finding {
        let evidence = evidence.into_iter().take(self.thresholds.evidence).cloned().collect();
        Finding { id, severity: id.severity(), rental_id, evidence, advice: advice.into() }
    }
}

/// The findings, the worst first; equal ones in the order in which they happened.
pub(super) fn judge(context: &RuleContext<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for history in &context.histories {
        findings.extend(rentals::leaked(context, history));
        findings.extend(rentals::never_polled(context, history));
        findings.extend(rentals::gave_up_early(context, history));
        findings.extend(rentals::cancel_after_sms(context, history));
        findings.extend(rentals::poll_after_end(context, history));
        findings.extend(reading::unread_messages(context, history));
        findings.extend(reading::polled_after_all(context, history));
    }
    findings.extend(renting::lost_rentals(context));
    findings.extend(renting::retried_posts(context));
    findings.extend(calls::polls_too_fast(context));
    findings.extend(calls::retry_after_ignored(context));
    findings.extend(calls::hot_loops(context));
    findings.extend(calls::wrong_doors(context));
    findings.extend(style::lints(context));
    let first = |finding: &Finding| finding.evidence.first().map(|entry| entry.seq);
    findings.sort_by_key(|finding| (finding.severity, finding.id, first(finding)));
    findings
}

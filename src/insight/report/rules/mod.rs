//! The rules: each looks at what is known of a client, and says what it finds.

mod calls;
mod rentals;
mod renting;
mod style;

use std::collections::HashMap;

use super::finding::{Finding, FindingId};
use super::story::Story;
use super::{Known, Thresholds};
use crate::domain::endpoint::Endpoint;
use crate::domain::rental_id::RentalId;
use crate::insight::journal::Entry;

/// What is known of a client, in the order in which the rules ask for it.
pub(super) struct Case<'a> {
    known: &'a Known<'a>,
    thresholds: &'a Thresholds,
    /// The journal.
    entries: &'a [&'a Entry],
    /// The rentals of which the journal has all and the sandbox still knows, in order.
    stories: Vec<Story<'a>>,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        known: &'a Known<'a>,
        thresholds: &'a Thresholds,
        entries: &'a [&'a Entry],
    ) -> Self {
        let mut calls: HashMap<RentalId, Vec<&Entry>> = HashMap::new();
        for entry in entries.iter().filter(|entry| entry.endpoint != Endpoint::RentNumber) {
            if let Some(id) = entry.rental_id {
                calls.entry(id).or_default().push(entry);
            }
        }
        let rents = entries.iter().filter(|entry| entry.endpoint == Endpoint::RentNumber);
        let stories = rents.filter_map(|rent| {
            let calls = calls.remove(&rent.rental_id?).unwrap_or_default();
            Story::of(known.sandbox, rent, calls)
        });
        Self { known, thresholds, entries, stories: stories.collect() }
    }

    fn finding<'e>(
        &self,
        id: FindingId,
        rental_id: Option<RentalId>,
        evidence: impl IntoIterator<Item = &'e Entry>,
        advice: impl Into<String>,
    ) -> Finding {
        let evidence = evidence.into_iter().take(self.thresholds.evidence).cloned().collect();
        Finding { id, severity: id.severity(), rental_id, evidence, advice: advice.into() }
    }
}

/// What is found, the worst first, and what is alike in the order in which it happened.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for story in &case.stories {
        findings.extend(rentals::leaked(case, story));
        findings.extend(rentals::never_polled(case, story));
        findings.extend(rentals::gave_up_early(case, story));
        findings.extend(rentals::cancel_after_sms(case, story));
        findings.extend(rentals::poll_after_end(case, story));
    }
    findings.extend(renting::double_rentals(case));
    findings.extend(renting::retried_posts(case));
    findings.extend(calls::polls_too_fast(case));
    findings.extend(calls::retry_after_ignored(case));
    findings.extend(calls::hot_loops(case));
    findings.extend(style::lints(case));
    let first = |finding: &Finding| finding.evidence.first().map(|entry| entry.seq);
    findings.sort_by_key(|finding| (finding.severity, finding.id, first(finding)));
    findings
}

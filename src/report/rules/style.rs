//! What was accepted although the documentation writes it otherwise.

use std::collections::BTreeMap;

use super::super::finding::{Finding, FindingId};
use super::RuleContext;
use crate::domain::endpoint::Endpoint;
use crate::domain::lint::Lint;
use crate::journal::JournalEntry;

/// One finding for each remark at each endpoint, however often it was earned.
pub(super) fn lints(context: &RuleContext<'_>) -> Vec<Finding> {
    let mut earned: BTreeMap<(FindingId, Endpoint, String), Vec<&JournalEntry>> = BTreeMap::new();
    for entry in context.entries {
        for lint in &entry.lints {
            let id = match lint {
                Lint::KeyInWrongPlace => FindingId::KeyInWrongPlace,
                Lint::UnknownParameter { .. } | Lint::WrongPlace { .. } => {
                    FindingId::UnknownParameter
                }
                Lint::LowerCaseCountry(_) => FindingId::LowerCaseCountry,
                Lint::UkForGb | Lint::UnknownPreference { .. } => continue,
            };
            earned.entry((id, entry.endpoint, lint.to_string())).or_default().push(entry);
        }
    }
    let find = |((id, endpoint, remark), evidence): (
        (FindingId, Endpoint, String),
        Vec<&JournalEntry>,
    )| {
        let place = if endpoint.reads_query() { "query string" } else { "body" };
        let advice = match id {
            FindingId::KeyInWrongPlace => format!(
                "{}: {remark}, where proxies and logs may keep it; send it in the {place} only",
                endpoint.name()
            ),
            FindingId::UnknownParameter => format!(
                "{}: {remark}; a partner may ignore or refuse it: leave it out, or send it in the \
                 {place}",
                endpoint.name()
            ),
            _ => format!("{}: {remark}; a partner may not know it otherwise", endpoint.name()),
        };
        context.finding(id, None, evidence, advice)
    };
    earned.into_iter().map(find).collect()
}

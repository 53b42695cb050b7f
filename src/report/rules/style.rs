//! Requests that were accepted although the documentation writes them differently.

use std::collections::BTreeMap;

use super::{Finding, FindingId, RuleContext};
use crate::domain::endpoint::Endpoint;
use crate::domain::lint::Lint;
use crate::journal::JournalEntry;

/// One finding for each lint at each endpoint, however often it occurred.
pub(super) fn lints(context: &RuleContext<'_>) -> Vec<Finding> {
    type Key = (FindingId, Endpoint, String);
    let mut lints: BTreeMap<Key, Vec<&JournalEntry>> = BTreeMap::new();
    for entry in context.entries {
        let Some(endpoint) = entry.endpoint else { continue };
        for lint in &entry.lints {
            let id = match lint {
                Lint::KeyInWrongPlace => FindingId::KeyInWrongPlace,
                Lint::UnknownParameter { .. } | Lint::WrongPlace { .. } => {
                    FindingId::UnknownParameter
                }
                Lint::LowerCaseCountry(_) => FindingId::LowerCaseCountry,
                Lint::UkForGb | Lint::UnknownPreference { .. } => continue,
            };
            lints.entry((id, endpoint, lint.to_string())).or_default().push(entry);
        }
    }
    let find = |((id, endpoint, lint), evidence): (Key, Vec<&JournalEntry>)| {
        let place = if endpoint.reads_query() { "query string" } else { "body" };
        let consequence = match id {
            FindingId::KeyInWrongPlace => {
                format!(", where proxies and logs may keep it; send it in the {place} only")
            }
            FindingId::UnknownParameter => {
                format!("; a partner may ignore or reject it: omit it, or send it in the {place}")
            }
            _ => "; a partner may reject any other form".to_owned(),
        };
        let advice = format!("{}: {lint}{consequence}", endpoint.name());
        context.finding(id, None, evidence, advice)
    };
    lints.into_iter().map(find).collect()
}

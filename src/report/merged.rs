//! Several reports as one.

use super::{CoverageEntry, Report, Story};

impl Report {
    /// How several clients did together. Each sandbox numbers its own fault rules, so an id in
    /// `unfired_faults` belongs to a rule that never fired in at least one of them.
    pub(crate) fn merged<'a>(reports: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = Self::empty();
        let (mut stories, mut untold, mut first) = (0, 0, None);
        for report in reports {
            stories += 1;
            if let Some(missing) = &report.story.missing {
                untold += 1;
                first = first.or(Some((&report.scenario, missing)));
            }
            all.findings.extend(report.findings.iter().cloned());
            all.audit = all.audit + report.audit;
            for id in &report.unfired_faults {
                if !all.unfired_faults.contains(id) {
                    all.unfired_faults.push(*id);
                }
            }
            for entry in &report.coverage {
                let is_same = |other: &&mut CoverageEntry| {
                    (other.endpoint, other.outcome) == (entry.endpoint, entry.outcome)
                };
                match all.coverage.iter_mut().find(is_same) {
                    Some(same) => same.count += entry.count,
                    None => all.coverage.push(*entry),
                }
            }
        }
        all.story = match first {
            None => Story::MET,
            Some((_, missing)) if stories == 1 => Story::unmet(missing.clone()),
            Some((scenario, missing)) => Story::unmet(format!(
                "{untold} of {stories} stories have not been told, first that of {scenario}: {missing}"
            )),
        };
        all.findings.sort_by_key(|finding| finding.severity);
        all.coverage.sort_by_key(|entry| entry.endpoint);
        all.graded()
    }
}

//! Several reports as one.

use std::iter::Sum;

use super::Report;
use super::coverage::CoverageEntry;

impl<'a> Sum<&'a Report> for Report {
    /// How all of them did together. Each sandbox numbers its own fault rules: an id is of a rule
    /// that never fired in one of them.
    fn sum<I: Iterator<Item = &'a Report>>(reports: I) -> Self {
        let mut all = Self::default();
        for report in reports {
            all.findings.extend(report.findings.iter().cloned());
            all.audit = all.audit + report.audit;
            for id in &report.unfired_faults {
                if !all.unfired_faults.contains(id) {
                    all.unfired_faults.push(*id);
                }
            }
            for met in &report.coverage {
                let same = |known: &&mut CoverageEntry| {
                    (known.endpoint, known.outcome) == (met.endpoint, met.outcome)
                };
                match all.coverage.iter_mut().find(same) {
                    Some(known) => known.count += met.count,
                    None => all.coverage.push(*met),
                }
            }
        }
        all.findings.sort_by_key(|finding| finding.severity);
        all.coverage.sort_by_key(|met| met.endpoint);
        all
    }
}

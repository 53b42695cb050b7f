//! The grade of a report and its sentence, which every surface shows as they are.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Report, Severity, Totals};

/// Whether a client passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Grade {
    /// No errors and no warnings.
    Pass,
    /// Warnings, but no errors.
    Remarks,
    /// At least one error.
    Fail,
}

impl Grade {
    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Remarks => "remarks",
            Self::Fail => "fail",
        }
    }
}

impl Report {
    /// A report on nobody, for the others to be filled in.
    pub(super) fn empty() -> Self {
        Self {
            grade: Grade::Pass,
            summary: String::new(),
            findings: Vec::new(),
            audit: Totals::default(),
            coverage: Vec::new(),
            unfired_faults: Vec::new(),
            not_judged: Vec::new(),
        }
    }

    /// Sets the grade and its sentence by the findings.
    pub(super) fn graded(mut self) -> Self {
        let counts = Severity::ALL.map(|severity| self.count(severity));
        self.grade = match counts {
            [0, 0, _] => Grade::Pass,
            [0, ..] => Grade::Remarks,
            _ => Grade::Fail,
        };
        let counted = Severity::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0);
        let counted = counted.map(|(severity, count)| {
            let plural = if count == 1 { "" } else { "s" };
            format!("{count} {}{plural}", severity.as_str())
        });
        let counted = counted.collect::<Vec<_>>().join(", ");
        self.summary = match (self.grade, counts) {
            _ if self.coverage.is_empty() => "Pass: no requests to judge.".into(),
            (Grade::Pass, [.., 0]) => "Pass: no problems found.".into(),
            (Grade::Pass, _) => format!("Pass: no errors or warnings, {counted}."),
            (Grade::Remarks, _) => format!("Remarks: no errors, {counted}."),
            (Grade::Fail, _) => format!("Fail: {counted}."),
        };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::endpoint::Endpoint;
    use crate::report::{CoverageEntry, Finding, FindingId};

    fn graded(ids: &[FindingId]) -> (Grade, String) {
        let finding = |id: &FindingId| Finding {
            id: *id,
            severity: id.severity(),
            rental_id: None,
            evidence: Vec::new(),
            advice: String::new(),
        };
        let findings = ids.iter().map(finding).collect();
        let coverage =
            vec![CoverageEntry { endpoint: Endpoint::GetSms, outcome: "success", count: 1 }];
        let report = Report { findings, coverage, ..Report::empty() }.graded();
        (report.grade, report.summary)
    }

    #[test]
    fn the_worst_finding_decides_the_grade_and_the_summary_counts_them_all() {
        use FindingId::{CancelAfterSms, LeakedRental, NeverPolled, PollTooFast};
        for (ids, grade, summary) in [
            (&[][..], Grade::Pass, "Pass: no problems found."),
            (&[CancelAfterSms], Grade::Pass, "Pass: no errors or warnings, 1 info."),
            (&[NeverPolled, PollTooFast], Grade::Remarks, "Remarks: no errors, 2 warnings."),
            (&[LeakedRental, NeverPolled], Grade::Fail, "Fail: 1 error, 1 warning."),
        ] {
            assert_eq!(graded(ids), (grade, summary.to_owned()));
        }
        assert_eq!(Report::empty().graded().summary, "Pass: no requests to judge.");
    }
}

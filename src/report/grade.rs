//! The grade of a report and its sentence, which every surface shows as they are.

use schemars::JsonSchema;
use serde::Serialize;
use strum::IntoStaticStr;

use super::{Report, Severity, Story, Totals};

/// Whether a client passes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, JsonSchema, Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Report {
    /// A report on nobody, for the others to be filled in.
    pub(super) fn empty() -> Self {
        Self {
            grade: Grade::Pass,
            summary: String::new(),
            api_key: String::new(),
            label: None,
            scenario: String::new(),
            story: Story::MET,
            findings: Vec::new(),
            audit: Totals::default(),
            coverage: Vec::new(),
            unfired_faults: Vec::new(),
            not_judged: Vec::new(),
        }
    }

    /// The same report, failed for a reason that no finding gives: nothing was tested.
    #[cfg(feature = "cli")]
    pub(crate) fn failed(mut self, reason: &str) -> Self {
        self.grade = Grade::Fail;
        self.summary = format!("Fail: {reason}.");
        self.story = Story { met: false, missing: Some(reason.to_owned()) };
        self
    }

    /// Sets the grade and its sentence by the findings.
    pub(super) fn graded(mut self) -> Self {
        let [errors, warnings, infos] =
            [Severity::Error, Severity::Warning, Severity::Info].map(|severity| {
                let count = self.count(severity);
                let plural = if count == 1 { "" } else { "s" };
                (count > 0).then(|| format!("{count} {}{plural}", severity.as_str()))
            });
        self.grade = match (&errors, &warnings) {
            (Some(_), _) => Grade::Fail,
            (None, Some(_)) => Grade::Remarks,
            (None, None) => Grade::Pass,
        };
        let opening = match self.grade {
            Grade::Pass if self.coverage.is_empty() => "Pass: no requests to judge",
            Grade::Pass if infos.is_none() => "Pass: no problems found",
            Grade::Pass => "Pass: no errors or warnings, ",
            Grade::Remarks => "Remarks: no errors, ",
            Grade::Fail => "Fail: ",
        };
        let counts: Vec<String> = [errors, warnings, infos].into_iter().flatten().collect();
        self.summary = format!("{opening}{}.", counts.join(", "));
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

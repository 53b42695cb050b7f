//! The reports of many sandboxes as a person reads them: one line for what is fine, the findings by
//! kind, the first few in full and the rest counted.

use super::{Finding, FindingId, Grade, NamedReport, Report, Severity};

/// How much is told of the same kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length {
    findings: usize,
    /// How many sandboxes that do not pass get a line.
    sandboxes: usize,
    /// How many requests show a finding.
    requests: usize,
}

impl Length {
    pub(crate) const COMPLETE: Self =
        Self { findings: usize::MAX, sandboxes: usize::MAX, requests: usize::MAX };
    /// Together about a screen.
    #[cfg(feature = "cli")]
    pub(crate) const SHORT: Self = Self { findings: 3, sandboxes: 10, requests: 10 };
}

/// Reports, and their findings by kind.
pub(super) struct Digest<'a> {
    reports: &'a [NamedReport<'a>],
    length: Length,
    pub(super) merged: Report,
    pub(super) kinds: Vec<Kind<'a>>,
}

/// The findings of one kind and severity.
pub(super) struct Kind<'a> {
    pub(super) severity: Severity,
    pub(super) id: FindingId,
    pub(super) findings: Vec<(NamedReport<'a>, &'a Finding)>,
}

impl<'a> Digest<'a> {
    pub(super) fn of(reports: &'a [NamedReport<'a>], length: Length) -> Self {
        let mut kinds: Vec<Kind<'a>> = Vec::new();
        for named in reports {
            for finding in &named.report.findings {
                let Finding { severity, id, .. } = *finding;
                match kinds.iter_mut().find(|kind| (kind.severity, kind.id) == (severity, id)) {
                    Some(kind) => kind.findings.push((*named, finding)),
                    None => kinds.push(Kind { severity, id, findings: vec![(*named, finding)] }),
                }
            }
        }
        kinds.sort_by_key(|kind| (kind.severity, kind.id));
        let merged = Report::merged(reports.iter().map(|named| named.report));
        Self { reports, length, merged, kinds }
    }

    /// The only report, if there is only one.
    pub(super) fn only(&self) -> Option<NamedReport<'a>> {
        match self.reports {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// A line for each sandbox that does not pass, and one for the others.
    pub(super) fn sandboxes(&self) -> Vec<String> {
        if let Some(only) = self.only() {
            return vec![format!("{}: {}", only.place(), only.report.summary)];
        }
        let (count, passed) = (self.reports.len(), Grade::Pass);
        let bad = self.reports.iter().filter(|named| named.report.grade != passed);
        let mut bad: Vec<_> = bad.collect();
        bad.sort_by_key(|named| std::cmp::Reverse(named.report.grade));
        let mut lines = vec![format!("{count} sandboxes: {}", self.merged.summary)];
        let line =
            |named: &&NamedReport<'_>| format!("{}: {}", named.place(), named.report.summary);
        lines.extend(bad.iter().take(self.length.sandboxes).map(line));
        lines.extend(
            more(bad.len(), self.length.sandboxes).map(|more| format!("{more} that do not pass")),
        );
        match count - bad.len() {
            0 => {}
            fine => lines.push(format!("{fine} of {count} sandboxes pass")),
        }
        lines
    }

    /// How many stories were not told, and the first of them.
    pub(super) fn untold(&self) -> (usize, Vec<String>) {
        let untold = self.reports.iter().filter_map(|named| {
            let missing = named.report.story.missing.as_ref()?;
            Some(self.in_its_place(*named, missing))
        });
        let mut untold: Vec<String> = untold.collect();
        let count = untold.len();
        untold.truncate(self.length.findings);
        untold.extend(more(count, self.length.findings));
        (count, untold)
    }

    /// A sentence, with the sandbox it is about if there are several.
    fn in_its_place(&self, named: NamedReport<'_>, sentence: &str) -> String {
        match self.only() {
            Some(_) => sentence.to_owned(),
            None => format!("{}: {sentence}", named.place()),
        }
    }

    /// The first findings of a kind, each with the requests that show it.
    pub(super) fn told(&self, kind: &Kind<'_>) -> Vec<(String, Vec<String>)> {
        let told = kind.findings.iter().take(self.length.findings).map(|(named, finding)| {
            let requests =
                finding.evidence.iter().take(self.length.requests).map(super::lines::request);
            let mut requests: Vec<String> = requests.collect();
            let of_all = more(finding.evidence.len(), self.length.requests);
            requests.extend(of_all.map(|more| format!("{more} requests")));
            (self.in_its_place(*named, &finding.advice), requests)
        });
        told.collect()
    }

    /// How many findings of a kind are not told.
    pub(super) fn more(&self, kind: &Kind<'_>) -> Option<String> {
        more(kind.findings.len(), self.length.findings)
    }
}

impl Kind<'_> {
    /// `error: leaked-rental (5 times)`.
    pub(super) fn title(&self) -> String {
        let times = match self.findings.len() {
            1 => String::new(),
            count => format!(" ({count} times)"),
        };
        format!("{}: {}{times}", self.severity.as_str(), self.id.as_str())
    }
}

impl NamedReport<'_> {
    /// The label and the key.
    pub(super) fn title(&self) -> String {
        match &self.report.label {
            Some(label) => format!("{label} ({})", self.name),
            None => self.name.to_owned(),
        }
    }

    /// The sandbox and its scenario.
    pub(super) fn place(&self) -> String {
        format!("{} on {}", self.title(), self.report.scenario)
    }
}

/// `and 2 more`, if there are more than so many.
fn more(count: usize, told: usize) -> Option<String> {
    let left = count.saturating_sub(told);
    (left > 0).then(|| format!("and {left} more"))
}

//! A report as CI servers read it: a suite for the sandbox, a case for each finding there is.
//!
//! Which severities fail a case is the caller's choice; what does not stands in its output.

use std::fmt::{self, Write};

use super::finding::{Finding, FindingId, Severity};
use super::{Report, markdown};
use crate::domain::api_key::ApiKey;
use crate::domain::escape::xml as escape;

/// Writes the report of one sandbox. Errors and warnings fail a case.
pub(crate) fn write(report: &Report, api_key: &ApiKey, scenario: &str) -> String {
    let sandbox = Suite { report, name: api_key.to_string(), scenario };
    write_all([sandbox], |severity| severity != Severity::Info)
}

/// A report to write, and the name of its sandbox.
#[derive(Clone, Debug)]
pub(crate) struct Suite<'a> {
    /// The report.
    pub report: &'a Report,
    /// What tells its sandbox from others.
    pub name: String,
    /// The scenario that it played.
    pub scenario: &'a str,
}

/// Writes the reports of several sandboxes, a suite each. `fails`: by which severities a case does.
pub(crate) fn write_all<'a>(
    reports: impl IntoIterator<Item = Suite<'a>>,
    fails: impl Fn(Severity) -> bool,
) -> String {
    let suites = reports.into_iter().map(|one| suite(&one, &fails));
    let suites: Vec<(Counts, String)> = suites.collect();
    let counts = suites.iter().fold(Counts::default(), |sum, (counts, _)| Counts {
        tests: sum.tests + counts.tests,
        failures: sum.failures + counts.failures,
        skipped: sum.skipped + counts.skipped,
    });
    let suites: String = suites.into_iter().map(|(_, suite)| suite).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ringer\" {counts}>\n\
         {suites}</testsuites>\n"
    )
}

#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    skipped: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tests, failures, skipped } = self;
        write!(
            f,
            r#"tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}" time="0""#
        )
    }
}

/// A suite, and how many of its cases fail and are skipped.
fn suite(suite: &Suite<'_>, fails: &impl Fn(Severity) -> bool) -> (Counts, String) {
    let Suite { report, name, scenario } = suite;
    let mut counts = Counts::default();
    let mut cases = String::new();
    for id in FindingId::ALL {
        counts.tests += 1;
        // Servers put together what has the same class and name.
        let class = escape(&format!("ringer.{name}"));
        let _ = write!(cases, r#"<testcase name="{}" classname="{class}" time="0""#, id.as_str());
        let findings: Vec<&Finding> = report.findings.iter().filter(|one| one.id == id).collect();
        let text: Vec<String> = findings.iter().map(|finding| told(finding)).collect();
        let text = escape(&text.join("\n"));
        // The worst of them names the failure.
        let worst = findings.iter().min_by_key(|finding| finding.severity);
        let _ = match worst {
            None if report.not_judged.contains(&id) => {
                counts.skipped += 1;
                let why = "not judged: the clock never ran by itself";
                writeln!(cases, ">\n<skipped message=\"{why}\"/>\n</testcase>")
            }
            None => writeln!(cases, "/>"),
            Some(worst) if fails(worst.severity) => {
                counts.failures += 1;
                let more = match findings.len() {
                    1 => String::new(),
                    count => format!(" (and {} more)", count - 1),
                };
                let message = escape(&format!("{}{more}", worst.advice));
                let kind = worst.severity.as_str();
                writeln!(
                    cases,
                    ">\n<failure type=\"{kind}\" message=\"{message}\">{text}</failure>\n</testcase>"
                )
            }
            Some(_) => writeln!(cases, ">\n<system-out>{text}</system-out>\n</testcase>"),
        };
    }
    let title = escape(&format!("ringer {name} ({scenario})"));
    let mut xml = format!("<testsuite name=\"{title}\" {counts}>\n<properties>\n");
    for (name, value) in markdown::audit(&report.audit) {
        let _ = writeln!(xml, r#"<property name="{name}" value="{}"/>"#, escape(&value));
    }
    let _ = write!(xml, "</properties>\n{cases}</testsuite>\n");
    (counts, xml)
}

fn told(finding: &Finding) -> String {
    let rental = finding.rental_id.map(|id| format!(" {id}")).unwrap_or_default();
    let mut text = format!(
        "{} {}{rental}: {}\n",
        finding.severity.as_str(),
        finding.id.as_str(),
        finding.advice
    );
    for entry in &finding.evidence {
        let _ = writeln!(text, "  {}", markdown::line(entry));
    }
    text
}

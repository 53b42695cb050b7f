//! A report as CI servers read it: a suite for the sandbox, a case for each finding there is.
//!
//! A case fails by errors and by warnings; what is mere style stands in its output.

use std::fmt::Write;

use super::finding::{Finding, FindingId, Severity};
use super::{Report, markdown};
use crate::domain::api_key::ApiKey;
use crate::domain::markup::xml as escape;

/// Writes the report of one sandbox.
#[must_use]
pub fn write(report: &Report, api_key: &ApiKey, scenario: &str) -> String {
    write_all([(report, api_key, scenario)])
}

/// Writes the reports of several sandboxes, a suite each.
#[must_use]
pub fn write_all<'a>(
    reports: impl IntoIterator<Item = (&'a Report, &'a ApiKey, &'a str)>,
) -> String {
    let suites = reports.into_iter().map(|(report, key, scenario)| suite(report, key, scenario));
    let suites: Vec<(usize, String)> = suites.collect();
    let failures = suites.iter().map(|(failures, _)| failures).sum();
    let counts = counts(suites.len() * FindingId::ALL.len(), failures);
    let suites: String = suites.into_iter().map(|(_, suite)| suite).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ringer\" {counts}>\n\
         {suites}</testsuites>\n"
    )
}

fn counts(tests: usize, failures: usize) -> String {
    format!(r#"tests="{tests}" failures="{failures}" errors="0" skipped="0" time="0""#)
}

/// A suite, and how many of its cases fail.
fn suite(report: &Report, api_key: &ApiKey, scenario: &str) -> (usize, String) {
    let name = escape(&format!("ringer {api_key} ({scenario})"));
    let of = |id: FindingId| report.findings.iter().filter(move |finding| finding.id == id);
    let fails = |id: &FindingId| of(*id).any(|finding| finding.severity != Severity::Info);
    let failures = FindingId::ALL.iter().filter(|id| fails(id)).count();
    let counts = counts(FindingId::ALL.len(), failures);
    let mut xml = format!("<testsuite name=\"{name}\" {counts}>\n");
    xml.push_str("<properties>\n");
    for (name, value) in markdown::audit(&report.audit) {
        let _ = writeln!(xml, r#"<property name="{name}" value="{}"/>"#, escape(&value));
    }
    xml.push_str("</properties>\n");
    for id in FindingId::ALL {
        let findings: Vec<&Finding> = of(id).collect();
        let case =
            format!(r#"<testcase name="{}" classname="ringer.report" time="0""#, id.as_str());
        let Some(first) = findings.first() else {
            let _ = writeln!(xml, "{case}/>");
            continue;
        };
        let text: Vec<String> = findings.iter().map(|finding| told(finding)).collect();
        let text = escape(&text.join("\n"));
        // The worst of them names the failure.
        let worst = findings.iter().map(|finding| finding.severity).min();
        let (open, close) = match worst.unwrap_or(first.severity) {
            Severity::Info => ("<system-out>".to_owned(), "</system-out>"),
            severity => {
                let more = match findings.len() {
                    1 => String::new(),
                    count => format!(" (and {} more)", count - 1),
                };
                let message = escape(&format!("{}{more}", first.advice));
                let kind = severity.as_str();
                (format!(r#"<failure type="{kind}" message="{message}">"#), "</failure>")
            }
        };
        let _ = writeln!(xml, "{case}>\n{open}{text}{close}\n</testcase>");
    }
    (failures, xml + "</testsuite>\n")
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

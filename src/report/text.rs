//! A report as a person reads it at a terminal: the verdict, what was found, the numbers.

use std::fmt::Write;

use super::Report;
use super::markdown::{self, line, remarks, verdict};

/// Writes the report of the sandbox of this name.
pub(crate) fn write(report: &Report, name: &str, scenario: &str) -> String {
    let mut text = format!("{name} on {scenario}: {}\n", verdict(report));
    let audit = markdown::audit(&report.audit);
    let audit: Vec<String> = audit.iter().map(|(name, value)| told(name, value)).collect();
    let _ = writeln!(text, "  {}", audit.join(", "));
    for finding in &report.findings {
        let (severity, id) = (finding.severity.as_str(), finding.id.as_str());
        let _ = writeln!(text, "\n  {severity}: {id}\n    {}", plain(&finding.advice));
        for entry in &finding.evidence {
            let _ = writeln!(text, "    {}", plain(&line(entry)));
        }
    }
    if !report.coverage.is_empty() {
        text.push('\n');
    }
    for met in &report.coverage {
        let _ = writeln!(text, "  {:<14}{:<24}{:>6}", met.endpoint.name(), met.outcome, met.count);
    }
    for remark in remarks(report) {
        let _ = writeln!(text, "  {remark}");
    }
    text
}

fn told(name: &str, value: &str) -> String {
    let is_one = value == "1" && name == "rentals";
    format!("{value} {}", if is_one { "rental" } else { name })
}

/// What a terminal would obey is shown as what it is.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

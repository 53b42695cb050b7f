//! A report for a terminal: the summary first, then the findings, then the coverage.

use std::fmt::Write;

use super::{NamedReport, lines};

pub(crate) fn write(named: NamedReport<'_>) -> String {
    let NamedReport { report, name, scenario } = named;
    let totals = lines::totals(&report.audit).into_iter().map(|(name, value)| {
        let is_one = value == "1" && name == "rentals";
        format!("{value} {}", if is_one { "rental" } else { name })
    });
    let totals = totals.collect::<Vec<_>>().join(", ");
    let mut text = format!("{name} on {scenario}: {}\n  {totals}\n", report.summary);
    for finding in &report.findings {
        let (severity, id) = (finding.severity.as_str(), finding.id.as_str());
        let _ = writeln!(text, "\n  {severity}: {id}\n    {}", plain(&finding.advice));
        for entry in &finding.evidence {
            let _ = writeln!(text, "    {}", plain(&lines::request(entry)));
        }
    }
    if !report.coverage.is_empty() {
        text.push('\n');
    }
    for entry in &report.coverage {
        let (endpoint, outcome, count) = (entry.endpoint.name(), entry.outcome, entry.count);
        let _ = writeln!(text, "  {endpoint:<14}{outcome:<24}{count:>6}");
    }
    for note in lines::notes(report) {
        let _ = writeln!(text, "  {note}");
    }
    text
}

/// Replaces control characters, which a terminal would obey.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

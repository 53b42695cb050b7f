//! A report as a page: the summary first, then the findings, then the numbers.

use std::fmt::Write;

use super::{Finding, NamedReport, lines};
use crate::domain::escape::markdown as plain;

pub(crate) fn write(named: NamedReport<'_>) -> String {
    let NamedReport { report, name, scenario } = named;
    let mut text = format!("# Report of {name} on {scenario}\n\n**{}**", report.summary);
    let totals = report.audit;
    let _ = write!(
        text,
        " {} {}: {} sold, {} cancelled, {} expired, {} live; {} USD charged, {} USD refunded",
        totals.rentals,
        if totals.rentals == 1 { "rental" } else { "rentals" },
        totals.sold,
        totals.cancelled,
        totals.expired,
        totals.live,
        totals.charged,
        totals.refunded
    );
    if let Some(balance) = totals.balance {
        let _ = write!(text, ", {balance} USD left");
    }
    text.push_str(".\n");
    text.extend(report.findings.iter().map(section));
    text.push_str("\n## Coverage\n\n");
    text.push_str(match report.coverage.is_empty() {
        true => "No request has come yet.\n",
        false => "| endpoint | outcome | count |\n|---|---|--:|\n",
    });
    for entry in &report.coverage {
        let (endpoint, outcome, count) = (entry.endpoint.name(), entry.outcome, entry.count);
        let _ = writeln!(text, "| {endpoint} | {outcome} | {count} |");
    }
    for note in lines::notes(report) {
        let _ = write!(text, "\n{note}\n");
    }
    text
}

fn section(finding: &Finding) -> String {
    let rental = finding.rental_id.map(|id| format!(" ({id})")).unwrap_or_default();
    let (severity, id) = (finding.severity.as_str(), finding.id.as_str());
    let advice = plain(&finding.advice);
    let mut text = format!("\n## {severity}: {id}{rental}\n\n{advice}.\n\n");
    for entry in &finding.evidence {
        let _ = writeln!(text, "- {}", plain(&lines::request(entry)));
    }
    text
}

//! A report as a person reads it: the verdict first, then what was found, then the numbers.

use std::fmt::Write;

use super::finding::{Finding, Severity};
use super::{Report, Totals};
use crate::domain::api_key::ApiKey;
use crate::domain::escape::markdown as plain;
use crate::journal::JournalEntry;

/// Writes the report.
pub(crate) fn write(report: &Report, api_key: &ApiKey, scenario: &str) -> String {
    write_as(report, &api_key.to_string(), scenario)
}

/// The same for a sandbox of this name.
pub(crate) fn write_as(report: &Report, name: &str, scenario: &str) -> String {
    let mut text = format!("# Report of {name} on {scenario}\n\n**{}**", verdict(report));
    let audit = report.audit;
    let _ = write!(
        text,
        ". {} {}: {} sold, {} cancelled, {} expired, {} live; {} USD charged, {} USD refunded",
        audit.rentals,
        if audit.rentals == 1 { "rental" } else { "rentals" },
        audit.sold,
        audit.cancelled,
        audit.expired,
        audit.live,
        audit.charged,
        audit.refunded
    );
    if let Some(balance) = audit.balance {
        let _ = write!(text, ", {balance} USD left");
    }
    text.push_str(".\n");
    for finding in &report.findings {
        text.push_str(&found(finding));
    }
    text.push_str("\n## Coverage\n\n");
    if report.coverage.is_empty() {
        text.push_str("No request has come yet.\n");
    } else {
        text.push_str("| endpoint | outcome | count |\n|---|---|--:|\n");
    }
    for met in &report.coverage {
        let _ = writeln!(text, "| {} | {} | {} |", met.endpoint.name(), met.outcome, met.count);
    }
    for remark in remarks(report) {
        let _ = write!(text, "\n{remark}\n");
    }
    text
}

/// What a reader must know beside the findings, each a sentence.
pub(super) fn remarks(report: &Report) -> Vec<String> {
    let mut remarks = Vec::new();
    if !report.unfired_faults.is_empty() {
        let ids: Vec<String> = report.unfired_faults.iter().map(ToString::to_string).collect();
        remarks.push(format!("Fault rules that never fired: {}.", ids.join(", ")));
    }
    if !report.not_judged.is_empty() {
        let ids: Vec<&str> = report.not_judged.iter().map(|id| id.as_str()).collect();
        remarks
            .push(format!("Not judged, since the clock never ran by itself: {}.", ids.join(", ")));
    }
    remarks
}

pub(super) fn verdict(report: &Report) -> String {
    let verdict = report.verdict();
    match report.count(Severity::Error) {
        0 if report.count(Severity::Warning) == 0 => format!("Fine: {verdict}"),
        0 => format!("Not quite: {verdict}"),
        _ => format!("Not fit for production: {verdict}"),
    }
}

fn found(finding: &Finding) -> String {
    let rental = finding.rental_id.map(|id| format!(" ({id})")).unwrap_or_default();
    let mut text = format!(
        "\n## {}: {}{rental}\n\n{}.\n\n",
        finding.severity.as_str(),
        finding.id.as_str(),
        plain(&finding.advice)
    );
    for entry in &finding.evidence {
        let _ = writeln!(text, "- {}", plain(&line(entry)));
    }
    text
}

/// A request in a line.
pub(super) fn line(entry: &JournalEntry) -> String {
    let mut line =
        format!("{} #{} {} {}", entry.at, entry.seq, entry.method, entry.endpoint.path());
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = write!(line, " {name}={value}");
        }
    };
    add("country", entry.country.map(|country| country.to_string()));
    add("service", entry.service.as_ref().map(|service| format!("{:?}", service.as_str())));
    add("rental_id", entry.rental_id.map(|id| id.to_string()));
    let status = entry.status.map_or_else(|| "no reply".to_owned(), |status| status.to_string());
    let code = entry.code.map(|code| format!(" {}", code.as_str())).unwrap_or_default();
    let fault = entry.fault.map(|fault| format!(" [{fault}]")).unwrap_or_default();
    format!("{line} -> {status}{code}{fault}")
}

/// The numbers, each by its name.
pub(super) fn audit(audit: &Totals) -> Vec<(&'static str, String)> {
    let mut numbers = vec![
        ("rentals", audit.rentals.to_string()),
        ("sold", audit.sold.to_string()),
        ("cancelled", audit.cancelled.to_string()),
        ("expired", audit.expired.to_string()),
        ("live", audit.live.to_string()),
        ("charged", audit.charged.to_string()),
        ("refunded", audit.refunded.to_string()),
    ];
    numbers.extend(audit.balance.map(|balance| ("balance", balance.to_string())));
    numbers
}

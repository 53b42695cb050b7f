//! Lines that the written forms of a report share.

use std::fmt::Write;

use super::{Report, Totals};
use crate::journal::JournalEntry;

/// A request in one line.
pub(super) fn request(entry: &JournalEntry) -> String {
    let mut line = format!("{} #{} {} {}", entry.at, entry.seq, entry.method, entry.path);
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = write!(line, " {name}={value}");
        }
    };
    add("country", entry.country.map(|country| country.to_string()));
    add("service", entry.service.as_ref().map(|service| format!("{:?}", service.as_str())));
    add("rental_id", entry.rental_id.map(|id| id.to_string()));
    add("traceparent", entry.traceparent().map(str::to_owned));
    add("request_id", entry.request_id().map(str::to_owned));
    let status = entry.status.map_or_else(|| "no reply".to_owned(), |status| status.to_string());
    let code = entry.code.map(|code| format!(" {}", code.as_str())).unwrap_or_default();
    let fault = entry.fault.map(|fault| format!(" [{fault}]")).unwrap_or_default();
    format!("{line} -> {status}{code}{fault}")
}

/// What a reader must know beside the findings, a sentence each.
pub(super) fn notes(report: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    if !report.unfired_faults.is_empty() {
        let ids: Vec<String> = report.unfired_faults.iter().map(ToString::to_string).collect();
        notes.push(format!("Fault rules that never fired: {}.", ids.join(", ")));
    }
    if !report.not_judged.is_empty() {
        let ids: Vec<&str> = report.not_judged.iter().map(|id| id.as_str()).collect();
        notes.push(format!(
            "Not judged, since the clock stood still between the calls: {}.",
            ids.join(", ")
        ));
    }
    notes
}

/// The totals with their names.
pub(super) fn totals(totals: &Totals) -> Vec<(&'static str, String)> {
    let mut named = vec![
        ("rentals", totals.rentals.to_string()),
        ("sold", totals.sold.to_string()),
        ("cancelled", totals.cancelled.to_string()),
        ("expired", totals.expired.to_string()),
        ("live", totals.live.to_string()),
        ("charged", totals.charged.to_string()),
        ("refunded", totals.refunded.to_string()),
    ];
    named.extend(totals.balance.map(|balance| ("balance", balance.to_string())));
    named
}

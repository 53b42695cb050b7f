//! Reports as a page: the sandboxes first, then the findings by kind, then the numbers.

use std::fmt::Write;

use super::digest::{Digest, Length};
use super::{NamedReport, Totals, lines};
use crate::domain::escape::markdown as plain;

pub(crate) fn write(reports: &[NamedReport<'_>], length: Length) -> String {
    let digest = Digest::of(reports, length);
    let mut text = match digest.only() {
        Some(only) => {
            let summary = &only.report.summary;
            format!("# Report of {}\n\n**{summary}** ", plain(&only.place()))
        }
        None => {
            let mut sandboxes = digest.sandboxes().into_iter();
            let first = sandboxes.next().unwrap_or_default();
            let mut text = format!("# Report of {first}\n\n");
            sandboxes.for_each(|line| text += &format!("- {}\n", plain(&line)));
            text + "\n"
        }
    };
    text += &totals(&digest.merged.audit);
    for kind in &digest.kinds {
        let _ = writeln!(text, "\n## {}", kind.title());
        for (advice, requests) in digest.told(kind) {
            let _ = writeln!(text, "\n{}.\n", plain(&advice));
            for request in requests {
                let _ = writeln!(text, "- {}", plain(&request));
            }
        }
        if let Some(more) = digest.more(kind) {
            let _ = writeln!(text, "\n{more}");
        }
    }
    let (count, untold) = digest.untold();
    if count > 0 {
        let of = if count == 1 { String::new() } else { format!(" ({count} sandboxes)") };
        let _ = writeln!(text, "\n## The story has not been told{of}\n");
    }
    for line in untold {
        let _ = writeln!(text, "- {}", plain(&line));
    }
    text.push_str("\n## Coverage\n\n");
    text.push_str(match digest.merged.coverage.is_empty() {
        true => "No request has come yet.\n",
        false => "| endpoint | outcome | count |\n|---|---|--:|\n",
    });
    for entry in &digest.merged.coverage {
        let (endpoint, outcome, count) = (entry.endpoint.name(), entry.outcome, entry.count);
        let _ = writeln!(text, "| {endpoint} | {outcome} | {count} |");
    }
    for note in digest.only().iter().flat_map(|only| lines::notes(only.report)) {
        let _ = write!(text, "\n{note}\n");
    }
    text
}

fn totals(totals: &Totals) -> String {
    let mut text = format!(
        "{} {}: {} sold, {} cancelled, {} expired, {} live; {} USD charged, {} USD refunded",
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
    text + ".\n"
}

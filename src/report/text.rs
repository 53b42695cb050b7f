//! Reports for a terminal: the sandboxes first, then the findings by kind, then the coverage.

use std::fmt::Write;

use super::digest::{Digest, Length};
use super::{CoverageEntry, NamedReport, lines};

pub(crate) fn write(reports: &[NamedReport<'_>]) -> String {
    let digest = Digest::of(reports, Length::SHORT);
    let mut text = String::new();
    for line in digest.sandboxes() {
        let _ = writeln!(text, "{}", plain(&line));
    }
    let totals = lines::totals(&digest.merged.audit).into_iter().map(|(name, value)| {
        let is_one = value == "1" && name == "rentals";
        format!("{value} {}", if is_one { "rental" } else { name })
    });
    let _ = writeln!(text, "  {}", totals.collect::<Vec<_>>().join(", "));
    for kind in &digest.kinds {
        let _ = writeln!(text, "\n  {}", kind.title());
        for (advice, requests) in digest.told(kind) {
            let _ = writeln!(text, "    {}", plain(&advice));
            for request in requests {
                let _ = writeln!(text, "      {}", plain(&request));
            }
        }
        if let Some(more) = digest.more(kind) {
            let _ = writeln!(text, "    {more}");
        }
    }
    let (count, untold) = digest.untold();
    if count > 0 {
        let of = if count == 1 { String::new() } else { format!(" ({count} sandboxes)") };
        let _ = writeln!(text, "\n  the story has not been told{of}");
    }
    for line in untold {
        let _ = writeln!(text, "    {}", plain(&line));
    }
    if !digest.merged.coverage.is_empty() {
        text.push('\n');
    }
    for entries in digest.merged.coverage.chunk_by(|one, two| one.endpoint == two.endpoint) {
        let outcome = |entry: &CoverageEntry| format!("{} {}", entry.count, entry.outcome);
        let outcomes: Vec<String> = entries.iter().map(outcome).collect();
        let _ = writeln!(text, "  {:<14}{}", entries[0].endpoint.name(), outcomes.join(", "));
    }
    for note in digest.only().iter().flat_map(|only| lines::notes(only.report)) {
        let _ = writeln!(text, "  {note}");
    }
    text
}

/// Replaces control characters, which a terminal would obey.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

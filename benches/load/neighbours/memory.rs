//! Whether memory goes back once a peak is over.

use std::thread;
use std::time::Duration;

use super::case::at_once;
use super::control::Control;
use super::large::{CLIENTS, RENTALS, Reading, fill};
use super::many::{COMING, KEPT, touch};
use super::table::{self, Row};
use crate::Outcome;
use crate::options::Options;
use crate::server::Server;

/// How long after the peak is looked.
const LATER: Duration = Duration::from_secs(5);
/// What may stay: this share of what came, or so many bytes.
const SHARE: f64 = 0.1;
const BYTES: f64 = 16.0 * MEBIBYTE;
const MEBIBYTE: f64 = (1 << 20) as f64;

pub(super) fn run(options: &Options) -> Outcome<Vec<Row>> {
    let rentals = options.scale.count(RENTALS);
    let mut rows = Vec::new();
    for (reading, name, clients) in [
        (Reading::Rentals, "rentals", 1),
        (Reading::Rentals, "rentals", CLIENTS),
        (Reading::Capsule, "capsule", CLIENTS),
    ] {
        let server = super::shipped(&[])?;
        fill(&server, "large", options, rentals)?;
        let control = Control::of(&server);
        let name = format!("memory: {name} of {rentals} rentals, {clients} at once");
        rows.push(peak(options, &server, name, || {
            at_once(clients, Duration::ZERO, || reading.read(&control, "large", rentals))
        })?);
    }

    let server = super::shipped(&[])?;
    let control = Control::of(&server);
    rows.push(peak(options, &server, format!("memory: {rentals} rentals, made, deleted"), || {
        fill(&server, "large", options, rentals)?;
        control.delete("large")
    })?);

    let (kept, coming) = (options.scale.count(KEPT), options.scale.count(COMING));
    let server = super::shipped(&["--max-sandboxes", &kept.to_string()])?;
    touch(&server, "kept", kept)?;
    rows.push(peak(
        options,
        &server,
        format!("memory: {coming} new keys, {kept} are kept"),
        || touch(&server, "flood", coming),
    )?);
    Ok(rows)
}

fn peak(
    options: &Options,
    server: &Server,
    case: String,
    act: impl FnOnce() -> Outcome<()>,
) -> Outcome<Row> {
    let size = |field| server.memory(field).map_or(f64::NAN, |bytes| bytes as f64);
    let before = size("VmRSS");
    act().map_err(|error| format!("{case}: {error}"))?;
    let peak = size("VmHWM");
    let later = options.scale.span(LATER);
    thread::sleep(later);
    let after = size("VmRSS");
    let limit = before + BYTES.max(SHARE * (peak - before));
    Ok(Row {
        case,
        before: format!("{:.0} MiB", before / MEBIBYTE),
        during: format!("{:.0} MiB", peak / MEBIBYTE),
        ratio: peak / before,
        note: format!("{:.0} MiB {later:?} later", after / MEBIBYTE),
        target: format!("≤ {:.0} MiB", limit / MEBIBYTE),
        verdict: table::verdict(after <= limit),
    })
}

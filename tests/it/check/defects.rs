//! Is the check fair and does it find what is wrong? Measured at a server that is not `ringer`.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::partner::{Defect, OPEN, Partner, Rulings};
use super::{Check, Report, slug};

/// Runs with everything that a case may need.
fn check(partner: &Partner) -> Result<Report, String> {
    let command = partner.sms_command();
    Check::of_everything(&partner.url)
        .with(&["--sms-command", &command, "--sms-within", "3s", "--max-rentals", "200"])
        .try_report()
}

#[test]
fn right_partners_who_decided_otherwise_are_not_accused() {
    for rulings in Rulings::ALL {
        let report = check(&Partner::start(rulings, None)).expect("it runs");
        assert_eq!(report.failed("must"), [""; 0], "{}: {:#?}", rulings.name, report.failures());
    }
}

#[test]
fn a_partner_who_is_careful_in_all_that_is_open_passes_every_case() {
    let report = check(&Partner::start(OPEN, None)).expect("it runs");
    assert_eq!(report.failures(), []);
    assert_eq!(report.skips(), []);
}

/// The cases that find a defect.
fn found_by(defect: Defect) -> BTreeSet<String> {
    let report = check(&Partner::start(OPEN, Some(defect)));
    let report = report.unwrap_or_else(|error| panic!("{defect:?}: {error}"));
    report.failures().into_iter().map(|(slug, _)| slug.to_owned()).collect()
}

/// What is wrong with these findings.
fn complaints(defect: Defect, found: &BTreeSet<String>) -> Vec<String> {
    let unfit = found.iter().filter(|slug| !defect.fitting().contains(&slug.as_str()));
    let unfit =
        unfit.map(|slug| format!("{defect:?} is found by {slug}, which has nothing to do with it"));
    let missed = found.is_empty().then(|| format!("{defect:?} is found by no case"));
    missed.into_iter().chain(unfit).collect()
}

/// Each defect with the cases that find it.
fn kill_table() -> Vec<(Defect, BTreeSet<String>)> {
    let next = AtomicUsize::new(0);
    let table = Mutex::new(Vec::new());
    // The runs wait more than they work.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(defect) = Defect::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = found_by(*defect);
                    table.lock().expect("nobody panics").push((*defect, found));
                }
            });
        }
    });
    let mut table = table.into_inner().expect("nobody panics");
    table.sort_by_key(|(defect, _)| *defect as usize);
    // On a busy machine a reply may take more than 3 s: what then failed runs again, alone.
    for (defect, found) in &mut table {
        if !complaints(*defect, found).is_empty() {
            *found = found_by(*defect);
        }
    }
    table
}

#[test]
fn each_defect_is_found_by_a_fitting_case_and_by_no_other() {
    let whole = check(&Partner::start(OPEN, None)).expect("it runs");
    let mut idle: BTreeSet<&str> = whole.cases().iter().map(slug).collect();
    let table = kill_table();
    println!("{} defects, and the cases that find them:", table.len());
    for (defect, found) in &table {
        let slugs: Vec<&str> = found.iter().map(String::as_str).collect();
        println!("  {:<60} {}", defect.what(), slugs.join(", "));
        idle.retain(|slug| !found.contains(*slug));
    }
    let complaints = table.iter().flat_map(|(defect, found)| complaints(*defect, found));
    assert_eq!(complaints.collect::<Vec<_>>(), [""; 0]);
    assert_eq!(idle, BTreeSet::new(), "these find nothing: give each a defect, or delete it");
}

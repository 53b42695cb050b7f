//! The fairness and the power of the check, measured at a server that is not `ringer`.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ringer::check::{Level, Run, SmsSource, cases};
use ringer::scenario::RealDuration;

use super::partner::{Defect, OPEN, Partner, Rulings};
use super::{all_options, check, failures};

/// A run with all that a case may need.
fn run_at(partner: &Partner) -> Result<Run, String> {
    let mut options = all_options(&partner.url);
    let command = Some(partner.sms_command());
    options.sms = Some(SmsSource { within: RealDuration::millis(3_000), command });
    options.max_rentals = 200;
    check(&options).map_err(|cannot| cannot.to_string())
}

#[test]
fn right_partners_who_decided_otherwise_are_not_accused() {
    for rulings in Rulings::ALL {
        let partner = Partner::start(rulings, None);
        let run = run_at(&partner).unwrap_or_else(|cannot| panic!("{}: {cannot}", rulings.name));
        let failed = run.failed(Level::Must).map(|one| (one.case.slug, &one.outcome));
        let failed: Vec<_> = failed.collect();
        assert!(failed.is_empty(), "{}: {failed:#?}", rulings.name);
    }
}

#[test]
fn a_partner_who_is_careful_in_all_that_is_open_passes_every_case() {
    let run = run_at(&Partner::start(OPEN, None)).expect("it runs");
    assert_eq!(failures(&run), []);
    assert_eq!(super::skips(&run), []);
}

/// A defect, and the cases that found it.
type Row = (Defect, Result<BTreeSet<&'static str>, String>);

fn kill_table() -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let table = Mutex::new(Vec::new());
    // They wait more than they work.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(defect) = Defect::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run = run_at(&Partner::start(OPEN, Some(*defect)));
                    let failed = |run: &Run| {
                        failures(run).into_iter().map(|(slug, _)| slug).collect::<BTreeSet<_>>()
                    };
                    let row = (*defect, run.as_ref().map(failed).map_err(Clone::clone));
                    table.lock().expect("nobody panics under it").push(row);
                }
            });
        }
    });
    let mut table = table.into_inner().expect("nobody panics under it");
    table.sort_by_key(|(defect, _)| *defect as usize);
    table
}

#[test]
fn each_defect_is_found_by_a_fitting_case_and_by_no_other() {
    let table = kill_table();
    let mut wrong = Vec::new();
    let mut idle: BTreeSet<&str> = cases::all().iter().map(|case| case.slug).collect();
    println!("{} defects, and the cases that find them:", table.len());
    for (defect, found) in &table {
        let found = match found {
            Ok(found) => found,
            Err(cannot) => {
                wrong.push(format!("{defect:?}: {cannot}"));
                continue;
            }
        };
        let slugs: Vec<&str> = found.iter().copied().collect();
        println!("  {:<60} {}", defect.what(), slugs.join(", "));
        idle.retain(|slug| !found.contains(slug));
        if found.is_empty() {
            wrong.push(format!("{defect:?} is found by no case"));
        }
        for slug in found.iter().filter(|slug| !defect.fitting().contains(slug)) {
            wrong.push(format!("{defect:?} is found by {slug}, which has nothing to do with it"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(idle, BTreeSet::new(), "these find nothing: give them a defect, or delete them");
}

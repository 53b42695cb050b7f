//! What a run spends, and that it leaves nothing behind.

use std::sync::atomic::{AtomicU32, Ordering};

use ringer::check::case::{CaseResult, TestCase};
use ringer::check::case_outcome::CaseOutcome;
use ringer::check::observer::RunObserver;
use ringer::check::run::run;
use ringer::check::stop_token::StopToken;
use ringer::check::{Level, Options};
use serde_json::Value;

use super::stub::change;
use super::{KEY, all_options, checked, failures, options, server, skips};
use crate::support::{Client, start};

fn live(url: &str) -> usize {
    let rentals = Client::at(url, KEY).get(&format!("/__admin/sandboxes/{KEY}/rentals")).json;
    let rentals = rentals.as_array().cloned().unwrap_or_default();
    rentals.iter().filter(|rental| rental["state"] == "live").count()
}

#[test]
fn the_bound_on_rentals_is_held_and_what_it_keeps_from_running_is_skipped() {
    for max in [0, 1, 4] {
        let server = start(server());
        let mut options = all_options(&server.url());
        options.max_rentals = max;
        let run = checked(&options);
        assert_eq!(failures(&run), []);
        assert_eq!(run.rentals.made, max);
        assert_eq!(run.rentals.cancelled, max);
        let is_bound = |(_, why): &(&str, String)| why.contains(&format!("--max-rentals {max} "));
        assert!(skips(&run).iter().any(is_bound), "{:?}", skips(&run));
    }
}

#[test]
fn a_run_that_only_reads_rents_nothing() {
    let server = start(server());
    let mut options = all_options(&server.url());
    options.read_only = true;
    let run = checked(&options);
    assert_eq!(failures(&run), []);
    assert!(run.passed() > 20, "{}", run.passed());
    let rented = server.sandbox(KEY).expect("it is known").journal();
    assert!(
        rented
            .iter()
            .all(|entry| entry.endpoint.name() != "rentNumber" || entry.status != Some(200))
    );
    assert_eq!(run.rentals.made, 0);
}

#[test]
fn nothing_lives_on_after_a_run_and_the_cost_is_what_was_not_paid_back() {
    let server = start(server());
    let run = checked(&options(&server.url()));
    assert!(run.rentals.made >= 10);
    assert_eq!(live(&server.url()), 0);
    let report = server.sandbox(KEY).expect("the key is good").report();
    let spent = report.audit.charged - report.audit.refunded;
    assert_eq!(run.rentals.cost, Some(spent));
}

#[test]
fn a_watcher_that_panics_leaves_no_rental_behind() {
    struct Panics;
    impl RunObserver for Panics {
        fn ended(&mut self, result: &CaseResult) {
            assert_ne!(result.case.slug, "read-messages-is-a-list", "as arranged");
        }
    }
    let server = start(server());
    let options = options(&server.url());
    let unwound =
        std::panic::catch_unwind(|| run(&options, &mut Panics, &StopToken::default()).is_ok());
    assert!(unwound.is_err());
    assert_eq!(live(&server.url()), 0);
    let journal = server.sandbox(KEY).expect("it is known").journal();
    assert!(journal.iter().any(|entry| entry.endpoint.name() == "rentNumber"));
}

#[test]
fn a_run_that_is_stopped_cancels_what_it_has_rented_and_is_no_pass() {
    struct StopsAt(&'static str, StopToken);
    impl RunObserver for StopsAt {
        fn starts(&mut self, case: &TestCase, _: usize, _: usize) {
            if case.slug == self.0 {
                self.1.stop();
            }
        }
    }
    let server = start(server());
    let stop = StopToken::default();
    let mut watcher = StopsAt("cancel-succeeds", stop.clone());
    let run = run(&options(&server.url()), &mut watcher, &stop).expect("it ran");
    assert!(run.is_interrupted && !run.is_clean(Level::Must));
    assert!(run.rentals.made > 0);
    assert_eq!((run.rentals.made, live(&server.url())), (run.rentals.cancelled, 0));
    let skipped = run.result("cancel-succeeds").map(|result| result.outcome.clone());
    assert_eq!(skipped, Some(CaseOutcome::Skipped("the run was interrupted".into())));
}

#[test]
fn a_rental_that_cannot_be_cancelled_is_listed_by_its_id() {
    let behind = start(server());
    let url = change(&behind.url(), |asked, mut answer| {
        if asked.is("/cancelNumber") {
            answer.json["status"] = "error".into();
        }
        answer
    });
    let run = checked(&options(&url));
    assert_eq!(run.rentals.cancelled, 0);
    assert_eq!(run.rentals.left.len(), run.rentals.made);
    let ids: Vec<&str> = run.rentals.left.iter().map(|left| left.rental_id.as_str()).collect();
    assert!(ids.iter().all(|id| id.starts_with("rent_")), "{ids:?}");
}

#[test]
fn a_lost_reply_to_a_rental_is_said_and_no_more_is_rented() {
    let server = start(server().scenario("rent-reply-lost"));
    let run = checked(&options(&server.url()));
    assert_eq!(run.rentals.lost.len(), 1);
    assert!(run.rentals.lost[0].contains("/rentNumber"), "{:?}", run.rentals.lost);
    assert_eq!(run.rentals.made, 0);
}

#[test]
fn a_wrong_key_that_rents_is_cancelled_too() {
    let behind = start(server());
    let count = AtomicU32::new(0);
    // The last account of all takes any key for its own.
    let upstream = behind.url();
    let url = change(&behind.url(), move |asked, answer| {
        if asked.is("/rentNumber") && asked.has("ringer-check-wrong-key") {
            count.fetch_add(1, Ordering::Relaxed);
            let body: Value = Client::at(&upstream, KEY).rent("US").json;
            return super::stub::Answer { status: 200, json: body, ..answer };
        }
        answer
    });
    let run = checked(&Options { max_rentals: 30, ..options(&url) });
    assert!(super::fails_at_must(&run, "rent-refuses-a-wrong-key"), "{:?}", failures(&run));
    assert_eq!((run.rentals.made, live(&behind.url())), (run.rentals.cancelled, 0));
}

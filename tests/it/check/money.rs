//! What a run spends, and that it leaves nothing behind.

use serde_json::Value;

use super::stub::{Answer, change};
use super::{Check, KEY, live_rentals, server};
use crate::support::{Client, start};

#[test]
fn the_limit_on_rentals_holds_and_cases_beyond_it_are_skipped() {
    for max in ["0", "1", "4"] {
        let server = start(server());
        let report = Check::of_everything(&server.url()).with(&["--max-rentals", max]).report();
        assert_eq!(report.failures(), []);
        let count = max.parse().expect("a number");
        assert_eq!(report.rentals(), (count, count));
        let limit = format!("--max-rentals {max} ");
        assert!(report.skips().iter().any(|(_, why)| why.contains(&limit)), "{:?}", report.skips());
    }
}

#[test]
fn a_run_that_only_reads_rents_nothing() {
    let server = start(server());
    let report = Check::of_everything(&server.url()).with(&["--read-only"]).report();
    assert_eq!((report.failures(), report.rentals()), (Vec::new(), (0, 0)));
    assert!(report.passed() > 20, "{}", report.passed());
    let requests = format!("/__admin/sandboxes/{KEY}/requests?endpoint=rentNumber");
    let requests = Client::at(&server.url(), KEY).get(&requests).json;
    let calls = requests.as_array().expect("a list of calls");
    assert!(calls.iter().all(|call| call["status"] != 200), "{calls:?}");
}

#[test]
fn nothing_is_live_after_a_run_and_the_cost_is_what_was_not_refunded() {
    let server = start(server());
    let report = Check::of(&server.url()).report();
    assert!(report.rentals().0 >= 10, "{:?}", report.rentals());
    assert_eq!(live_rentals(&server.url()), 0);
    let seen = Client::at(&server.url(), KEY).get(&format!("/__admin/sandboxes/{KEY}/report")).json;
    let amount = |name: &str| seen["audit"][name].as_f64().expect("an amount");
    let cost = report.0["rentals"]["cost"].as_f64().expect("an amount");
    assert!((cost - (amount("charged") - amount("refunded"))).abs() < 1e-9, "{cost}: {seen}");
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
    let report = Check::of(&url).report();
    let (made, cancelled) = report.rentals();
    assert_eq!((cancelled, report.not_cancelled().len() as u64), (0, made));
    let is_id = |left: &Value| left["rental_id"].as_str().is_some_and(|id| id.starts_with("rent_"));
    assert!(report.not_cancelled().iter().all(is_id), "{:?}", report.not_cancelled());
}

#[test]
fn a_lost_reply_to_a_rental_is_reported_and_ends_the_renting() {
    let server = start(server().scenario("rent-reply-lost"));
    let report = Check::of(&server.url()).report();
    assert_eq!(report.lost().len(), 1, "{:?}", report.lost());
    assert!(report.lost()[0].as_str().is_some_and(|lost| lost.contains("/rentNumber")));
    assert_eq!(report.rentals(), (0, 0));
}

#[test]
fn a_rental_by_a_wrong_key_is_cancelled_too() {
    let behind = start(server());
    let upstream = behind.url();
    let url = change(&behind.url(), move |asked, answer| {
        if asked.is("/rentNumber") && asked.has("ringer-check-wrong-key") {
            let json = Client::at(&upstream, KEY).rent("US").json;
            return Answer { status: 200, json, ..answer };
        }
        answer
    });
    let report = Check::of(&url).with(&["--max-rentals", "30"]).report();
    assert!(report.failed("must").contains(&"rent-refuses-a-wrong-key"), "{:?}", report.failures());
    let (made, cancelled) = report.rentals();
    assert_eq!((cancelled, live_rentals(&behind.url())), (made, 0), "{:?}", report.lost());
}

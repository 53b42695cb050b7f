//! A right server with one defect each: the fitting case fails.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use ringer::check::{SmsSource, cases};
use ringer::scenario::RealDuration;
use serde_json::{Value, json};

use super::stub::{Answer, Asked, change};
use super::{KEY, OTHER_KEY, all_options, checked, failures, server};
use crate::support::start;

type Defect = fn(&Asked, Answer) -> Answer;

/// Changes a field of a success at one path.
macro_rules! at {
    ($path:literal, $name:literal, $value:expr) => {
        |asked, mut answer| {
            if asked.is($path) && answer.is_success() {
                answer.json[$name] = $value;
            }
            answer
        }
    };
}

/// Changes a field of each line of the listing.
macro_rules! listed {
    ($name:literal, $value:expr) => {
        |asked, mut answer| {
            if asked.is("/getNumbers") && answer.is_success() {
                for line in answer.json["numbers"].as_array_mut().expect("a listing") {
                    line[$name] = $value;
                }
            }
            answer
        }
    };
}

/// Answers 500 where this stands in a request.
macro_rules! breaks_on {
    ($text:literal) => {
        |asked, answer| if asked.has($text) { Answer { status: 500, ..answer } } else { answer }
    };
}

/// Whether it is refused for its key, and would be fine with another.
fn lacks_key(asked: &Asked) -> bool {
    !asked.has(KEY) && !asked.has(OTHER_KEY)
}

fn success_where(is_wrong: bool, answer: Answer, json: Value) -> Answer {
    if is_wrong && !answer.is_success() { Answer { status: 200, json, ..answer } } else { answer }
}

fn empty_inbox() -> Value {
    json!({"status": "success", "messages": [], "number": "+12025550100"})
}

fn cancelled() -> Value {
    json!({"status": "success", "message": "done", "rental_id": "x", "refund_amount": 0.0})
}

fn stock_grows_with_each_cancel(asked: &Asked, mut answer: Answer) -> Answer {
    static CANCELS: AtomicU32 = AtomicU32::new(0);
    let more = u32::from(asked.is("/cancelNumber"));
    let available = 100 + CANCELS.fetch_add(more, Ordering::Relaxed);
    for line in answer.json["numbers"].as_array_mut().into_iter().flatten() {
        line["available"] = json!(available);
    }
    answer
}

const DEFECTS: &[(&str, Defect)] = &[
    ("listing-succeeds", at!("/getNumbers", "status", json!("ok"))),
    ("listing-has-numbers", at!("/getNumbers", "numbers", json!({}))),
    ("listing-country-is-two-letters", listed!("country", json!("USA"))),
    ("listing-has-country-names", listed!("country_name", Value::Null)),
    ("listing-available-is-a-whole-number", listed!("available", json!("7"))),
    ("listing-price-is-a-number", listed!("price_per_sms", json!("0.05"))),
    ("listing-names-a-country-once", listed!("country", json!("US"))),
    ("listing-country-is-an-iso-code", listed!("country", json!("gb"))),
    ("listing-filters-by-country", |asked, mut answer| {
        if asked.is("/getNumbers") && asked.has("country=") && answer.is_success() {
            let more = json!({"country": "FR", "country_name": "France", "available": 1, "price_per_sms": 1});
            answer.json["numbers"].as_array_mut().expect("a listing").push(more);
        }
        answer
    }),
    ("listing-filter-knows-its-country", |asked, mut answer| {
        if asked.is("/getNumbers") && asked.has("country=") && answer.is_success() {
            answer.json["numbers"] = json!([]);
        }
        answer
    }),
    ("rent-returns-a-rental-id", at!("/rentNumber", "rental_id", json!(12_345))),
    ("rent-returns-e164-number", at!("/rentNumber", "number", json!("12025550100"))),
    ("rent-returns-expires-at", at!("/rentNumber", "expires_at", json!(1_700_000_000))),
    ("rent-expires-in-the-future", at!("/rentNumber", "expires_at", json!("2023-06-15T15:30:45Z"))),
    ("rent-time-has-a-zone", at!("/rentNumber", "expires_at", json!("2099-06-15T15:30:45"))),
    ("rent-returns-the-country", at!("/rentNumber", "country", json!("FR"))),
    ("rent-heeds-the-country", at!("/rentNumber", "country", json!("US"))),
    ("live-numbers-are-unique", at!("/rentNumber", "number", json!("+12025550100"))),
    ("concurrent-rents-get-different-numbers", at!("/rentNumber", "number", json!("+12025550100"))),
    ("rental-ids-are-unique", at!("/rentNumber", "rental_id", json!("rent_1"))),
    ("rent-number-has-the-calling-code", at!("/rentNumber", "number", json!("+999025550100"))),
    ("rent-takes-a-form", |asked, answer| {
        let is_form =
            asked.content_type.as_deref().is_some_and(|kind| kind.ends_with("urlencoded"));
        let json = json!({"status": "error", "message": "JSON only"});
        if is_form { Answer { status: 415, json, ..answer } } else { answer }
    }),
    ("rent-takes-json", |asked, answer| {
        let is_json = asked.content_type.as_deref() == Some("application/json");
        let json = json!({"status": "error", "message": "forms only"});
        if is_json { Answer { status: 415, json, ..answer } } else { answer }
    }),
    ("read-messages-is-a-list", at!("/getSMS", "messages", Value::Null)),
    ("read-returns-the-number", at!("/getSMS", "number", json!("+12025550199"))),
    ("read-refuses-an-unknown-rental", |asked, answer| {
        success_where(asked.is("/getSMS") && asked.has(KEY), answer, empty_inbox())
    }),
    ("read-by-another-account-is-refused", |asked, answer| {
        success_where(asked.is("/getSMS") && asked.has(OTHER_KEY), answer, empty_inbox())
    }),
    ("sms-arrives", at!("/getSMS", "messages", json!([]))),
    (
        "sms-has-a-sender",
        at!("/getSMS", "messages", json!([{"text": "x", "received_at": "2026-01-01T00:00:00Z"}])),
    ),
    (
        "sms-has-a-text",
        at!("/getSMS", "messages", json!([{"sender": "x", "received_at": "2026-01-01T00:00:00Z"}])),
    ),
    (
        "sms-has-a-received-at",
        at!("/getSMS", "messages", json!([{"sender": "x", "text": "x", "received_at": "now"}])),
    ),
    (
        "sms-time-is-true",
        at!(
            "/getSMS",
            "messages",
            json!([{"sender": "x", "text": "x", "received_at": "2020-01-01T00:00:00Z"}])
        ),
    ),
    (
        "sms-time-has-a-zone",
        at!(
            "/getSMS",
            "messages",
            json!([{"sender": "x", "text": "x", "received_at": "2020-01-01T00:00:00"}])
        ),
    ),
    (
        "new-rental-has-no-old-messages",
        at!(
            "/getSMS",
            "messages",
            json!([{"sender": "x", "text": "x", "received_at": "2020-01-01T00:00:00Z"}])
        ),
    ),
    ("cancel-succeeds", at!("/cancelNumber", "status", json!("error"))),
    ("cancel-returns-a-message", at!("/cancelNumber", "message", Value::Null)),
    ("cancel-returns-the-rental-id", at!("/cancelNumber", "rental_id", json!("rent_1"))),
    ("cancel-returns-a-refund-amount", at!("/cancelNumber", "refund_amount", json!("0.00"))),
    ("refund-is-at-most-the-price", at!("/cancelNumber", "refund_amount", json!(5.0))),
    ("refund-is-at-most-the-price", at!("/cancelNumber", "refund_amount", json!(-0.05))),
    ("cancel-refuses-an-unknown-rental", |asked, answer| {
        success_where(asked.is("/cancelNumber") && asked.has(KEY), answer, cancelled())
    }),
    ("cancel-by-another-account-is-refused", |asked, answer| {
        success_where(asked.is("/cancelNumber") && asked.has(OTHER_KEY), answer, cancelled())
    }),
    ("stock-falls-with-a-rental", listed!("available", json!(7))),
    ("stock-comes-back-with-a-cancel", listed!("available", json!(7))),
    ("listing-needs-a-key", |asked, answer| {
        let json = json!({"status": "success", "numbers": []});
        success_where(asked.is("/getNumbers") && !asked.has("api_key"), answer, json)
    }),
    ("listing-refuses-a-wrong-key", |asked, answer| {
        let json = json!({"status": "success", "numbers": []});
        success_where(asked.is("/getNumbers") && asked.has("api%5Fkey=%25"), answer, json)
    }),
    ("rent-refuses-a-wrong-key", |asked, answer| {
        let json = json!({"status": "success", "number": "+12025550100", "rental_id": "rent_1"});
        success_where(asked.is("/rentNumber") && asked.has("wrong"), answer, json)
    }),
    ("read-needs-a-key", |asked, answer| {
        success_where(asked.is("/getSMS") && lacks_key(asked), answer, empty_inbox())
    }),
    ("read-refuses-a-wrong-key", |asked, answer| {
        success_where(asked.is("/getSMS") && asked.has("check-key-onex"), answer, empty_inbox())
    }),
    ("cancel-refuses-a-wrong-key", |asked, answer| {
        success_where(asked.is("/cancelNumber") && asked.has("CHECK-KEY-ONE"), answer, cancelled())
    }),
    ("rent-refuses-a-key-of-another-type", |asked, answer| {
        let json = json!({"status": "success", "number": "+12025550100", "rental_id": "rent_1"});
        success_where(asked.is("/rentNumber") && asked.has("\"api_key\":true"), answer, json)
    }),
    ("cancel-refuses-a-key-of-another-type", |asked, answer| {
        success_where(asked.is("/cancelNumber") && asked.has("$gt"), answer, cancelled())
    }),
    (
        "success-is-2xx",
        |_, answer| {
            if answer.is_success() { Answer { status: 404, ..answer } } else { answer }
        },
    ),
    ("content-type-is-json", |_, answer| Answer { content_type: "text/html".into(), ..answer }),
    ("concurrent-rents-all-count", listed!("available", json!(7))),
    ("listing-filter-of-an-unlisted-country", |asked, mut answer| {
        if asked.is("/getNumbers") && asked.has("country=AQ") {
            let line =
                json!({"country": "US", "country_name": "x", "available": 1, "price_per_sms": 1});
            answer.json["numbers"] = json!([line]);
        }
        answer
    }),
    ("rent-succeeds", at!("/rentNumber", "status", json!("ok"))),
    ("rent-refuses-an-unlisted-country", |asked, answer| {
        let json = json!({"status": "success", "number": "+12025550100", "rental_id": "rent_1"});
        success_where(asked.is("/rentNumber") && asked.has("\"AQ\""), answer, json)
    }),
    ("rent-refuses-a-missing-country", |asked, answer| {
        let json = json!({"status": "success", "number": "+12025550100", "rental_id": "rent_1"});
        success_where(asked.is("/rentNumber") && !asked.has("country"), answer, json)
    }),
    ("rent-needs-a-key", |asked, answer| {
        let json = json!({"status": "success", "number": "+12025550100", "rental_id": "rent_1"});
        success_where(asked.is("/rentNumber") && !asked.has("api_key"), answer, json)
    }),
    ("rent-ignores-a-key-in-the-query", |asked, answer| {
        let json = json!({"status": "success", "number": "+12025550100", "rental_id": "rent_1"});
        success_where(asked.target.starts_with("/rentNumber?"), answer, json)
    }),
    ("cancel-needs-a-key", |asked, answer| {
        success_where(
            asked.is("/cancelNumber") && asked.has("\"api_key\":\"\""),
            answer,
            cancelled(),
        )
    }),
    ("read-succeeds-before-an-sms", at!("/getSMS", "status", json!("pending"))),
    ("read-refuses-a-missing-rental-id", |asked, answer| {
        success_where(asked.is("/getSMS") && !asked.has("rental"), answer, empty_inbox())
    }),
    ("cancel-refuses-a-missing-rental-id", |asked, answer| {
        success_where(asked.is("/cancelNumber") && !asked.has("rental"), answer, cancelled())
    }),
    ("read-wants-the-exact-id", |asked, answer| {
        success_where(asked.is("/getSMS") && asked.target.ends_with("%25"), answer, empty_inbox())
    }),
    ("listing-refuses-a-key-list", |asked, answer| {
        let json = json!({"status": "success", "numbers": []});
        success_where(asked.has("api_key[$ne]"), answer, json)
    }),
    ("read-after-cancel-is-answered", |asked, mut answer| {
        static IS_CANCELLED: AtomicBool = AtomicBool::new(false);
        IS_CANCELLED.fetch_or(asked.is("/cancelNumber"), Ordering::Relaxed);
        if asked.is("/getSMS") && IS_CANCELLED.load(Ordering::Relaxed) {
            answer.json["messages"] = Value::Null;
        }
        answer
    }),
    ("second-cancel-leaves-the-stock", stock_grows_with_each_cancel),
    ("concurrent-cancels-count-once", |asked, mut answer| {
        static CANCELS: AtomicU32 = AtomicU32::new(0);
        if asked.is("/cancelNumber") && answer.is_success() {
            answer.json["refund_amount"] = json!(CANCELS.fetch_add(1, Ordering::Relaxed));
        }
        answer
    }),
    ("second-cancel-is-answered", |asked, answer| {
        static CANCELS: AtomicU32 = AtomicU32::new(0);
        // The first one is right.
        let is_again = asked.is("/cancelNumber") && CANCELS.fetch_add(1, Ordering::Relaxed) > 0;
        if is_again { Answer { status: 500, ..answer } } else { answer }
    }),
    ("second-cancel-does-not-refund-again", |asked, mut answer| {
        static CANCELS: AtomicU32 = AtomicU32::new(0);
        if asked.is("/cancelNumber") {
            answer.json["refund_amount"] = json!(CANCELS.fetch_add(1, Ordering::Relaxed));
        }
        answer
    }),
    ("cancel-ends-one-rental-only", |asked, mut answer| {
        static IS_CANCELLED: AtomicBool = AtomicBool::new(false);
        IS_CANCELLED.fetch_or(asked.is("/cancelNumber"), Ordering::Relaxed);
        if asked.is("/getSMS") && IS_CANCELLED.load(Ordering::Relaxed) {
            answer.json = json!({"status": "error", "code": "RENTAL_CANCELLED"});
        }
        answer
    }),
    ("messages-survive-a-cancel", |asked, mut answer| {
        static IS_CANCELLED: AtomicBool = AtomicBool::new(false);
        IS_CANCELLED.fetch_or(asked.is("/cancelNumber"), Ordering::Relaxed);
        if asked.is("/getSMS") && IS_CANCELLED.load(Ordering::Relaxed) {
            answer.json["messages"] = json!([]);
        }
        answer
    }),
    ("cancelled-rental-receives-no-sms", |asked, mut answer| {
        static READS: AtomicU32 = AtomicU32::new(0);
        static IS_CANCELLED: AtomicBool = AtomicBool::new(false);
        IS_CANCELLED.fetch_or(asked.is("/cancelNumber"), Ordering::Relaxed);
        // The first read after the cancel shows nothing yet.
        let is_late = IS_CANCELLED.load(Ordering::Relaxed) && asked.is("/getSMS");
        if is_late && READS.fetch_add(1, Ordering::Relaxed) > 1 {
            answer.json["messages"] = json!([{"sender": "x", "text": "x"}]);
        }
        answer
    }),
    ("sms-stays", |asked, mut answer| {
        static SHOWN: AtomicBool = AtomicBool::new(false);
        let has_sms = answer.json["messages"].as_array().is_some_and(|all| !all.is_empty());
        if asked.is("/getSMS") && has_sms && SHOWN.swap(true, Ordering::Relaxed) {
            answer.json["messages"] = json!([]);
        }
        answer
    }),
    ("non-utf8-query-is-no-server-error", breaks_on!("%ED%A0%80")),
    ("concurrent-rents-are-no-server-error", breaks_on!("\"country\":\"US\"")),
    ("still-answers-at-the-end", |asked, mut answer| {
        static LISTED: AtomicU32 = AtomicU32::new(0);
        if asked.is("/getNumbers") && LISTED.fetch_add(1, Ordering::Relaxed) > 0 {
            answer.json = json!({"status": "error"});
        }
        answer
    }),
    ("errors-are-json", |_, answer| {
        if answer.is_success() { answer } else { Answer { json: json!("no"), ..answer } }
    }),
    ("errors-have-a-status", |_, answer| {
        if answer.is_success() { answer } else { Answer { json: json!({"error": "no"}), ..answer } }
    }),
    (
        "errors-are-4xx",
        |_, answer| {
            if answer.is_success() { answer } else { Answer { status: 302, ..answer } }
        },
    ),
    ("odd-query-is-no-server-error", breaks_on!("%F0")),
    ("broken-json-is-no-server-error", breaks_on!("[[[")),
    ("broken-form-is-no-server-error", breaks_on!("=&=&&")),
    ("wrong-type-is-no-server-error", breaks_on!("1e+300")),
    ("long-value-is-no-server-error", breaks_on!("9999999999999")),
    ("odd-service-is-no-server-error", breaks_on!("xxxxxxxx")),
    ("odd-country-is-no-server-error", breaks_on!("\"country\":true")),
    ("unknown-encoding-is-no-server-error", breaks_on!("<rental/>")),
    ("wrong-method-is-no-server-error", breaks_on!("x=1")),
];

#[test]
fn a_right_server_with_one_defect_fails_the_fitting_case() {
    let behind = start(server());
    let url = behind.url();
    // They wait more than they work.
    let survivors: Vec<String> = std::thread::scope(|scope| {
        let parts = DEFECTS.chunks(DEFECTS.len().div_ceil(8));
        let threads: Vec<_> = parts.map(|part| scope.spawn(|| surviving(&url, part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(survivors, [] as [String; 0]);
}

#[test]
fn a_server_with_no_defect_passes_also_behind_a_proxy() {
    let behind = start(server());
    let run = checked(&all_options(&change(&behind.url(), |_, answer| answer)));
    assert_eq!(failures(&run), []);
}

/// The defects that no case finds, each with what failed instead.
fn surviving(behind: &str, defects: &[(&str, Defect)]) -> Vec<String> {
    let survivors = defects.iter().filter_map(|(slug, defect)| {
        let mut options = all_options(&change(behind, *defect));
        if *slug == "sms-arrives" {
            options.sms = Some(SmsSource { within: RealDuration::millis(500), command: None });
        }
        options.only = vec![cases::slug(slug).expect("it is a case")];
        let run = checked(&options);
        let failed = failures(&run);
        let is_found = failed.iter().any(|(failed, _)| failed == slug);
        (!is_found).then(|| format!("{slug}: {failed:?} {:?}", run.result(slug)))
    });
    survivors.collect()
}

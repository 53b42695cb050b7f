//! What is on offer is looked at and changed.

use serde_json::{Value, json};

use super::{one_sms, play};

#[test]
fn countries_are_listed_with_their_real_and_their_claimed_stock() {
    let (_server, admin, client) = play("ghost-stock");
    client.get_numbers();
    let list = admin.get("/sandboxes/ci/countries").list();
    let us = list.iter().find(|line| line["country"] == "US").expect("the US");
    assert_eq!(
        *us,
        json!({"country": "US", "country_name": "United States", "available": 0, "listed": 7,
               "price_per_sms": 0.06})
    );
    assert!(list.iter().all(|line| !line["country"].as_str().expect("a code").starts_with('X')));
}

#[test]
fn stock_and_price_are_changed_together_or_alone() {
    let (_server, admin, client) = play(one_sms());
    let path = "/sandboxes/ci/countries/DE";
    client.rent("DE");
    let changed = admin.patch(path, r#"{"available": 7, "price_per_sms": 0.1250}"#);
    assert!(changed.text.contains(r#""price_per_sms":0.125}"#), "{changed:?}");
    assert_eq!(
        changed.ok(),
        json!({"country": "DE", "country_name": "Germany", "available": 7, "listed": 7,
               "price_per_sms": 0.125})
    );
    assert!(client.get_numbers().text.contains(r#""available":7,"price_per_sms":0.125}"#));
    assert!(admin.patch(path, r#"{"price_per_sms": 2}"#).text.contains(r#""price_per_sms":2.00}"#));
    let id = client.rent("DE").rental_id();
    admin.patch(path, r#"{"price_per_sms": 9}"#).ok();
    assert_eq!(client.cancel(&id).refund(), "2.00", "what it cost");
    assert_eq!(admin.patch(path, r#"{"available": 0}"#).ok()["available"], 0);
    assert_eq!(client.rent("DE").code(), "NO_NUMBERS");
}

#[test]
fn a_number_returned_to_a_full_stock_does_no_harm() {
    let (_server, admin, client) = play(one_sms());
    let id = client.rent("DE").rental_id();
    let body = json!({"available": u32::MAX}).to_string();
    admin.patch("/sandboxes/ci/countries/DE", body).ok();
    assert_eq!(client.cancel(&id).status, 200);
    assert_eq!(client.get_numbers().available("DE"), u64::from(u32::MAX));
}

#[test]
fn a_country_that_is_none_or_not_on_offer_is_404() {
    let (_server, admin, _) = play(one_sms());
    let patch = |country: &str| {
        admin.patch(&format!("/sandboxes/ci/countries/{country}"), r#"{"available": 1}"#)
    };
    let told = patch("USA").problem(404);
    assert!(told.contains("did you mean US"), "{told}");
    let told = patch("FR").problem(404);
    assert!(told.contains("FR"), "{told}");
    assert_eq!(patch("XN").ok()["available"], 1, "what is listed by its name only");
    let list = admin.get("/sandboxes/ci/countries").list();
    assert_eq!(list.iter().map(|line| &line["country"]).collect::<Vec<&Value>>(), ["DE"]);
}

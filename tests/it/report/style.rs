//! Requests that were accepted although the documentation writes them differently.

use serde_json::json;

use super::frozen_play;

#[test]
fn a_key_in_the_url_of_a_post_is_an_error_and_one_in_the_body_is_fine() {
    let play = frozen_play("happy-path");
    let body = json!({"api_key": "ci", "country": "US"});
    play.client.post_json("/rentNumber", &body);
    assert!(play.found().is_empty());
    play.client.post_json("/rentNumber?api_key=ci", &body);
    play.client.post_json("/rentNumber?api_key=ci", &body);
    assert_eq!(play.found(), ["error key-in-wrong-place"]);
    let finding = play.finding("key-in-wrong-place");
    assert_eq!(finding["evidence"].as_array().map(Vec::len), Some(2), "one finding for both");
    assert_eq!(finding["rental_id"], serde_json::Value::Null);
}

#[test]
fn an_unknown_parameter_is_reported_with_a_suggestion() {
    let play = frozen_play("happy-path");
    play.client.get("/getNumbers?api_key=ci&country=US");
    assert!(play.found().is_empty());
    play.client.get("/getNumbers?api_key=ci&countri=US");
    assert_eq!(play.found(), ["info unknown-parameter"]);
    let advice = play.finding("unknown-parameter")["advice"].to_string();
    assert!(advice.contains("did you mean"), "{advice}");
}

#[test]
fn a_country_in_lower_case_is_reported_and_a_documented_one_is_not() {
    let play = frozen_play("happy-path");
    play.client.get("/getNumbers?api_key=ci&country=DE");
    assert!(play.found().is_empty());
    play.client.get("/getNumbers?api_key=ci&country=de");
    assert_eq!(play.found(), ["info lower-case-country"]);
}

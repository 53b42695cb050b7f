use ringer::scenario::{Money, seconds};
use serde::Deserialize;

use super::{assert_comes_through, charged, expected_codes, play, play_carefully};

/// What every object ends with.
const EXTRA: &str = r#""extra":"a field that the documentation does not know""#;

#[test]
fn the_replies_mean_what_is_documented_and_are_typed_otherwise() {
    let (_server, client, sandbox) = play("type-drift");
    let listed = client.get("/getNumbers?api_key=ci&country=US").text;
    let line = format!(
        r#"{{"country":"US","country_name":"United States","available":5000,"price_per_sms":"0.05",{EXTRA}}}"#
    );
    assert_eq!(listed, format!(r#"{{"status":"success","numbers":[{line}],{EXTRA}}}"#));

    let rented = client.rent("US");
    let (id, number) = (rented.rental_id(), rented.json["number"].as_str().expect("a text"));
    assert!(number.starts_with('1') && number.len() == 11, "{number}");
    let expires_at = "2026-01-01T00:20:00Z";
    assert_eq!(
        rented.text,
        format!(
            r#"{{"status":"success","number":"{number}","rental_id":"{id}","expires_at":"{expires_at}","country":"US",{EXTRA}}}"#
        )
    );

    let rest = format!(r#""number":"{number}",{EXTRA}}}"#);
    let null = format!(r#"{{"status":"success","messages":null,{rest}"#);
    let object = format!(r#"{{"status":"success","messages":{{}},{rest}"#);
    let absent = format!(r#"{{"status":"success",{rest}"#);
    for expected in [&null, &object, &absent, &null] {
        assert_eq!(&client.poll(&id).text, expected, "in turn");
    }
    sandbox.clock().advance(seconds(8));
    let polled = client.poll(&id);
    assert_eq!(polled.texts().len(), 1, "with a message it is a list");
    let sms = format!(r#""received_at":"2026-01-01T00:00:08Z",{EXTRA}}}],{rest}"#);
    assert!(polled.text.ends_with(&sms), "{}", polled.text);

    let early = client.rent("US").rental_id();
    assert_eq!(client.cancel(&early).refund(), format!(r#""0.05",{EXTRA}"#));
    assert_eq!(client.cancel(&id).refund(), format!(r#""0.00",{EXTRA}"#));
    let refused = client.rent("XX");
    assert!(refused.text.ends_with(&format!("{EXTRA}}}")), "an error too: {}", refused.text);
}

/// The documented replies as an exact schema.
#[derive(Debug, Deserialize)]
struct Listing {
    #[expect(dead_code, reason = "it is parsed, which is the point")]
    numbers: Vec<Line>,
}

#[derive(Debug, Deserialize)]
struct Line {
    #[expect(dead_code, reason = "it is parsed, which is the point")]
    price_per_sms: f64,
}

#[derive(Debug, Deserialize)]
struct Polled {
    messages: Vec<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it is parsed, which is the point")]
struct Rented {
    status: String,
    number: String,
    rental_id: String,
    expires_at: String,
    country: String,
}

#[test]
fn a_client_with_a_price_of_numbers_crashes_before_it_can_rent() {
    let (_server, client, _sandbox) = play("type-drift");
    let crash = serde_json::from_str::<Listing>(&client.get_numbers().text).expect_err("a text");
    assert!(crash.to_string().starts_with(r#"invalid type: string "0.05""#), "{crash}");
}

#[test]
fn a_client_that_allows_no_unknown_field_pays_for_a_rental_that_it_cannot_read() {
    let (_server, client, sandbox) = play("type-drift");
    let crash = serde_json::from_str::<Rented>(&client.rent("US").text).expect_err("a new field");
    assert!(crash.to_string().starts_with("unknown field `extra`"), "{crash}");
    assert_leaked(&sandbox);
}

#[test]
fn a_client_that_expects_a_plus_drops_the_number_it_has_paid_for() {
    let (_server, client, sandbox) = play("type-drift");
    let rented = client.rent("US");
    let number = rented.json["number"].as_str().filter(|number| number.starts_with('+'));
    assert_eq!(number, None);
    assert_leaked(&sandbox);
}

#[test]
fn a_client_that_expects_a_list_of_messages_crashes_at_each_poll_before_the_sms() {
    let (_server, client, sandbox) = play("type-drift");
    let id = client.rent("US").rental_id();
    let polled = [(); 3].map(|()| serde_json::from_str::<Polled>(&client.poll(&id).text));
    let crashes = polled.map(|polled| polled.map(|polled| polled.messages).expect_err("no list"));
    let [null, object, absent] = crashes.map(|crash| crash.to_string());
    assert!(null.starts_with("invalid type: null, expected a sequence"), "{null}");
    assert!(object.starts_with("invalid type: map, expected a sequence"), "{object}");
    assert!(absent.starts_with("missing field `messages`"), "{absent}");
    assert_leaked(&sandbox);
}

/// It has paid for a code that it never reads, and the rental lives on.
fn assert_leaked(sandbox: &ringer::Sandbox) {
    sandbox.clock().advance(seconds(1_199));
    let (_, charged) = charged("type-drift", sandbox);
    assert_eq!((charged.to_string().as_str(), sandbox.rentals().refunded()), ("0.05", Money::ZERO));
    assert_eq!((sandbox.rentals().live(), expected_codes(sandbox).len()), (1, 1));
}

#[test]
fn a_careful_client_reads_what_is_meant() {
    let (_server, mut client, sandbox) = play_carefully("type-drift");
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("type-drift", &outcome, &sandbox);
    let rental = outcome.rental.expect("a rental");
    assert!(rental.number.starts_with("+1"), "as everybody else expects it");
    assert_eq!(outcome.ledger.charged().to_string(), "0.05");
}

#[test]
fn a_careful_client_books_a_refund_that_is_a_text() {
    let (_server, client, sandbox) = play_carefully("type-drift");
    let outcome = client.patience(4).verify(&["US"], "telegram");
    assert_eq!(outcome.code, None);
    super::assert_books_agree("type-drift", &outcome.ledger, &sandbox);
    assert_eq!(outcome.ledger.refunded().to_string(), "0.05");
}

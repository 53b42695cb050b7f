use ringer::scenario::{Timestamp, seconds};
use serde_json::json;

use super::{
    assert_comes_through, assert_kept_for_24_hours, charged, expected_codes, play, play_carefully,
};

#[test]
fn every_reply_is_the_published_one_value_for_value() {
    let (_server, client, sandbox) = play("documentation");

    let numbers = client.get_numbers();
    assert_eq!(
        numbers.text,
        concat!(
            r#"{"status":"success","numbers":["#,
            r#"{"country":"US","country_name":"United States","available":5000,"price_per_sms":0.05},"#,
            r#"{"country":"GB","country_name":"United Kingdom","available":3200,"price_per_sms":0.06}]}"#
        )
    );

    let rented = client.rent("US");
    assert_eq!(
        rented.json,
        json!({
            "status": "success",
            "number": "+14155552671",
            "rental_id": "rent_12345",
            "expires_at": "2023-06-15T15:30:45Z",
            "country": "US"
        })
    );

    sandbox.clock().advance_to(Timestamp::at("2023-06-15T15:25:29Z")).expect("it is ahead");
    assert_eq!(client.poll("rent_12345").json["messages"], json!([]), "a second too early");
    sandbox.clock().advance(seconds(1));
    assert_eq!(
        client.poll("rent_12345").json,
        json!({
            "status": "success",
            "messages": [{
                "sender": "Facebook",
                "text": "Your verification code is: 123456",
                "received_at": "2023-06-15T15:25:30Z"
            }],
            "number": "+14155552671"
        })
    );
    assert_eq!(expected_codes(&sandbox), ["123456"]);

    let cancelled = client.cancel("rent_12345");
    assert_eq!(cancelled.refund(), "0.00", "as it is written, with both decimals");
    assert_eq!(
        cancelled.json,
        json!({
            "status": "success",
            "message": "Number rental cancelled successfully",
            "rental_id": "rent_12345",
            "refund_amount": 0.0
        })
    );
    assert_kept_for_24_hours(&client, &sandbox, "rent_12345");
}

#[test]
fn only_the_first_rental_is_the_published_one() {
    let (_server, client, sandbox) = play("documentation");
    let first = client.rent("US");
    let second = client.rent("US");
    assert_eq!(second.rental_id(), "rent_12346");
    assert_ne!(second.json["number"], first.json["number"]);
    assert_eq!(client.get_numbers().available("US"), 4_998);

    sandbox.clock().advance_to(Timestamp::at("2023-06-15T15:30:44Z")).expect("it is ahead");
    assert_eq!(sandbox.rentals().live(), 2, "expires_at is told to the second");
    sandbox.clock().advance(seconds(1));
    assert_eq!(sandbox.rentals().live(), 0);
    assert_eq!(client.cancel("rent_12345").code(), "RENTAL_EXPIRED");
}

#[test]
fn the_published_number_is_handed_out_nowhere_else() {
    for scenario in ringer::bundled_scenarios().iter().filter(|s| s.name != "documentation") {
        let json = serde_json::to_string(scenario).expect("a scenario is plain data");
        assert!(!json.contains("+14155552671"), "{} lists it", scenario.name);
    }
}

#[test]
fn a_client_that_reads_the_price_as_whole_cents_believes_that_numbers_are_free() {
    let (_server, client, sandbox) = play("documentation");
    let listed = client.get_numbers().json;
    let cents = listed["numbers"][0]["price_per_sms"].as_f64().expect("a number") as i64;
    client.rent("US").rental_id();
    assert_eq!((cents, charged("documentation", &sandbox).1.to_string()), (0, "0.05".to_owned()));
    assert_eq!(client.poll("rent_12345").status, 200, "the documented rental is what it cost");
}

#[test]
fn a_client_that_reads_the_expiry_as_a_local_time_gives_up_before_it_begins() {
    let (_server, client, sandbox) = play("documentation");
    let rented = client.rent("US");
    // Somewhere east of Greenwich, it drops the Z and reads what is left by the clock on the wall.
    let expires_at = rented.json["expires_at"].as_str().expect("a time");
    let expires_at = Timestamp::at(&expires_at.replace('Z', "+02:00"));
    let mut texts = Vec::new();
    while texts.is_empty() && sandbox.clock().now() < expires_at {
        texts = client.poll(&rented.rental_id()).texts();
        sandbox.clock().advance(seconds(4));
    }
    sandbox.clock().advance(seconds(1_200));
    assert!(texts.is_empty(), "it never asked");
    assert_eq!(expected_codes(&sandbox), ["123456"], "but was sent a code");
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.00", "and paid for it");
}

#[test]
fn a_client_that_asks_for_the_sms_of_a_number_is_told_that_there_is_no_such_rental() {
    let (_server, client, sandbox) = play("documentation");
    let number = client.rent("US").json["number"].as_str().expect("a number").to_owned();
    sandbox.clock().advance(seconds(885));
    assert_eq!(expected_codes(&sandbox), ["123456"]);
    assert_eq!(client.poll(&number[1..]).code(), "RENTAL_NOT_FOUND");
    assert_eq!(client.cancel(&number[1..]).code(), "RENTAL_NOT_FOUND");
    assert_eq!(sandbox.rentals().live(), 1, "which it can neither read nor give back");
}

#[test]
fn a_careful_client_reads_it_as_it_is_written() {
    let (_server, mut client, sandbox) = play_carefully("documentation");
    let outcome = client.verify(&["US"], "facebook");
    assert_comes_through("documentation", &outcome, &sandbox);
    assert_eq!(outcome.code.as_deref(), Some("123456"));
    let rental = outcome.rental.expect("it rented");
    assert_eq!((rental.number.as_str(), rental.id.as_str()), ("+14155552671", "rent_12345"));
    assert_eq!(
        rental.expires_at,
        Some(Timestamp::at("2023-06-15T15:30:45Z").as_unix_millis() / 1_000)
    );
    assert_eq!(outcome.ledger.charged().to_string(), "0.05");
}

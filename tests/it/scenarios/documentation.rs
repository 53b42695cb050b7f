use ringer::scenario::{at, seconds};
use serde_json::json;

use super::{assert_kept_for_24_hours, expected_codes, play};

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

    sandbox.advance_to(at("2023-06-15T15:25:29Z"));
    assert_eq!(client.poll("rent_12345").json["messages"], json!([]), "a second too early");
    sandbox.advance(seconds(1));
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

    sandbox.advance_to(at("2023-06-15T15:30:44Z"));
    assert_eq!(sandbox.live_rentals(), 2, "expires_at is told to the second");
    sandbox.advance(seconds(1));
    assert_eq!(sandbox.live_rentals(), 0);
    assert_eq!(client.cancel("rent_12345").code(), "RENTAL_EXPIRED");
}

#[test]
fn the_published_number_is_handed_out_nowhere_else() {
    for scenario in ringer::scenarios::all().iter().filter(|s| s.name != "documentation") {
        let json = serde_json::to_string(scenario).expect("a scenario is plain data");
        assert!(!json.contains("+14155552671"), "{} lists it", scenario.name);
    }
}

use ringer::scenario::seconds;

use crate::support::{Client, frozen, start};

#[test]
fn the_sms_is_there_at_8_seconds_and_not_before_and_the_rental_is_sold_at_its_end() {
    let server = start(frozen().scenario("happy-path"));
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");

    let rented = client.rent_for("US", "telegram");
    let id = rented.rental_id();
    assert_eq!(rented.json["expires_at"], "2026-01-01T00:20:00Z");
    assert_eq!(client.get_numbers().available("US"), 4_999);

    sandbox.advance(seconds(7));
    assert_eq!(client.poll(&id).texts(), [""; 0]);
    sandbox.advance(seconds(1));
    let polled = client.poll(&id);
    assert_eq!(polled.json["messages"][0]["received_at"], "2026-01-01T00:00:08Z");
    assert_eq!(polled.json["messages"][0]["sender"], "Telegram");
    let code = sandbox.messages()[0].expected_code.clone().expect("it carries a code");
    assert!(polled.texts()[0].contains(&code), "{code} in {:?}", polled.texts());

    sandbox.advance(seconds(1_192));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.poll(&id).texts().len(), 1, "an SMS stays readable after the end");
    assert_eq!(client.get_numbers().available("US"), 4_999, "a sold number does not come back");
}

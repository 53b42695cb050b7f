use ringer::scenario::seconds;

use super::naive::{first_digits, poll_for};
use super::{assert_comes_through, expected_codes, play, play_carefully};
use crate::careful::code::find_code;

#[test]
fn the_sms_is_there_at_8_seconds_and_not_before_and_the_rental_is_sold_at_its_end() {
    let (_server, client, sandbox) = play("happy-path");

    let rented = client.rent_for("US", "telegram");
    let id = rented.rental_id();
    assert_eq!(rented.json["expires_at"], "2026-01-01T00:20:00Z");
    assert_eq!(client.get_numbers().available("US"), 4_999);

    sandbox.clock().advance(seconds(7));
    assert_eq!(client.poll(&id).texts(), [""; 0]);
    sandbox.clock().advance(seconds(1));
    let polled = client.poll(&id);
    assert_eq!(polled.json["messages"][0]["received_at"], "2026-01-01T00:00:08Z");
    assert_eq!(polled.json["messages"][0]["sender"], "Telegram");
    let code = sandbox.rentals().messages()[0].expected_code.clone().expect("it carries a code");
    assert!(polled.texts()[0].contains(&code), "{code} in {:?}", polled.texts());

    sandbox.clock().advance(seconds(1_192));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.poll(&id).texts().len(), 1, "an SMS stays readable after the end");
    assert_eq!(client.get_numbers().available("US"), 4_999, "a sold number does not come back");
}

#[test]
fn even_the_simplest_client_passes() {
    let (_server, client, sandbox) = play("happy-path");
    let id = client.rent("US").rental_id();
    let texts = poll_for(&client, &sandbox, &id, 60);
    assert_eq!([first_digits(&texts[0])], expected_codes(&sandbox)[..]);
    client.cancel(&id);
    assert_eq!(
        (sandbox.rentals().live(), sandbox.rentals().refunded().to_string().as_str()),
        (0, "0.00")
    );
}

#[test]
fn a_careful_client_passes_after_a_poll_every_four_seconds() {
    let (_server, mut client, sandbox) = play_carefully("happy-path");
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("happy-path", &outcome, &sandbox);
    assert_eq!(sandbox.journal().entries().len(), 6, "a look, a rental, three polls, a cancel");
}

#[test]
fn a_careful_client_finds_the_code_in_every_wording() {
    let (_server, client, sandbox) = play("happy-path");
    for index in 0..100 {
        let service = ["telegram", "whatsapp", "2gis"].get(index % 4);
        let rented = service.map_or_else(|| client.rent("US"), |s| client.rent_for("US", s));
        assert_eq!(rented.status, 200);
    }
    sandbox.clock().advance(seconds(8));
    for sms in sandbox.rentals().messages() {
        assert_eq!(find_code(&sms.text), sms.expected_code, "{}", sms.text);
    }
}

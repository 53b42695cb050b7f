use ringer::scenario::seconds;

use super::{assert_kept_for_24_hours, expected_codes, play};

#[test]
fn a_client_that_waits_a_minute_has_no_code_and_one_that_waits_95_seconds_has_it() {
    let (_server, client, sandbox) = play("slow-sms");
    let id = client.rent_for("DE", "whatsapp").rental_id();

    sandbox.advance(seconds(60));
    assert!(client.poll(&id).texts().is_empty(), "a client that gives up now has no code");
    sandbox.advance(seconds(34));
    assert!(client.poll(&id).texts().is_empty());
    sandbox.advance(seconds(1));
    let polled = client.poll(&id);
    assert_eq!(polled.json["messages"][0]["received_at"], "2026-01-01T00:01:35Z");
    assert_eq!(polled.json["messages"][0]["sender"], "WhatsApp");
    assert!(polled.texts()[0].contains(&expected_codes(&sandbox)[0]));

    sandbox.advance(seconds(1_200 - 95));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("DE"), 1_499, "sold");
    assert_eq!(sandbox.refunded().to_string(), "0.00");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_gives_up_and_cancels_is_refunded_and_the_sms_never_comes() {
    let (_server, client, sandbox) = play("slow-sms");
    let id = client.rent("DE").rental_id();
    sandbox.advance(seconds(94));
    assert_eq!(client.cancel(&id).refund(), "0.08");
    sandbox.advance(seconds(1));
    assert!(client.poll(&id).texts().is_empty());
    assert!(sandbox.messages().is_empty());
}

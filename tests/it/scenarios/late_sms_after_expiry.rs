use ringer::scenario::seconds;

use super::{expected_codes, play};

#[test]
fn the_sms_comes_5_seconds_after_the_refund_and_is_shown_without_being_charged() {
    let (_server, client, sandbox) = play("late-sms-after-expiry");
    let id = client.rent("AU").rental_id();
    sandbox.advance(seconds(1_199));
    assert_eq!((sandbox.live_rentals(), client.get_numbers().available("AU")), (1, 399));
    sandbox.advance(seconds(1));
    assert_eq!((sandbox.live_rentals(), client.get_numbers().available("AU")), (0, 400));
    assert_eq!(sandbox.refunded().to_string(), "0.12");
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");

    sandbox.advance(seconds(4));
    // A client that stops polling at expires_at never sees the code.
    assert!(client.poll(&id).texts().is_empty(), "at 1204 s");
    sandbox.advance(seconds(1));
    let polled = client.poll(&id);
    assert_eq!(polled.json["messages"][0]["received_at"], "2026-01-01T00:20:05Z");
    assert!(polled.texts()[0].contains(&expected_codes(&sandbox)[0]));

    // A client that books the price again with every new SMS is 0.12 off.
    assert_eq!(sandbox.refunded().to_string(), "0.12", "the refund stands");
    assert_eq!(client.get_numbers().available("AU"), 400, "and the number stays in stock");
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");

    sandbox.advance(seconds(24 * 3_600 - 6));
    assert_eq!(client.poll(&id).text, polled.text, "kept for 24 h from the end, not the SMS");
    sandbox.advance(seconds(1));
    assert_eq!(client.poll(&id).code(), "RENTAL_NOT_FOUND");
}

#[test]
fn a_number_rented_anew_by_then_does_not_show_the_sms_of_the_rental_before() {
    let (_server, client, sandbox) = play("late-sms-after-expiry");
    let before = client.rent("AU").rental_id();
    sandbox.advance(seconds(1_200));
    let after = client.rent("AU").rental_id();
    sandbox.advance(seconds(5));
    assert_eq!(client.poll(&before).texts().len(), 1);
    assert!(client.poll(&after).texts().is_empty());
}

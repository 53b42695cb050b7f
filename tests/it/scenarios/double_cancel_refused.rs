use ringer::scenario::seconds;

use super::{assert_kept_for_24_hours, play};

#[test]
fn the_first_cancel_refunds_and_every_later_one_is_refused() {
    let (_server, client, sandbox) = play("double-cancel-refused");
    let id = client.rent("US").rental_id();
    sandbox.advance(seconds(7));
    assert_eq!(client.cancel(&id).refund(), "0.05");

    for _ in 0..2 {
        let again = client.cancel(&id);
        // A client that takes every reply to cancelNumber for a success finds no refund_amount.
        assert_eq!((again.status, again.refund().as_str()), (409, ""));
        assert_eq!((again.code(), again.retry_after), ("ALREADY_CANCELLED", None));
        assert!(again.message().contains("2026-01-01T00:00:07Z"), "{}", again.message());
    }
    assert_eq!(sandbox.refunded().to_string(), "0.05");
    assert_eq!(client.get_numbers().available("US"), 5_000, "back once, not three times");

    sandbox.advance(seconds(1_193));
    assert_eq!(client.cancel(&id).code(), "ALREADY_CANCELLED", "not expired: it ended before");
    sandbox.advance(seconds(24 * 3_600 - 1_194));
    assert_eq!(client.poll(&id).status, 200, "24 h count from the cancel");
    sandbox.advance(seconds(1));
    assert_eq!(client.cancel(&id).code(), "RENTAL_NOT_FOUND");
}

#[test]
fn a_rental_that_nobody_cancels_expires_and_was_sold_by_its_sms() {
    let (_server, client, sandbox) = play("double-cancel-refused");
    let id = client.rent("US").rental_id();
    sandbox.advance(seconds(1_200));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(sandbox.refunded().to_string(), "0.00");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

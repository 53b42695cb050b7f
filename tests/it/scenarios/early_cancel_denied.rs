use ringer::scenario::{millis, seconds};

use super::{assert_kept_for_24_hours, play};

#[test]
fn a_cancel_is_refused_for_120_seconds_telling_how_many_are_left_and_then_allowed() {
    let (_server, client, sandbox) = play("early-cancel-denied");
    let id = client.rent("FR").rental_id();

    let refused = client.cancel(&id);
    assert_eq!((refused.status, refused.code()), (409, "EARLY_CANCEL_DENIED"));
    assert_eq!(refused.retry_after, Some(120));
    sandbox.advance(millis(89_500));
    assert_eq!(client.cancel(&id).retry_after, Some(31), "a started second counts whole");
    sandbox.advance(millis(29_500));
    assert_eq!(client.cancel(&id).retry_after, Some(1));
    // A client that never tries again goes on paying for this:
    assert_eq!((sandbox.live_rentals(), sandbox.refunded().to_string().as_str()), (1, "0.00"));
    assert_eq!(client.get_numbers().available("FR"), 1_199);

    sandbox.advance(seconds(1));
    let cancelled = client.cancel(&id);
    assert_eq!((cancelled.status, cancelled.refund().as_str()), (200, "0.00"));
    assert_eq!(sandbox.live_rentals(), 0);
    assert_eq!(client.get_numbers().available("FR"), 1_199, "the SMS after 8 s sold it");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_never_tries_again_leaks_the_rental_until_it_expires() {
    let (_server, client, sandbox) = play("early-cancel-denied");
    let id = client.rent("FR").rental_id();
    assert_eq!(client.cancel(&id).code(), "EARLY_CANCEL_DENIED");
    sandbox.advance(seconds(1_199));
    assert_eq!(sandbox.live_rentals(), 1, "leaked for 20 minutes");
    sandbox.advance(seconds(1));
    assert_eq!(sandbox.live_rentals(), 0);
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
}

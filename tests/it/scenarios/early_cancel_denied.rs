use ringer::scenario::{millis, seconds};

use super::{assert_comes_through, assert_kept_for_24_hours, play, play_carefully};
use crate::careful::ledger::Fate;

#[test]
fn a_cancel_is_refused_for_120_seconds_telling_how_many_are_left_and_then_allowed() {
    let (_server, client, sandbox) = play("early-cancel-denied");
    let id = client.rent("FR").rental_id();

    let refused = client.cancel(&id);
    assert_eq!((refused.status, refused.code()), (409, "EARLY_CANCEL_DENIED"));
    assert_eq!(refused.retry_after, Some(120));
    sandbox.clock().advance(millis(89_500));
    assert_eq!(client.cancel(&id).retry_after, Some(31), "a started second counts whole");
    sandbox.clock().advance(millis(29_500));
    assert_eq!(client.cancel(&id).retry_after, Some(1));
    // A client that never tries again goes on paying for this:
    assert_eq!(
        (sandbox.rentals().live(), sandbox.rentals().refunded().to_string().as_str()),
        (1, "0.00")
    );
    assert_eq!(client.get_numbers().available("FR"), 1_199);

    sandbox.clock().advance(seconds(1));
    let cancelled = client.cancel(&id);
    assert_eq!((cancelled.status, cancelled.refund().as_str()), (200, "0.00"));
    assert_eq!(sandbox.rentals().live(), 0);
    assert_eq!(client.get_numbers().available("FR"), 1_199, "the SMS after 8 s sold it");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_never_tries_again_leaks_the_rental_until_it_expires() {
    let (_server, client, sandbox) = play("early-cancel-denied");
    let ids = [(); 3].map(|()| client.rent("FR").rental_id());
    for id in &ids {
        // It has changed its mind, cancels, and takes the number for given back.
        client.cancel(id);
    }
    sandbox.clock().advance(seconds(1_199));
    assert_eq!(sandbox.rentals().live(), 3, "leaked for 20 minutes");
    assert_eq!(client.get_numbers().available("FR"), 1_197);
    sandbox.clock().advance(seconds(1));
    assert_eq!(sandbox.rentals().live(), 0);
    assert_eq!(client.cancel(&ids[0]).code(), "RENTAL_EXPIRED");
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.00", "and it has paid for all three");
}

#[test]
fn a_careful_client_waits_as_told_cancels_then_and_reads_the_code_that_came_meanwhile() {
    let (_server, client, sandbox) = play_carefully("early-cancel-denied");
    let outcome = client.patience(4).verify(&["FR"], "telegram");
    assert_comes_through("early-cancel-denied", &outcome, &sandbox);
    assert_eq!(sandbox.rentals().live(), 0);
    assert_eq!(outcome.ledger.count(Fate::Cancelled), 1);
    let denied =
        sandbox.journal().entries().into_iter().filter(|entry| entry.status == Some(409)).count();
    assert_eq!(denied, 1, "it came back when it was told to, and not before");
}

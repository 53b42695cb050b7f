use ringer::scenario::{Money, seconds};

use super::naive::{poll_for, price};
use super::{assert_comes_through, assert_kept_for_24_hours, play, play_carefully};
use crate::careful::ledger::Fate;

#[test]
fn a_cancel_is_refused_from_the_second_of_the_sms_on_and_nothing_is_paid_back() {
    let (_server, client, sandbox) = play("cancel-after-sms-refused");
    let (quick, slow) = (client.rent("GB").rental_id(), client.rent("GB").rental_id());

    sandbox.clock().advance(seconds(7));
    assert_eq!(client.cancel(&quick).refund(), "0.06", "no SMS yet");
    sandbox.clock().advance(seconds(1));
    let refused = client.cancel(&slow);
    assert_eq!((refused.status, refused.code()), (409, "SMS_ALREADY_RECEIVED"));
    assert_eq!(refused.retry_after, None, "waiting does not mend it");
    // A client that credits the price whenever it has called cancelNumber credits 0.06 too much.
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.06", "that of the quick one alone");

    assert_eq!(client.poll(&slow).texts().len(), 1, "the rental and its SMS are still there");
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("GB")), (1, 3_199));
    sandbox.clock().advance(seconds(1_191));
    assert_eq!(client.cancel(&slow).code(), "SMS_ALREADY_RECEIVED", "to the last second");
    sandbox.clock().advance(seconds(1));
    assert_eq!(client.cancel(&slow).code(), "RENTAL_EXPIRED");
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("GB")), (0, 3_199));
    assert_eq!(client.poll(&quick).texts().len(), 0, "a cancelled rental gets no SMS");
    assert_kept_for_24_hours(&client, &sandbox, &slow);
}

#[test]
fn a_client_that_credits_the_price_with_every_cancel_has_the_code_and_credits_it_too() {
    let (_server, client, sandbox) = play("cancel-after-sms-refused");
    let price = price(&client, "GB");
    let id = client.rent("GB").rental_id();
    assert_eq!(poll_for(&client, &sandbox, &id, 60).len(), 1, "it has its code");
    // Every reply to a cancel means to it that the rental is over and paid back.
    assert_eq!(client.cancel(&id).code(), "SMS_ALREADY_RECEIVED");
    let credited = price;
    assert_eq!(
        (credited.to_string(), sandbox.rentals().refunded()),
        ("0.06".to_owned(), Money::ZERO)
    );
}

#[test]
fn a_careful_client_books_the_refused_cancel_as_a_sale() {
    let (_server, mut client, sandbox) = play_carefully("cancel-after-sms-refused");
    let outcome = client.verify(&["GB"], "telegram");
    assert_comes_through("cancel-after-sms-refused", &outcome, &sandbox);
    assert_eq!(outcome.ledger.refunded(), Money::ZERO);
    assert_eq!((outcome.ledger.count(Fate::Sold), sandbox.rentals().live()), (1, 1));
    sandbox.clock().advance(seconds(1_200));
    assert_eq!(sandbox.rentals().live(), 0, "it ends by itself");
}

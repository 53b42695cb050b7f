use ringer::scenario::{Money, seconds};

use super::naive::{poll_for, price, refund};
use super::{assert_books_agree, assert_kept_for_24_hours, charged, play, play_carefully};

#[test]
fn a_cancel_pays_back_the_full_price_and_a_repeated_one_tells_the_same_again() {
    let (_server, client, sandbox) = play("cancel-refund");
    let id = client.rent("AU").rental_id();
    sandbox.clock().advance(seconds(300));
    assert!(client.poll(&id).texts().is_empty());

    let first = client.cancel(&id);
    assert_eq!((first.status, first.refund().as_str()), (200, "0.12"));
    assert_eq!(client.get_numbers().available("AU"), 400, "the number is back in stock");

    let second = client.cancel(&id);
    assert_eq!(second.text, first.text, "the same reply as the first time");
    // A client that adds up the replies believes in 0.24; the partner has paid 0.12.
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.12");
    assert_eq!(client.get_numbers().available("AU"), 400);
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_cancel_is_possible_up_to_the_last_second() {
    let (_server, client, sandbox) = play("cancel-refund");
    let (early, late) = (client.rent("AU").rental_id(), client.rent("AU").rental_id());
    sandbox.clock().advance(seconds(1_199));
    assert_eq!(client.cancel(&early).refund(), "0.12");
    sandbox.clock().advance(seconds(1));
    assert_eq!(client.cancel(&late).code(), "RENTAL_EXPIRED");
    assert_eq!(client.cancel(&early).refund(), "0.12", "it was cancelled, it has not expired");
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.24");
    assert_eq!(client.get_numbers().available("AU"), 400);
}

#[test]
fn a_client_that_books_no_refund_believes_in_a_cost_that_is_none() {
    let (_server, client, sandbox) = play("cancel-refund");
    let mut spent = Money::ZERO;
    for _ in 0..3 {
        spent = spent + price(&client, "AU");
        let id = client.rent("AU").rental_id();
        assert!(poll_for(&client, &sandbox, &id, 60).is_empty());
        client.cancel(&id);
    }
    let (_, charged) = charged("cancel-refund", &sandbox);
    assert_eq!(
        (spent.to_string(), charged - sandbox.rentals().refunded()),
        ("0.36".to_owned(), Money::ZERO)
    );
}

#[test]
fn a_client_that_books_the_reply_to_each_cancel_believes_in_a_refund_twice() {
    let (_server, client, sandbox) = play("cancel-refund");
    let id = client.rent("AU").rental_id();
    assert!(poll_for(&client, &sandbox, &id, 60).is_empty());
    let booked = refund(&client.cancel(&id)) + refund(&client.cancel(&id));
    assert_eq!(
        (booked.to_string(), sandbox.rentals().refunded().to_string()),
        ("0.24".into(), "0.12".into())
    );
}

#[test]
fn a_careful_client_books_the_refund_once_however_often_it_cancels() {
    let (_server, client, sandbox) = play_carefully("cancel-refund");
    let mut client = client.patience(300);
    let mut outcome = client.verify(&["AU"], "telegram");
    assert_eq!(outcome.code, None);
    assert_eq!(outcome.ledger.refunded().to_string(), "0.12");
    assert_books_agree("cancel-refund", &outcome.ledger, &sandbox);

    let rental = outcome.rental.expect("it rented");
    client.give_back(&rental, &mut outcome.inbox);
    let outcome = client.verify(&["AU"], "telegram");
    assert_eq!(outcome.ledger.refunded().to_string(), "0.24", "that of two rentals");
    assert_books_agree("cancel-refund", &outcome.ledger, &sandbox);
}

#[test]
fn a_ledger_in_floats_or_whole_cents_loses_what_ten_thousandths_keep() {
    let (_server, client, _) = play("cancel-refund");
    let (listed, sum) = (price(&client, "SE"), price(&client, "IE"));
    assert_eq!((listed.to_string(), sum.to_string()), ("0.29".into(), "0.0125".into()));
    for country in ["SE", "IE"] {
        let refund = client.cancel(&client.rent(country).rental_id()).refund();
        assert_eq!(refund, price(&client, country).to_string());
        let float: f64 = refund.parse().expect("a number");
        assert_ne!((float * 100.0).trunc() / 100.0, float, "{refund} in whole cents");
    }
}

use ringer::scenario::seconds;

use super::{assert_kept_for_24_hours, play};

#[test]
fn a_cancel_pays_back_the_full_price_and_a_repeated_one_tells_the_same_again() {
    let (_server, client, sandbox) = play("cancel-refund");
    let id = client.rent("AU").rental_id();
    sandbox.advance(seconds(300));
    assert!(client.poll(&id).texts().is_empty());

    let first = client.cancel(&id);
    assert_eq!((first.status, first.refund().as_str()), (200, "0.12"));
    assert_eq!(client.get_numbers().available("AU"), 400, "the number is back in stock");

    let second = client.cancel(&id);
    assert_eq!(second.text, first.text, "the same reply as the first time");
    // A client that adds up the replies believes in 0.24; the partner has paid 0.12.
    assert_eq!(sandbox.refunded().to_string(), "0.12");
    assert_eq!(client.get_numbers().available("AU"), 400);
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_cancel_is_possible_up_to_the_last_second() {
    let (_server, client, sandbox) = play("cancel-refund");
    let (early, late) = (client.rent("AU").rental_id(), client.rent("AU").rental_id());
    sandbox.advance(seconds(1_199));
    assert_eq!(client.cancel(&early).refund(), "0.12");
    sandbox.advance(seconds(1));
    assert_eq!(client.cancel(&late).code(), "RENTAL_EXPIRED");
    assert_eq!(client.cancel(&early).refund(), "0.12", "it was cancelled, it has not expired");
    assert_eq!(sandbox.refunded().to_string(), "0.24");
    assert_eq!(client.get_numbers().available("AU"), 400);
}

use ringer::scenario::seconds;

use super::{assert_kept_for_24_hours, play};

#[test]
fn the_price_comes_back_at_the_second_of_the_expiry_without_being_asked_for() {
    let (_server, client, sandbox) = play("no-sms-expires");
    let id = client.rent("SE").rental_id();
    assert_eq!(client.get_numbers().available("SE"), 59);

    sandbox.advance(seconds(1_199));
    assert!(client.poll(&id).texts().is_empty());
    assert_eq!(sandbox.refunded().to_string(), "0.00", "still live, still paid for");
    assert_eq!(client.get_numbers().available("SE"), 59);

    sandbox.advance(seconds(1));
    assert_eq!(sandbox.refunded().to_string(), "0.10");
    assert_eq!(client.get_numbers().available("SE"), 60, "the number is back in stock");

    let cancelled = client.cancel(&id);
    assert_eq!((cancelled.status, cancelled.code()), (410, "RENTAL_EXPIRED"));
    // A client that books a refund only from a reply to cancelNumber books nothing here.
    assert_eq!(cancelled.refund(), "", "the refund is not told, and not paid twice");
    assert_eq!(sandbox.refunded().to_string(), "0.10");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

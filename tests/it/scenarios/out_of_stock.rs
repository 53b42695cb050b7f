use ringer::scenario::seconds;

use super::{assert_kept_for_24_hours, play};

#[test]
fn germany_is_empty_britain_runs_out_after_two_and_a_client_that_falls_back_to_america_gets_one() {
    let (_server, client, sandbox) = play("out-of-stock");
    let listed = client.get_numbers();
    let available = ["DE", "GB", "US"].map(|country| listed.available(country));
    assert_eq!(available, [0, 2, 5_000], "a country without numbers is listed all the same");

    let refused = client.rent("DE");
    assert_eq!((refused.status, refused.code(), refused.retry_after), (409, "NO_NUMBERS", None));
    assert!(refused.message().contains("US has 5000"), "{}", refused.message());
    let first = client.rent("GB").rental_id();
    assert_eq!(client.get_numbers().available("GB"), 1);
    let second = client.rent("GB").rental_id();
    assert_eq!(client.get_numbers().available("GB"), 0);
    // A client without another country to fall back on is left with nothing.
    assert_eq!(client.rent("GB").code(), "NO_NUMBERS");
    let third = client.rent("US").rental_id();

    assert_eq!(client.cancel(&first).refund(), "0.06");
    assert_eq!(client.get_numbers().available("GB"), 1, "a cancelled number can be rented again");
    sandbox.advance(seconds(8));
    assert_eq!(client.poll(&second).texts().len(), 1);
    assert_eq!(client.poll(&third).texts().len(), 1);
    sandbox.advance(seconds(1_192));
    assert_eq!(client.get_numbers().available("GB"), 1, "the sold number does not come back");
    assert_eq!(client.get_numbers().available("US"), 4_999);
    assert_kept_for_24_hours(&client, &sandbox, &third);
    assert_eq!(client.rent("DE").code(), "NO_NUMBERS", "Germany stays empty");
}

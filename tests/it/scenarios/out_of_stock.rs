use ringer::scenario::seconds;

use super::naive::poll_for;
use super::{assert_comes_through, assert_kept_for_24_hours, play, play_carefully};

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
    sandbox.clock().advance(seconds(8));
    assert_eq!(client.poll(&second).texts().len(), 1);
    assert_eq!(client.poll(&third).texts().len(), 1);
    sandbox.clock().advance(seconds(1_192));
    assert_eq!(client.get_numbers().available("GB"), 1, "the sold number does not come back");
    assert_eq!(client.get_numbers().available("US"), 4_999);
    assert_kept_for_24_hours(&client, &sandbox, &third);
    assert_eq!(client.rent("DE").code(), "NO_NUMBERS", "Germany stays empty");
}

#[test]
fn a_client_without_another_country_fails_its_third_user_however_long_it_waits() {
    let (_server, client, sandbox) = play("out-of-stock");
    let mut codes = 0;
    for _ in 0..3 {
        let mut rented = client.rent("GB");
        for _ in 0..20 {
            if rented.status == 200 {
                codes += poll_for(&client, &sandbox, &rented.rental_id(), 60).len();
                break;
            }
            sandbox.clock().advance(seconds(60));
            rented = client.rent("GB");
        }
    }
    assert_eq!((codes, client.get_numbers().available("US")), (2, 5_000), "with US untouched");
}

#[test]
fn a_careful_client_serves_all_three() {
    let (_server, mut client, sandbox) = play_carefully("out-of-stock");
    for country in ["GB", "GB", "US"] {
        let outcome = client.verify(&["DE", "GB", "US"], "telegram");
        assert_comes_through("out-of-stock", &outcome, &sandbox);
        assert_eq!(outcome.rental.expect("it rented").country, country);
    }
}

use ringer::scenario::{Timestamp, seconds};

use super::{assert_comes_through, assert_kept_for_24_hours, play, play_carefully};

#[test]
fn the_listing_shows_3_for_60_seconds_although_all_are_rented() {
    let (_server, client, sandbox) = play("stale-stock");
    let ids = [(); 3].map(|()| client.rent("DE").rental_id());

    // A client that trusts the listing still counts on three.
    assert_eq!(client.get_numbers().available("DE"), 3);
    assert_eq!(client.rent("DE").code(), "NO_NUMBERS");
    sandbox.clock().advance(seconds(8));
    assert_eq!(client.poll(&ids[0]).texts().len(), 1);
    sandbox.clock().advance(seconds(51));
    assert_eq!(client.get_numbers().available("DE"), 3, "at 59 s");
    assert_eq!(client.rent("DE").code(), "NO_NUMBERS");

    sandbox.clock().advance(seconds(1));
    assert_eq!(client.get_numbers().available("DE"), 0, "from 60 s on the truth");
    assert_eq!(client.rent("DE").code(), "NO_NUMBERS");
    let elsewhere = client.rent("US").rental_id();
    assert_eq!(client.get_numbers().available("US"), 4_999, "which follows every rental");

    sandbox.clock().advance(seconds(1_140));
    assert_eq!(client.cancel(&ids[2]).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("DE"), 0, "all three are sold");
    sandbox.clock().advance(seconds(60));
    assert_eq!(client.cancel(&elsewhere).code(), "RENTAL_EXPIRED");
    assert_kept_for_24_hours(&client, &sandbox, &elsewhere);
}

#[test]
fn a_number_that_comes_back_can_be_rented_although_the_listing_never_moved() {
    let (_server, client, _sandbox) = play("stale-stock");
    let ids = [(); 3].map(|()| client.rent("DE").rental_id());
    assert_eq!(client.rent("DE").code(), "NO_NUMBERS");
    assert_eq!(client.cancel(&ids[1]).refund(), "0.08");
    assert_eq!(client.get_numbers().available("DE"), 3);
    assert_eq!(client.rent("DE").status, 200);
}

#[test]
fn a_client_that_trusts_the_listing_asks_for_a_minute_for_a_number_that_is_gone() {
    let (_server, client, sandbox) = play("stale-stock");
    for _ in 0..3 {
        client.rent("DE").rental_id();
    }
    let mut refused = 0;
    while client.get_numbers().available("DE") > 0 {
        assert_eq!(client.rent("DE").code(), "NO_NUMBERS");
        refused += 1;
        sandbox.clock().advance(seconds(1));
    }
    assert_eq!(refused, 60, "its fourth user has waited for as many seconds, with US in plenty");
}

#[test]
fn a_careful_client_takes_the_refusal_for_the_truth_and_serves_four_users_within_the_minute() {
    let (_server, mut client, sandbox) = play_carefully("stale-stock");
    for country in ["DE", "DE", "DE", "US"] {
        let outcome = client.verify(&["DE", "US"], "telegram");
        assert_comes_through("stale-stock", &outcome, &sandbox);
        assert_eq!(outcome.rental.expect("it rented").country, country);
    }
    assert!(
        sandbox.clock().now() < Timestamp::at("2026-01-01T00:01:00Z"),
        "{}",
        sandbox.clock().now()
    );
}

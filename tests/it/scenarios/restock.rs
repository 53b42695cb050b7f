use ringer::scenario::{Timestamp, seconds};

use super::{assert_comes_through, assert_kept_for_24_hours, play, play_carefully};

#[test]
fn nothing_can_be_rented_at_59_seconds_and_everything_at_60() {
    let (_server, client, sandbox) = play("restock");
    let stock = [("US", 100), ("GB", 50), ("DE", 25)];

    for (country, _) in stock {
        assert_eq!(client.get_numbers().available(country), 0);
        // A client that strikes a country off after this never comes back for the refill.
        assert_eq!(client.rent(country).code(), "NO_NUMBERS");
    }
    sandbox.clock().advance(seconds(59));
    assert_eq!(client.get_numbers().available("US"), 0);
    assert_eq!(client.rent("US").code(), "NO_NUMBERS");

    sandbox.clock().advance(seconds(1));
    let refilled = client.get_numbers();
    for (country, count) in stock {
        assert_eq!(refilled.available(country), count);
    }
    let id = client.rent("DE").rental_id();
    assert_eq!(client.get_numbers().available("DE"), 24);

    sandbox.clock().advance(seconds(7));
    assert!(client.poll(&id).texts().is_empty(), "8 s count from the rental, not from the start");
    sandbox.clock().advance(seconds(1));
    assert_eq!(client.poll(&id).json["messages"][0]["received_at"], "2026-01-01T00:01:08Z");
    sandbox.clock().advance(seconds(1_192));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("DE"), 24, "one refill, one sale");
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_strikes_an_empty_country_off_has_none_left_when_all_are_full() {
    let (_server, client, sandbox) = play("restock");
    let mut countries = vec!["DE", "GB", "US"];
    let mut rented = None;
    for _ in 0..30 {
        countries.retain(|country| client.rent(country).code() != "NO_NUMBERS");
        rented = rented.or(countries.first().copied());
        sandbox.clock().advance(seconds(10));
    }
    assert_eq!(rented, None);
    assert_eq!(client.get_numbers().available("US"), 100, "which were there for four minutes");
}

#[test]
fn a_careful_client_comes_back() {
    let (_server, mut client, sandbox) = play_carefully("restock");
    let outcome = client.verify(&["DE", "GB", "US"], "telegram");
    assert_comes_through("restock", &outcome, &sandbox);
    let (full, soon) =
        (Timestamp::at("2026-01-01T00:01:00Z"), Timestamp::at("2026-01-01T00:02:00Z"));
    assert!((full..soon).contains(&sandbox.clock().now()), "{}", sandbox.clock().now());
}

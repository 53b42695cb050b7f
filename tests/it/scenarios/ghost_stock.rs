use ringer::scenario::{Money, seconds};

use super::{assert_books_agree, play, play_carefully};

#[test]
fn every_listed_country_shows_7_and_none_of_them_can_be_rented_now_or_later() {
    let (_server, client, sandbox) = play("ghost-stock");
    for moment in 0..3 {
        let listed = client.get_numbers();
        let lines = listed.json["numbers"].as_array().expect("a listing").clone();
        assert_eq!(lines.len(), 3);
        for line in lines {
            let country = line["country"].as_str().expect("a code");
            assert_eq!(line["available"], 7, "{country} at moment {moment}");
            let refused = client.rent(country);
            assert_eq!((refused.status, refused.code()), (409, "NO_NUMBERS"), "{country}");
            assert_eq!(refused.retry_after, None);
            assert!(refused.message().contains("whatever the listing says"));
        }
        sandbox.clock().advance(seconds(12 * 3_600));
    }
    assert_eq!(sandbox.rentals().live(), 0);
}

#[test]
fn a_client_that_rents_for_as_long_as_the_listing_says_so_never_stops() {
    let (_server, client, sandbox) = play("ghost-stock");
    let mut refused = 0;
    while client.get_numbers().available("DE") > 0 && refused < 50 {
        assert_eq!(client.rent("DE").code(), "NO_NUMBERS");
        refused += 1;
    }
    assert_eq!(refused, 50, "only the limit of this test has ended the loop");
    assert!(sandbox.rentals().messages().is_empty());
}

#[test]
fn a_careful_client_asks_each_country_a_few_times_ever_later_and_gives_up() {
    let (_server, mut client, sandbox) = play_carefully("ghost-stock");
    let start = sandbox.clock().now();
    let outcome = client.verify(&["DE", "GB", "US"], "telegram");
    assert_eq!((outcome.code, outcome.ledger.charged()), (None, Money::ZERO));
    assert_books_agree("ghost-stock", &outcome.ledger, &sandbox);

    let journal = sandbox.journal().entries();
    let refused = journal.iter().filter(|entry| entry.status == Some(409)).count();
    assert!(refused <= 24, "{refused} in all");
    assert!(sandbox.clock().now().since(start) > seconds(300), "over minutes");
    let in_a_row = journal.chunk_by(|one, next| one.code == next.code).map(<[_]>::len);
    assert_eq!(in_a_row.max(), Some(3), "each country once, then it waits");
}

use ringer::scenario::{ErrorCode, Money, seconds};

use super::naive::price;
use super::{assert_comes_through, charged, expected_codes, play, play_carefully};

#[test]
fn every_error_has_its_documented_body_under_http_200() {
    let (_server, client, sandbox) = play("errors-as-200");
    assert_eq!(client.get_numbers().available("DE"), 7, "it is listed, so everybody tries");
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(8));
    assert!(client.poll(&id).texts()[0].contains(&expected_codes(&sandbox)[0]));
    sandbox.clock().advance(seconds(1_192));
    let refused = [
        (client.rent("DE"), "NO_NUMBERS"),
        (client.rent("USA"), "UNKNOWN_COUNTRY"),
        (client.poll("rent_1"), "RENTAL_NOT_FOUND"),
        (client.cancel(&id), "RENTAL_EXPIRED"),
        (client.get("/getSMS?api_key=ci"), "INVALID_REQUEST"),
        (client.get("/getNumbers"), "MISSING_API_KEY"),
    ];
    for (reply, code) in refused {
        assert_eq!((reply.status, reply.code()), (200, code));
        assert_eq!(reply.json["status"], "error");
        assert!(!reply.message().is_empty());
    }
    assert_eq!(charged("errors-as-200", &sandbox).0, 1);
}

#[test]
fn a_client_that_checks_the_status_only_books_a_rental_that_it_never_had_and_polls_for_nothing() {
    let (_server, client, sandbox) = play("errors-as-200");
    let price = price(&client, "DE");
    let rented = client.rent("DE");
    assert_eq!(rented.status, 200, "a success to it");
    let (booked, id) = (price, rented.json["rental_id"].as_str().unwrap_or_default());
    let mut polls = 0;
    while polls < 100 {
        let polled = client.poll(id);
        assert_eq!((polled.status, polled.code()), (200, "INVALID_REQUEST"));
        if polled.json["messages"].as_array().is_some_and(|messages| !messages.is_empty()) {
            break;
        }
        sandbox.clock().advance(seconds(2));
        polls += 1;
    }
    assert_eq!(polls, 100, "only the limit of this test has ended the loop");
    assert_eq!((booked.to_string().as_str(), sandbox.rentals().live()), ("0.08", 0));
    assert_eq!(charged("errors-as-200", &sandbox), (0, Money::ZERO));
    assert_eq!(client.get_numbers().available("US"), 5_000, "where there would have been plenty");
}

#[test]
fn a_client_that_checks_the_status_only_takes_a_cancel_that_came_too_late_for_a_refund() {
    let (_server, client, sandbox) = play("errors-as-200");
    let price = price(&client, "US");
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(1_200));
    let credited = if client.cancel(&id).status == 200 { price } else { Money::ZERO };
    assert_eq!(
        (credited.to_string(), sandbox.rentals().refunded()),
        ("0.05".to_owned(), Money::ZERO)
    );
}

#[test]
fn a_careful_client_reads_the_body_and_goes_to_another_country() {
    let (_server, mut client, sandbox) = play_carefully("errors-as-200");
    let outcome = client.verify(&["DE", "US"], "telegram");
    assert_comes_through("errors-as-200", &outcome, &sandbox);
    assert_eq!(outcome.rental.expect("a rental").country, "US");
    let codes: Vec<_> =
        sandbox.journal().entries().into_iter().filter_map(|entry| entry.code).collect();
    assert_eq!(codes, [ErrorCode::NoNumbers], "it has met the error, once");
}

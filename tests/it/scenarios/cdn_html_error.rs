use ringer::scenario::{Money, seconds};

use super::socket::{Heard, Socket};
use super::{assert_comes_through, charged, expected_codes, play, play_carefully};

fn assert_page(heard: &Heard, status: u16, reason: &str) {
    assert_eq!(heard.status(), Some(status), "{heard:?}");
    assert_eq!(heard.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(heard.header("retry-after"), None);
    assert_eq!(heard.announced(), heard.body().len());
    assert!(heard.body().starts_with("<!DOCTYPE html>\n<html>\n"), "{heard:?}");
    assert!(heard.body().contains(&format!("<h1>{status} {reason}</h1>")), "{heard:?}");
}

#[test]
fn rent_number_and_get_sms_each_answer_a_502_page_then_a_504_page_and_then_as_documented() {
    let (server, client, sandbox) = play("cdn-html-error");
    let socket = Socket::new(&server, "ci");
    assert_eq!(client.get_numbers().status, 200, "the listing is not behind the proxy");
    assert_page(&socket.rent("US"), 502, "Bad Gateway");
    assert_page(&socket.rent("US"), 504, "Gateway Timeout");
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (0, 5_000));
    let rented = socket.rent("US");
    assert_eq!(rented.header("content-type"), Some("application/json"));
    let id = rented.rental_id().expect("all is well");

    sandbox.clock().advance(seconds(8));
    assert_page(&socket.poll(&id), 502, "Bad Gateway");
    assert_page(&socket.poll(&id), 504, "Gateway Timeout");
    for _ in 0..3 {
        assert!(socket.poll(&id).body().contains(&expected_codes(&sandbox)[0]));
    }
    let another = socket.rent("US").rental_id().expect("all is well");
    assert_eq!(socket.poll(&another).status(), Some(200), "counted in the sandbox");
    assert_eq!(socket.cancel(&another).status(), Some(200));
}

#[test]
fn a_client_that_parses_every_reply_as_json_crashes_at_its_first_rental_and_has_nothing() {
    let (server, _client, sandbox) = play("cdn-html-error");
    let crash = Socket::new(&server, "ci").rent("US").json().expect_err("a web page");
    assert_eq!((crash.line(), crash.column()), (1, 1), "{crash}");
    assert_eq!(charged("cdn-html-error", &sandbox), (0, Money::ZERO));
}

#[test]
fn a_client_that_expects_pages_at_rentals_only_crashes_at_a_poll_and_leaks_what_it_paid_for() {
    let (server, _client, sandbox) = play("cdn-html-error");
    let socket = Socket::new(&server, "ci");
    let id = (0..5).find_map(|_| socket.rent("US").rental_id()).expect("the third is good");
    assert!(socket.poll(&id).json().expect_err("a web page").is_syntax());
    sandbox.clock().advance(seconds(1_199));
    let (_, charged) = charged("cdn-html-error", &sandbox);
    assert_eq!((charged.to_string().as_str(), sandbox.rentals().live()), ("0.05", 1));
    assert_eq!(expected_codes(&sandbox).len(), 1, "sent, and never read");
}

#[test]
fn a_careful_client_sees_by_the_listing_that_nothing_was_rented_and_asks_again() {
    let (_server, mut client, sandbox) = play_carefully("cdn-html-error");
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("cdn-html-error", &outcome, &sandbox);
    assert!(outcome.ledger.in_doubt.is_empty());
    assert_eq!(charged("cdn-html-error", &sandbox).0, 1);
}

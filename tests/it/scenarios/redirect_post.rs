use ringer::scenario::Money;

use super::socket::{Heard, Socket};
use super::{assert_comes_through, charged, play, play_carefully};

fn assert_redirect(heard: &Heard, status: u16) {
    assert_eq!(heard.status(), Some(status), "{heard:?}");
    assert_eq!(heard.header("location"), Some("/rentNumber"));
    assert_eq!((heard.announced(), heard.body()), (0, ""));
}

#[test]
fn the_first_rental_is_301_the_second_308_to_the_same_path_and_the_third_is_made() {
    let (server, client, sandbox) = play("redirect-post");
    let socket = Socket::new(&server, "ci");
    assert_redirect(&socket.rent("US"), 301);
    assert_redirect(&socket.rent("US"), 308);
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (0, 5_000));
    let id = socket.rent("US").rental_id().expect("all is well");
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (1, 4_999));
    assert_eq!(socket.poll(&id).status(), Some(200));
    assert_eq!(socket.cancel(&id).status(), Some(200), "no other POST is redirected");
    assert_eq!(socket.rent("US").status(), Some(200));
}

#[test]
fn a_client_that_follows_a_301_by_get_as_most_do_meets_405_and_has_no_number() {
    let (server, _client, sandbox) = play("redirect-post");
    let socket = Socket::new(&server, "ci");
    let redirected = socket.rent("US");
    let followed = socket.get(redirected.header("location").expect("a place"), "&country=US");
    assert_eq!((followed.status(), followed.header("allow")), (Some(405), Some("POST")));
    assert_eq!(charged("redirect-post", &sandbox), (0, Money::ZERO));
}

#[test]
fn a_client_whose_library_follows_redirects_by_its_defaults_has_no_number_either() {
    // The library of the other tests' client, which nobody has told anything about redirects.
    let (_server, client, sandbox) = play("redirect-post");
    let followed = client.rent("US");
    assert_eq!((followed.status, followed.code()), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(charged("redirect-post", &sandbox), (0, Money::ZERO));
}

#[test]
fn a_client_that_drops_the_body_when_it_follows_a_308_is_told_that_it_has_no_key() {
    let (server, _client, sandbox) = play("redirect-post");
    let socket = Socket::new(&server, "ci");
    socket.rent("US");
    let redirected = socket.rent("US");
    let followed = socket.post_body(redirected.header("location").expect("a place"), "");
    assert_eq!((followed.status(), followed.code().as_str()), (Some(401), "MISSING_API_KEY"));
    assert_eq!(charged("redirect-post", &sandbox), (0, Money::ZERO));
}

#[test]
fn a_careful_client_sends_the_whole_post_again_where_it_is_told_to() {
    let (_server, mut client, sandbox) = play_carefully("redirect-post");
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("redirect-post", &outcome, &sandbox);
    assert!(outcome.ledger.in_doubt.is_empty());
    assert_eq!(charged("redirect-post", &sandbox).0, 1, "redirected twice, rented once");
}

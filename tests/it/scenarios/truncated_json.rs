use ringer::scenario::{cents, seconds};

use super::naive::assert_double_rental;
use super::socket::Socket;
use super::{assert_comes_through, charged, play, play_carefully};

#[test]
fn half_the_reply_of_the_first_rental_and_of_the_second_poll_arrives_and_all_others_are_whole() {
    let (server, client, sandbox) = play("truncated-json");
    let socket = Socket::new(&server, "ci");
    let (half, whole) = (socket.rent("US"), socket.rent("US"));
    assert_eq!((half.status(), half.error), (Some(200), None), "the head is good, and so the end");
    assert_eq!((half.announced(), half.body().len()), (whole.announced(), whole.announced() / 2));
    assert!(half.body().starts_with(r#"{"status":"success","number":"+1"#), "{half:?}");
    assert!(half.json().is_err());
    // What it tells was made.
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (2, 4_998));

    let id = whole.rental_id().expect("the second is whole");
    sandbox.clock().advance(seconds(8));
    let [first, second, third] = [(); 3].map(|()| socket.poll(&id));
    assert_eq!(first.body(), third.body());
    assert!(first.json().is_ok() && first.body().contains("\"text\":"));
    let length = first.body().len();
    assert_eq!((second.announced(), second.body()), (length, &first.body()[..length / 2]));
}

#[test]
fn a_client_that_posts_again_when_a_reply_is_no_json_pays_for_two_and_leaks_one() {
    let (server, _client, sandbox) = play("truncated-json");
    let socket = Socket::new(&server, "ci");
    assert_double_rental("truncated-json", &socket, &sandbox);
}

#[test]
fn a_client_that_takes_half_a_reply_to_a_poll_for_a_bug_crashes_and_leaks_the_rental() {
    let (server, _client, sandbox) = play("truncated-json");
    let socket = Socket::new(&server, "ci");
    socket.rent("US");
    let id = socket.rent("US").rental_id().expect("the second is whole");
    let polled: Result<Vec<_>, _> = (0..10)
        .map(|_| {
            sandbox.clock().advance(seconds(2));
            socket.poll(&id).json()
        })
        .collect();
    assert!(polled.expect_err("it crashes").is_eof());
    assert_eq!(
        sandbox.clock().now().since(ringer::scenario::Timestamp::at("2026-01-01T00:00:00Z")),
        seconds(4)
    );
    sandbox.clock().advance(seconds(1_100));
    assert_eq!(sandbox.rentals().live(), 2);
}

#[test]
fn a_careful_client_books_a_rental_in_doubt_and_polls_once_more() {
    let (_server, mut client, sandbox) = play_carefully("truncated-json");
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("truncated-json", &outcome, &sandbox);
    assert_eq!(outcome.ledger.in_doubt, [cents(5)]);
    assert_eq!(charged("truncated-json", &sandbox).0, 2, "and never a third");
}

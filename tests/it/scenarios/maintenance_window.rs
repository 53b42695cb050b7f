use ringer::scenario::{Money, millis, seconds};

use super::{assert_comes_through, charged, expected_codes, play, play_carefully};
use crate::support::{Client, Reply};

/// One call of each endpoint.
fn call_all(client: &Client, id: &str) -> [Reply; 4] {
    [client.get_numbers(), client.rent("US"), client.poll(id), client.cancel(id)]
}

fn assert_down(replies: &[Reply]) {
    for reply in replies {
        assert_eq!((reply.status, reply.code()), (503, "MAINTENANCE"));
        assert_eq!(reply.retry_after, Some(30));
    }
}

#[test]
fn every_endpoint_is_503_from_30_to_90_seconds_after_the_start_and_nothing_takes_effect() {
    let (_server, client, sandbox) = play("maintenance-window");
    sandbox.clock().advance(seconds(25));
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(millis(4_999));
    let before = call_all(&client, &client.rent("US").rental_id());
    assert_eq!(before.map(|reply| reply.status), [200; 4]);
    let (live, available) = (sandbox.rentals().live(), client.get_numbers().available("US"));
    assert_eq!((live, available), (2, 4_998));

    sandbox.clock().advance(millis(1));
    assert_down(&call_all(&client, &id));
    sandbox.clock().advance(millis(59_999));
    assert_down(&call_all(&client, &id));
    assert_eq!(expected_codes(&sandbox).len(), 2, "they came at 33 and 38 s");
    sandbox.clock().advance(millis(1));
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (2, 4_998));
    let polled = client.poll(&id);
    assert_eq!(polled.json["messages"][0]["received_at"], "2026-01-01T00:00:33Z");
    assert_eq!(call_all(&client, &id).map(|reply| reply.status), [200; 4]);
    sandbox.clock().advance(seconds(3_600));
    assert_eq!(client.get_numbers().status, 200, "and it does not come again");
}

#[test]
fn a_client_that_gives_up_after_three_tries_a_second_apart_never_reads_the_code_it_pays_for() {
    let (_server, client, sandbox) = play("maintenance-window");
    sandbox.clock().advance(seconds(25));
    let id = client.rent("US").rental_id();
    let (mut texts, mut failures) = (Vec::new(), 0);
    while texts.is_empty() && failures < 3 {
        sandbox.clock().advance(seconds(1));
        let reply = client.poll(&id);
        match reply.status {
            200 => texts = reply.texts(),
            _ => failures += 1,
        }
    }
    assert_eq!(client.cancel(&id).status, 503, "nor can it give the number back");
    assert!(texts.is_empty());
    sandbox.clock().advance(seconds(1_190));
    assert_eq!((sandbox.rentals().live(), expected_codes(&sandbox).len()), (1, 1));
    let (_, charged) = charged("maintenance-window", &sandbox);
    assert_eq!((charged.to_string().as_str(), sandbox.rentals().refunded()), ("0.05", Money::ZERO));
}

#[test]
fn a_client_that_asks_again_at_once_asks_all_the_time() {
    let (_server, client, sandbox) = play("maintenance-window");
    sandbox.clock().advance(seconds(30));
    let refused = (0..50).take_while(|_| client.rent("US").status == 503).count();
    assert_eq!(refused, 50, "only the limit of this test has ended the loop");
    assert_eq!(sandbox.rentals().live(), 0);
}

#[test]
fn a_careful_client_comes_back_when_it_is_told_to() {
    let (_server, mut client, sandbox) = play_carefully("maintenance-window");
    sandbox.clock().advance(seconds(25));
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("maintenance-window", &outcome, &sandbox);
    let refused =
        sandbox.journal().entries().into_iter().filter(|entry| entry.status == Some(503)).count();
    assert_eq!(refused, 2, "at 33 and 63 s");
}

#[test]
fn a_careful_client_that_comes_in_the_middle_of_it_waits_before_it_rents() {
    let (_server, mut client, sandbox) = play_carefully("maintenance-window");
    sandbox.clock().advance(seconds(45));
    let outcome = client.verify(&["US"], "telegram");
    assert_comes_through("maintenance-window", &outcome, &sandbox);
    assert!(outcome.ledger.in_doubt.is_empty());
    assert_eq!(charged("maintenance-window", &sandbox).0, 1);
}

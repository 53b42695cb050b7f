//! Each api_key is a world of its own.

use ringer::scenario::seconds;

use crate::support::{Client, frozen, start};

#[test]
fn two_keys_share_no_stock_no_rental_and_no_clock() {
    let server = start(frozen());
    let (one, two) = (Client::new(&server, "one"), Client::new(&server, "two"));
    let id = one.rent("US").rental_id();
    assert_eq!(
        (one.get_numbers().available("US"), two.get_numbers().available("US")),
        (4_999, 5_000)
    );
    assert_eq!(two.poll(&id).code(), "RENTAL_NOT_FOUND");
    assert_eq!(two.cancel(&id).code(), "RENTAL_NOT_FOUND");

    let its_own = two.rent("US").rental_id();
    assert_ne!(id, its_own, "an id says nothing in another sandbox");
    assert_eq!(two.poll(&id).code(), "RENTAL_NOT_FOUND");

    server.sandbox("one").expect("the key is good").clock().advance(seconds(8));
    assert_eq!(one.poll(&id).texts().len(), 1);
    assert_eq!(two.poll(&its_own).texts().len(), 0);
    assert_eq!(server.sandbox("two").expect("the key is good").journal().entries().len(), 6);
}

#[test]
fn a_key_chooses_its_scenario_and_the_whole_text_is_the_sandbox() {
    let server = start(frozen().scenario("happy-path"));
    let documentation = Client::new(&server, "ci@documentation");
    assert_eq!(
        documentation.rent("US").text,
        concat!(
            r#"{"status":"success","number":"+14155552671","rental_id":"rent_12345","#,
            r#""expires_at":"2023-06-15T15:30:45Z","country":"US"}"#,
        )
    );
    assert_eq!(Client::new(&server, "ci").get_numbers().available("US"), 5_000);
    let other = Client::new(&server, "ci2@documentation");
    assert_eq!(other.get_numbers().available("US"), 5_000);
}

#[test]
fn an_unknown_scenario_is_an_invalid_key_with_the_nearest_name() {
    let server = start(frozen());
    let refused = Client::new(&server, "ci@hapy-path").get_numbers();
    assert_eq!((refused.status, refused.code()), (401, "INVALID_API_KEY"));
    assert!(refused.message().contains(r#"did you mean "happy-path"?"#), "{}", refused.message());
}

#[test]
fn only_admitted_keys_and_their_scenario_forms_open_a_sandbox() {
    let server = start(frozen().api_key("alpha").api_key("beta@documentation"));
    for (key, status) in [
        ("alpha", 200),
        ("alpha@documentation", 200),
        ("beta@documentation", 200),
        ("beta", 401),
        ("beta@happy-path", 401),
        ("gamma", 401),
    ] {
        let reply = Client::new(&server, key).get_numbers();
        assert_eq!(reply.status, status, "{key}");
        assert!(!reply.text.contains("alpha"), "a refusal gives no key away: {}", reply.text);
    }
}

#[test]
fn of_too_many_sandboxes_the_idle_ones_used_longest_ago_are_forgotten_first() {
    let server = start(frozen().max_sandboxes(3));
    let client = |key: &str| Client::new(&server, key);
    let id = client("busy").rent("US").rental_id();
    client("idle-1").get_numbers();
    client("idle-2").get_numbers();
    client("idle-1").get_numbers();
    client("new").get_numbers();
    // A journal that was forgotten begins anew.
    let entries =
        |key: &str| server.sandbox(key).expect("the key is good").journal().entries().len();
    assert_eq!(client("busy").poll(&id).status, 200, "it has a live rental");
    assert_eq!((entries("idle-1"), entries("new")), (2, 1));
    assert_eq!(entries("idle-2"), 0);
}

#[test]
fn a_sandbox_that_many_threads_enter_first_is_made_once() {
    let server = start(frozen().workers(2));
    let rented: Vec<String> = std::thread::scope(|scope| {
        let rent = || Client::new(&server, "shared").rent("SE");
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(rent)).collect();
        threads.into_iter().map(|thread| thread.join().expect("it rents").rental_id()).collect()
    });
    let different: std::collections::HashSet<&String> = rented.iter().collect();
    assert_eq!(different.len(), 8);
    assert_eq!(server.sandbox("shared").expect("the key is good").rentals().live(), 8);
}

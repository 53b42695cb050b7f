use std::collections::HashSet;

use ringer::scenario::seconds;
use serde_json::json;

use super::{assert_comes_through, assert_kept_for_24_hours, expected_codes, play, play_carefully};

/// The services that choose a kind, and its sender.
const KINDS: [(&str, &str); 4] =
    [("name", "Facebook"), ("short-code", "68849"), ("number", "+12025550123"), ("nobody", "")];

#[test]
fn each_kind_of_sender_has_a_service_of_its_own_and_three_of_four_are_no_phone_number() {
    let (_server, client, sandbox) = play("odd-senders");
    let ids = KINDS.map(|(service, _)| client.rent_for("GB", service).rental_id());
    sandbox.clock().advance(seconds(7));
    assert!(sandbox.rentals().messages().is_empty());
    sandbox.clock().advance(seconds(1));

    let codes = expected_codes(&sandbox);
    let mut accepted = 0;
    for ((id, (service, sender)), code) in ids.iter().zip(KINDS).zip(&codes) {
        let polled = client.poll(id);
        assert_eq!(polled.json["messages"][0]["sender"], json!(sender), "{service}");
        assert!(polled.texts()[0].contains(code));
        accepted += u32::from(sender.starts_with('+'));
    }
    assert_eq!(accepted, 1, "a client that wants E.164 from a sender drops three codes of four");

    sandbox.clock().advance(seconds(1_192));
    assert_eq!(client.cancel(&ids[3]).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("GB"), 3_196);
    assert_kept_for_24_hours(&client, &sandbox, &ids[3]);
}

#[test]
fn a_rental_for_any_other_service_gets_one_of_the_four_senders() {
    let (_server, client, sandbox) = play("odd-senders");
    for _ in 0..40 {
        assert_eq!(client.rent("US").status, 200);
    }
    sandbox.clock().advance(seconds(8));
    let senders: HashSet<String> =
        sandbox.rentals().messages().into_iter().map(|sms| sms.sender).collect();
    assert_eq!(senders.len(), 4, "{senders:?}");
}

#[test]
fn a_client_that_wants_a_phone_number_from_a_sender_drops_three_codes_of_four() {
    let (_server, client, sandbox) = play("odd-senders");
    let is_e164 = |sender: &str| sender.len() > 8 && sender.starts_with('+');
    let ids = KINDS.map(|(service, _)| client.rent_for("GB", service).rental_id());
    sandbox.clock().advance(seconds(60));
    let read = ids.iter().filter(|id| {
        let sms = client.poll(id).json["messages"][0].clone();
        is_e164(sms["sender"].as_str().expect("a text"))
    });
    assert_eq!((read.count(), expected_codes(&sandbox).len()), (1, 4));
}

#[test]
fn a_careful_client_reads_them_all() {
    let (_server, mut client, sandbox) = play_carefully("odd-senders");
    for (service, sender) in KINDS {
        let outcome = client.verify(&["GB"], service);
        assert_comes_through("odd-senders", &outcome, &sandbox);
        assert_eq!(outcome.inbox.messages[0].sender, sender);
    }
}

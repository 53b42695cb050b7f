use std::collections::HashSet;

use ringer::scenario::seconds;

use super::naive::{first_digits, poll_for};
use super::{assert_comes_through, assert_kept_for_24_hours, expected_codes, play, play_carefully};

/// The services that choose a kind, and the shape of its codes.
const KINDS: [(&str, &str); 4] = [
    ("leading-zero", "000000"),
    ("dashed", "000-000"),
    ("spaced", "00 00 00"),
    ("letters", "A-AA00A"),
];

/// The shape of a code: digits as `0`, capital letters as `A`.
fn shape(code: &str) -> String {
    let shape = |c: char| match c {
        '0'..='9' => '0',
        'A'..='Z' => 'A',
        other => other,
    };
    code.chars().map(shape).collect()
}

#[test]
fn each_kind_has_a_service_of_its_own_and_the_first_digits_are_never_the_code() {
    let (_server, client, sandbox) = play("tricky-codes");
    let ids = KINDS.map(|(service, _)| client.rent_for("US", service).rental_id());
    sandbox.clock().advance(seconds(7));
    assert!(sandbox.rentals().messages().is_empty());
    sandbox.clock().advance(seconds(1));

    let codes = expected_codes(&sandbox);
    for (index, (service, wanted)) in KINDS.into_iter().enumerate() {
        let (code, texts) = (&codes[index], client.poll(&ids[index]).texts());
        assert_eq!(shape(code), wanted, "{service}");
        assert_eq!(texts.len(), 1);
        assert!(texts[0].contains(code), "expected as the text shows it: {code} in {texts:?}");
        let taken = first_digits(&texts[0]);
        assert!(!taken.is_empty() && !code.contains(taken), "{service}: a decoy, {taken}");
    }
    let as_integer: u32 = codes[0].parse().expect("digits alone");
    assert_ne!(as_integer.to_string(), codes[0], "an integer loses the leading zero");
    assert!(codes[3].starts_with("G-"));

    sandbox.clock().advance(seconds(1_192));
    assert_eq!(client.cancel(&ids[0]).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("US"), 4_996);
    assert_kept_for_24_hours(&client, &sandbox, &ids[3]);
}

#[test]
fn a_rental_for_any_other_service_gets_one_of_the_four_kinds() {
    let (_server, client, sandbox) = play("tricky-codes");
    for _ in 0..40 {
        assert_eq!(client.rent_for("US", "telegram").status, 200);
    }
    sandbox.clock().advance(seconds(8));
    let shapes: HashSet<String> = expected_codes(&sandbox).iter().map(|code| shape(code)).collect();
    assert_eq!(shapes.len(), 4, "{shapes:?}");
}

#[test]
fn a_client_that_reads_the_code_as_an_integer_loses_the_zero_in_front() {
    let (_server, client, sandbox) = play("tricky-codes");
    let id = client.rent_for("US", "leading-zero").rental_id();
    let text = poll_for(&client, &sandbox, &id, 60).remove(0);
    let runs = text.split(|c: char| !c.is_ascii_digit());
    let digits = runs.into_iter().find(|run| run.len() == 6).expect("six digits");
    let code: u32 = digits.parse().expect("digits are a number");
    assert_ne!(code.to_string(), expected_codes(&sandbox)[0]);
}

#[test]
fn a_client_that_takes_the_first_digits_has_a_wrong_code_every_time() {
    let (_server, client, sandbox) = play("tricky-codes");
    for (service, _) in KINDS {
        let id = client.rent_for("US", service).rental_id();
        let text = poll_for(&client, &sandbox, &id, 60).remove(0);
        let code = expected_codes(&sandbox).pop().expect("a code");
        assert_ne!(first_digits(&text), code, "{text}");
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        assert_ne!(first_digits(&text), digits, "nor without what is between: {text}");
    }
}

#[test]
fn a_careful_client_finds_each_as_the_text_shows_it() {
    let (_server, mut client, sandbox) = play_carefully("tricky-codes");
    for (service, wanted) in KINDS {
        let outcome = client.verify(&["US"], service);
        assert_comes_through("tricky-codes", &outcome, &sandbox);
        assert_eq!(shape(&outcome.code.expect("it has come through")), wanted);
    }
}

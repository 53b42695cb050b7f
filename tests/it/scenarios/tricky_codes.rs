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

/// The services that choose what only they get, and the shape of its codes.
const MORE_KINDS: [(&str, &str); 6] = [
    ("order-number", "000000"),
    ("web-otp", "000000"),
    ("chinese", "000000"),
    ("japanese", "000000"),
    ("arabic-digits", "٠٠٠٠٠٠"),
    ("persian-digits", "۰۰۰۰۰۰"),
];

/// The shape of a code: digits as `0`, capital letters as `A`.
fn shape(code: &str) -> String {
    let shape = |c: char| match c {
        '0'..='9' => '0',
        'A'..='Z' => 'A',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
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
    for (service, wanted) in KINDS.into_iter().chain(MORE_KINDS) {
        let outcome = client.verify(&["US"], service);
        assert_comes_through("tricky-codes", &outcome, &sandbox);
        assert_eq!(shape(&outcome.code.expect("it has come through")), wanted);
    }
}

/// The text of an SMS for a service, and the code in it.
fn sms_for(service: &str) -> (String, String) {
    let (_server, client, sandbox) = play("tricky-codes");
    let id = client.rent_for("US", service).rental_id();
    let text = poll_for(&client, &sandbox, &id, 60).remove(0);
    (text, expected_codes(&sandbox).remove(0))
}

#[test]
fn each_further_kind_hides_its_code_in_its_own_way() {
    let of_length = |text: &str, length: usize| {
        let runs = text.split(|c: char| !c.is_ascii_digit()).map(str::to_owned);
        runs.filter(|run| run.len() == length).collect::<Vec<String>>()
    };
    let (text, code) = sms_for("order-number");
    assert_eq!(of_length(&text, 6), ["482915", &code], "a number of its own length first");

    let (text, code) = sms_for("web-otp");
    let (before, last) = text.rsplit_once('\n').expect("lines");
    assert_eq!(last, format!("@login.example.com #{code}"));
    assert!(before.contains(&code), "{text}");

    for service in ["chinese", "japanese"] {
        let (text, code) = sms_for(service);
        let (before, after) = text.split_once(&code).expect("it shows the code");
        let glued = [before.chars().next_back(), after.chars().next()];
        // A word boundary is where a letter or digit ends: there is none.
        assert!(glued.iter().all(|c| c.is_some_and(char::is_alphanumeric)), "{text}");
    }
    for service in ["arabic-digits", "persian-digits"] {
        let (text, code) = sms_for(service);
        assert!(text.contains(&code) && code.chars().all(char::is_numeric), "{text}");
        assert_eq!(first_digits(&text), "", "a client that knows 0 to 9 only finds nothing");
    }
}

#[test]
fn any_kind_draws_among_all_of_them() {
    let (_server, client, sandbox) = play("tricky-codes");
    for _ in 0..120 {
        assert_eq!(client.rent_for("US", "any-kind").status, 200);
    }
    sandbox.clock().advance(seconds(8));
    let messages = sandbox.rentals().messages();
    // The words of a text, without its numbers, tell its kind.
    let kind = |text: &str| {
        text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii_uppercase()).collect::<String>()
    };
    let kinds: HashSet<String> = messages.iter().map(|sms| kind(&sms.text)).collect();
    assert_eq!(kinds.len(), 10, "{kinds:?}");
}

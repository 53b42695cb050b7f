use ringer::scenario::*;
use ringer::{EventKind, SandboxEvent};

use super::{play, play_with_seed, plenty, says};

/// What the SMS of so many rentals say, in the order of renting.
fn drawn(seed: u64, rentals: usize) -> Vec<String> {
    let variants = [(6, says("six")), (3, says("three")), (1, says("one")), (0, says("none"))];
    let (_server, client, sandbox) =
        play_with_seed(plenty().script(Script::weighted(variants)), seed);
    for _ in 0..rentals {
        assert_eq!(client.rent("US").status, 200);
    }
    sandbox.clock().advance(seconds(8));
    sandbox.rentals().messages().into_iter().map(|sms| sms.text).collect()
}

#[test]
fn variants_are_drawn_near_their_weights_and_the_same_way_with_the_same_seed() {
    let texts = drawn(7, 1_000);
    assert_eq!(texts.len(), 1_000);
    for (text, weight) in [("six", 600), ("three", 300), ("one", 100), ("none", 0_usize)] {
        let share = texts.iter().filter(|drawn| *drawn == text).count();
        // Three standard deviations, and exactly none of what has no weight.
        assert!(share.abs_diff(weight) <= weight.min(46), "{text} was drawn {share} times");
    }
    assert_eq!(drawn(7, 100), texts[..100], "a prefix of the same draws");
    assert_ne!(drawn(8, 100), texts[..100], "another seed draws otherwise");
}

#[test]
fn the_first_script_that_fits_country_and_service_plays() {
    let scenario = plenty()
        .country(country(Country::GB).available(10))
        .script(says("both").for_country(Country::GB).for_service("Telegram"))
        .script(says("country").for_country(Country::GB))
        .script(says("service").for_service("telegram"));
    let (_server, client, sandbox) = play(scenario);
    let ids = [
        client.rent_for("GB", "TELEGRAM").rental_id(),
        client.rent_for("GB", "viber").rental_id(),
        client.rent("GB").rental_id(),
        client.rent_for("US", "telegram").rental_id(),
        client.rent("US").rental_id(),
    ];
    sandbox.clock().advance(seconds(8));
    let texts = ids.map(|id| client.poll(&id).texts().remove(0));
    assert_eq!(texts[..4], ["both", "country", "country", "service"]);
    let usual = sandbox.rentals().messages()[4].clone();
    let code = usual.expected_code.expect("where no script fits, the usual SMS comes");
    assert!(texts[4].contains(&code));
}

#[test]
fn an_early_expiry_ends_the_rental_with_a_refund_and_what_was_to_come_never_comes() {
    let fate = steps().expire(seconds(30)).sms(seconds(40), sms());
    let (_server, client, sandbox) = play(plenty().script(fate));
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(29));
    assert_eq!(sandbox.rentals().live(), 1);
    sandbox.clock().advance(seconds(1));
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (0, 5_000));
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.05");
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    sandbox.clock().advance(seconds(1_170));
    assert!(client.poll(&id).texts().is_empty());
    assert_eq!(
        sandbox.rentals().refunded().to_string(),
        "0.05",
        "its planned expiry does nothing more"
    );
    assert_eq!(client.get_numbers().available("US"), 5_000);
}

#[test]
fn a_revoked_number_is_refunded_and_back_in_stock_and_a_cancel_afterwards_tells_the_refund() {
    let (_server, client, sandbox) = play(plenty().script(steps().revoke(seconds(60))));
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(59));
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (1, 4_999));
    let events = sandbox.clock().advance(seconds(1));
    assert!(matches!(events[..], [SandboxEvent { kind: EventKind::Revocation { .. }, .. }]));
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (0, 5_000));
    assert_eq!(client.cancel(&id).refund(), "0.05", "it was cancelled, only not by the client");
    assert_eq!(sandbox.rentals().refunded().to_string(), "0.05");
}

#[test]
fn a_number_revoked_after_its_sms_is_sold_all_the_same() {
    let fate = says("hello").revoke(seconds(60));
    let (_server, client, sandbox) = play(plenty().script(fate));
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(60));
    assert_eq!((sandbox.rentals().live(), client.get_numbers().available("US")), (0, 4_999));
    assert_eq!(client.cancel(&id).refund(), "0.00");
    assert_eq!(client.poll(&id).texts(), ["hello"]);
}

#[test]
fn a_late_sms_comes_within_the_grace_and_not_at_its_last_moment() {
    let late = |grace| {
        let terms = rental().late_sms_grace(grace).time_to_live(seconds(20));
        let fate = steps().expire(seconds(10)).sms(seconds(15), sms());
        let (_server, client, sandbox) = play(plenty().rental(terms).script(fate));
        let id = client.rent("US").rental_id();
        sandbox.clock().advance(seconds(15));
        client.poll(&id).texts().len()
    };
    assert_eq!(late(seconds(0)), 0);
    assert_eq!(late(seconds(5)), 0);
    assert_eq!(late(millis(5_001)), 1);
}

#[test]
fn a_decoy_may_show_digits_and_no_code_is_expected_of_it() {
    let decoy = sms().text("Your order {code} was sent.").decoy();
    let (_server, client, sandbox) = play(plenty().script(steps().sms(seconds(8), decoy)));
    client.rent("US").rental_id();
    sandbox.clock().advance(seconds(8));
    let message = sandbox.rentals().messages().remove(0);
    assert!(message.text.contains(|c: char| c.is_ascii_digit()), "{}", message.text);
    assert_eq!(message.expected_code, None);
}

#[test]
fn messages_are_shown_by_their_date_and_not_by_their_arrival() {
    let fate = steps()
        .sms(seconds(8), sms().text("newer"))
        .sms(seconds(20), sms().text("older").received_at(seconds(5)));
    let (_server, client, sandbox) = play(plenty().script(fate));
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(8));
    assert_eq!(client.poll(&id).texts(), ["newer"]);
    sandbox.clock().advance(seconds(12));
    assert_eq!(client.poll(&id).texts(), ["older", "newer"], "oldest first");
}

#[test]
fn each_placeholder_stands_for_what_it_names() {
    let text = "{service} to {number}: {code:..3}-{code:3..} = {code}, {{}}";
    let (_server, client, sandbox) = play(plenty().script(says(text)));
    let rented = client.rent_for("US", "paypal");
    sandbox.clock().advance(seconds(8));
    let code = sandbox.rentals().messages()[0].expected_code.clone().expect("it shows its code");
    let number = rented.json["number"].as_str().expect("a number");
    let (left, right) = code.split_at(3);
    assert_eq!(
        client.poll(&rented.rental_id()).texts(),
        [format!("PayPal to {number}: {left}-{right} = {code}, {{}}")]
    );
}

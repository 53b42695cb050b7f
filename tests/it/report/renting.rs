//! What a client does when it cannot tell whether it has rented.

use ringer::scenario::*;

use super::{Play, base, frozen_play};

fn lost() -> Scenario {
    base().fault(
        fault([Endpoint::RentNumber], Effect::connection_reset_by_peer())
            .nth([1])
            .phase(Phase::After),
    )
}

/// Sends a rentNumber and hangs up before its late reply; then rents again.
fn hang_up_and_rent_again() -> Play {
    let play = frozen_play("rent-timeout-but-rented");
    drop(play.send_rent("US"));
    // The first rental is in the journal once it is made.
    while play.sandbox.journal().entries().is_empty() {}
    play
}

fn use_it(play: &Play, id: &str) {
    play.advance(8);
    play.client.poll(id);
}

#[test]
fn a_client_that_hangs_up_before_a_late_reply_and_rents_again_has_rented_twice() {
    let play = hang_up_and_rent_again();
    let id = play.client.rent("US").rental_id();
    use_it(&play, &id);
    // The server notices a hang-up a little later.
    while play.found() != ["error double-rental", "error retried-post"] {}
    let finding = play.finding("double-rental");
    assert_eq!(finding["evidence"].as_array().map(Vec::len), Some(2));
    assert_ne!(finding["rental_id"], id.as_str());
    play.advance(1_192);
    assert_eq!(play.found(), ["error double-rental", "error retried-post"], "it was its own doing");
}

#[test]
fn a_client_that_hangs_up_and_does_not_rent_again_has_not() {
    let play = hang_up_and_rent_again();
    play.client.get_numbers();
    assert!(play.found_at_the_end().is_empty());
}

#[test]
fn a_rental_whose_reply_was_lost_is_a_warning_while_it_is_live_and_unused_beside_another() {
    let play = frozen_play(lost());
    play.rent_raw("US");
    assert!(play.found_at_the_end().is_empty(), "nobody could know");
    let id = play.client.rent("GB").rental_id();
    use_it(&play, &id);
    assert_eq!(play.found(), ["warning double-rental"]);
    play.advance(1_192);
    assert!(play.found().is_empty(), "it has ended by itself");

    let play = frozen_play(lost());
    play.rent_raw("US");
    play.advance(601);
    let id = play.client.rent("US").rental_id();
    use_it(&play, &id);
    assert!(play.found().is_empty(), "after ten minutes it is another rental, not the same again");
}

#[test]
fn a_look_at_the_listing_of_the_country_clears_a_second_rental_and_says_what_the_lost_one_cost() {
    let looks = |country: &str| {
        let play = frozen_play(lost());
        play.rent_raw("US");
        play.client.get(&format!("/getNumbers?api_key=ci{country}"));
        let id = play.client.rent("US").rental_id();
        use_it(&play, &id);
        play
    };
    for country in ["", "&country=US"] {
        let play = looks(country);
        assert_eq!(play.found(), ["info lost-rental"], "{country}");
        let finding = play.finding("lost-rental");
        let advice = finding["advice"].to_string();
        assert!(advice.contains("0.05 USD"), "{advice}");
        let evidence = finding["evidence"].as_array().expect("a list");
        let called: Vec<&str> = evidence.iter().filter_map(|e| e["endpoint"].as_str()).collect();
        assert_eq!(called, ["rentNumber", "getNumbers", "rentNumber"]);
        assert_eq!(evidence[0]["rental_id"], finding["rental_id"]);
        play.advance(1_192);
        assert_eq!(play.found(), ["info lost-rental"], "its cost stays");
        let advice = play.finding("lost-rental")["advice"].to_string();
        assert!(advice.contains("nothing was paid back, because an SMS came"), "{advice}");
    }
    let play = looks("&country=GB");
    assert_eq!(play.found(), ["error retried-post", "warning double-rental"]);
    assert_eq!(play.finding("retried-post")["evidence"][1]["endpoint"], "getNumbers");
    let advice = play.finding("retried-post")["advice"].to_string();
    assert!(advice.contains("another country does not tell") && advice.contains("OkHttp"));
}

#[test]
fn a_client_that_hangs_up_and_looks_before_it_rents_again_is_not_accused() {
    let play = hang_up_and_rent_again();
    play.client.get_numbers();
    let id = play.client.rent("US").rental_id();
    use_it(&play, &id);
    // The server notices a hang-up a little later.
    while !play.finding("lost-rental")["advice"].to_string().contains("hung up") {}
    assert_eq!(play.found(), ["info lost-rental"]);
}

#[test]
fn two_delivered_rentals_or_rentals_for_two_services_are_not_a_double_rental() {
    let play = frozen_play(base());
    for _ in 0..2 {
        let id = play.client.rent("US").rental_id();
        use_it(&play, &id);
    }
    assert!(play.found().is_empty());

    let play = frozen_play(lost());
    play.rent_raw("US");
    let id = play.client.rent_for("US", "telegram").rental_id();
    use_it(&play, &id);
    assert!(play.found().is_empty());
}

#[test]
fn a_blind_retry_of_rent_number_after_an_ambiguous_reply_is_a_retried_post() {
    let page = |code| Effect::status(code, BodyKind::Html);
    for effect in
        [page(502), page(504), Effect::error(ErrorCode::InternalError), Effect::truncated_body(0.5)]
    {
        let rule = fault([Endpoint::RentNumber], effect).nth([1]);
        let play = frozen_play(base().fault(rule));
        play.rent_raw("US");
        let id = play.client.rent("US").rental_id();
        use_it(&play, &id);
        assert_eq!(play.found(), ["error retried-post"], "{effect:?}");
        assert_eq!(play.finding("retried-post")["evidence"][1]["rental_id"], id.as_str());
    }
}

#[test]
fn a_rental_after_a_look_elsewhere_or_after_a_clear_refusal_is_not_a_retry() {
    let first =
        |effect: Effect| frozen_play(base().fault(fault([Endpoint::RentNumber], effect).nth([1])));
    let play = first(Effect::status(502, BodyKind::Html));
    play.rent_raw("US");
    play.client.get_numbers();
    let id = play.client.rent("US").rental_id();
    use_it(&play, &id);
    assert!(play.found().is_empty(), "it has looked");

    let play = first(Effect::status(502, BodyKind::Html));
    play.rent_raw("US");
    let id = play.client.rent("GB").rental_id();
    use_it(&play, &id);
    assert!(play.found().is_empty(), "another country");

    for effect in [Effect::error(ErrorCode::Maintenance), Effect::redirect(Redirect::Permanent)] {
        let play = first(effect);
        play.rent_raw("US");
        let id = play.client.rent("US").rental_id();
        use_it(&play, &id);
        assert!(play.found().is_empty(), "{effect:?} says that nothing was rented");
    }
}

#[test]
fn a_repeated_cancel_is_never_a_retried_post() {
    let rule = fault([Endpoint::CancelNumber], Effect::error(ErrorCode::InternalError)).nth([1]);
    let play = frozen_play(
        ringer::scenario::scenario("s").countries(usual_countries()).script(steps()).fault(rule),
    );
    let id = play.client.rent("US").rental_id();
    play.client.poll(&id);
    assert_eq!(play.client.cancel(&id).status, 500);
    assert_eq!(play.client.cancel(&id).status, 200);
    assert!(play.found_at_the_end().is_empty());
}

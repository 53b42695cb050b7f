use ringer::scenario::*;

use super::{play, plenty, says};

#[test]
fn beyond_the_active_limit_a_rental_is_refused_until_one_ends() {
    let (_server, client, sandbox) = play(plenty().rental(rental().max_active(2)).script(steps()));
    let ids = [(); 2].map(|()| client.rent("US").rental_id());
    let refused = client.rent("US");
    assert_eq!((refused.status, refused.code()), (429, "TOO_MANY_ACTIVE_RENTALS"));
    assert_eq!(refused.retry_after, None, "waiting does not mend it");
    assert_eq!(client.get_numbers().available("US"), 4_998, "a refusal takes no number");

    assert_eq!(client.cancel(&ids[0]).status, 200);
    assert_eq!(client.rent("US").status, 200);
    assert_eq!(client.rent("US").code(), "TOO_MANY_ACTIVE_RENTALS");
    sandbox.clock().advance(seconds(1_200));
    assert_eq!(client.rent("US").status, 200);
}

#[test]
fn a_rental_beyond_the_balance_is_refused_and_a_refund_restores_it() {
    let scenario = scenario("mine")
        .country(country(Country::US).available(10).price(cents(5)))
        .country(country(Country::GB).available(10).price(cents(6)))
        .rental(rental().balance(cents(10)))
        .script(steps().for_country(Country::GB))
        .script(says("sold"));
    let (_server, client, sandbox) = play(scenario);
    let refundable = client.rent("GB").rental_id();
    let refused = client.rent("US");
    assert_eq!((refused.status, refused.code()), (402, "INSUFFICIENT_BALANCE"));
    assert_eq!(refused.retry_after, None);
    assert!(refused.message().contains("0.04") && refused.message().contains("0.05"));
    assert_eq!(client.get_numbers().available("US"), 10, "a refusal takes no number");

    assert_eq!(client.cancel(&refundable).refund(), "0.06");
    assert_eq!(client.rent("US").status, 200);
    assert_eq!(client.rent("US").status, 200, "to the last cent");
    assert_eq!(client.rent("US").code(), "INSUFFICIENT_BALANCE");
    sandbox.clock().advance(seconds(1_200));
    assert_eq!(client.rent("US").code(), "INSUFFICIENT_BALANCE", "what was sold is spent");
}

#[test]
fn after_its_end_a_rental_can_be_gone() {
    let gone = rental().after_end(AfterEnd::Gone);
    let (_server, client, sandbox) = play(plenty().rental(gone));
    let [expired, cancelled] = [(); 2].map(|()| client.rent("US").rental_id());
    sandbox.clock().advance(seconds(8));
    assert_eq!(client.cancel(&cancelled).refund(), "0.00");
    let reply = client.poll(&cancelled);
    assert_eq!((reply.status, reply.code()), (410, "RENTAL_CANCELLED"));
    sandbox.clock().advance(seconds(1_191));
    assert_eq!(client.poll(&expired).texts().len(), 1);
    sandbox.clock().advance(seconds(1));
    let reply = client.poll(&expired);
    assert_eq!((reply.status, reply.code()), (410, "RENTAL_EXPIRED"));
    sandbox.clock().advance(seconds(24 * 3_600));
    assert_eq!(client.poll(&expired).code(), "RENTAL_NOT_FOUND");
}

#[test]
fn a_rental_lives_as_long_as_its_terms_say() {
    let terms = rental().time_to_live(seconds(90)).first_rental_id(7);
    let (_server, client, sandbox) = play(plenty().rental(terms).script(steps()));
    let rented = client.rent("US");
    assert_eq!(rented.rental_id(), "rent_7");
    assert_eq!(rented.json["expires_at"], "2026-01-01T00:01:30Z");
    sandbox.clock().advance(seconds(89));
    assert_eq!(sandbox.rentals().live(), 1);
    sandbox.clock().advance(seconds(1));
    assert_eq!(sandbox.rentals().live(), 0);
}

#[test]
fn an_early_cancel_is_denied_after_an_sms_too_and_then_pays_nothing_back() {
    let terms = rental().early_cancel_denied(seconds(60));
    let (_server, client, sandbox) = play(plenty().rental(terms));
    let id = client.rent("US").rental_id();
    sandbox.clock().advance(seconds(59));
    assert_eq!(client.cancel(&id).retry_after, Some(1));
    sandbox.clock().advance(seconds(1));
    assert_eq!(client.cancel(&id).refund(), "0.00");
}

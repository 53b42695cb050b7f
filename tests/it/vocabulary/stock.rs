use std::collections::HashSet;

use ringer::EventKind;
use ringer::scenario::*;

use super::play;

#[test]
fn a_stock_is_set_drained_and_refilled_at_its_times() {
    let offer = country(Country::DE)
        .available(10)
        .set_at(seconds(10), 4)
        .drain_at(seconds(20), 1)
        .drain_at(seconds(30), 99)
        .refill_at(seconds(40), 6);
    let (_server, client, sandbox) = play(scenario("mine").country(offer).script(steps()));
    let id = client.rent("DE").rental_id();
    let mut seen = vec![client.get_numbers().available("DE")];
    for _ in 0..4 {
        sandbox.clock().advance(seconds(9));
        let before = client.get_numbers().available("DE");
        assert_eq!(Some(&before), seen.last(), "a second before");
        let events = sandbox.clock().advance(seconds(1));
        seen.push(client.get_numbers().available("DE"));
        let told = events[0].kind;
        let available = u32::try_from(seen[seen.len() - 1]).expect("a small count");
        assert_eq!(told, EventKind::Stock { country: Country::DE, available });
    }
    assert_eq!(seen, [9, 4, 3, 0, 6]);
    assert_eq!(client.cancel(&id).status, 200);
    assert_eq!(client.get_numbers().available("DE"), 7, "a number comes back on top");
}

#[test]
fn stock_that_is_due_at_one_moment_changes_in_the_order_of_writing() {
    let offer = country(Country::DE).set_at(seconds(5), 1).refill_at(seconds(5), 2);
    let (_server, client, sandbox) = play(scenario("mine").country(offer));
    sandbox.clock().advance(seconds(5));
    assert_eq!(client.get_numbers().available("DE"), 3);
}

#[test]
fn mobile_numbers_come_from_the_british_range_for_them() {
    let offer = |numbers| country(Country::GB).available(1_001).numbers(numbers);
    let (_server, client, _sandbox) =
        play(scenario("mine").country(offer(Numbers::Mobile)).script(steps()));
    let rented = client.rent("GB");
    let number = rented.json["number"].as_str().expect("a number");
    assert!(number.starts_with("+447700900") && number.len() == 13, "{number}");

    let (_server, client, _sandbox) = play(scenario("mine").country(offer(Numbers::Any)));
    let rented = client.rent("GB");
    let number = rented.json["number"].as_str().expect("a number");
    assert!(!number.starts_with("+447700"), "{number}");
}

#[test]
fn listed_numbers_come_first_in_their_order_and_never_a_second_time() {
    let listed = ["+46701740699", "+46701740605"];
    let offer = country(Country::SE).available(95).numbers(Numbers::listed(listed));
    let (_server, client, _sandbox) = play(scenario("mine").country(offer));
    let numbers: Vec<String> = (0..95)
        .map(|_| client.rent("SE").json["number"].as_str().expect("a number").to_owned())
        .collect();
    assert_eq!(numbers[..2], ["+46701740699", "+46701740605"]);
    let different: HashSet<&String> = numbers.iter().collect();
    assert_eq!(different.len(), 95, "though both stand in the range kept for fiction");
}

#[test]
fn a_listed_number_is_never_handed_out_by_another_country_whose_range_it_lies_in() {
    let taken = "+12015550175";
    let listed = || country(Country::CA).available(1).numbers(Numbers::listed([taken]));
    let own = scenario("own").country(country(Country::US).available(40_000)).country(listed());
    let (_server, client, _sandbox) = play(own);
    // Without the list, this is the first number of the US with this seed.
    assert_ne!(client.rent("US").json["number"], taken);
    assert_eq!(client.rent("CA").json["number"], taken);
}

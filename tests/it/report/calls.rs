//! How often a client calls, and how it reacts to errors.

use ringer::scenario::*;

use super::{base, frozen_play, play};

#[test]
fn polls_are_too_fast_only_while_the_clock_runs_or_is_moved() {
    let fast = |clock: Clock, polls: usize| {
        let play = play("no-sms-expires", clock);
        let id = play.client.rent("US").rental_id();
        for _ in 0..polls {
            play.client.poll(&id);
        }
        play.found()
    };
    assert_eq!(fast(Clock::realtime(), 3), ["warning poll-too-fast"]);
    assert_eq!(fast(Clock::scaled("2".parse().expect("a rate")), 3), ["warning poll-too-fast"]);
    assert!(fast(Clock::realtime(), 2).is_empty());
    assert!(fast(Clock::frozen(), 9).is_empty());
    assert!(fast(Clock::per_poll(seconds(5)), 9).is_empty());
}

#[test]
fn retry_after_is_judged_over_http_only_while_the_clock_runs() {
    let twice = |clock: Clock| {
        let rule = fault([Endpoint::GetNumbers], Effect::error(ErrorCode::RateLimited)).times(1);
        let play = play(base().fault(rule), clock);
        assert_eq!(play.client.get_numbers().retry_after, Some(2));
        assert_eq!(play.client.get_numbers().status, 200);
        play.client.get_numbers();
        play.found()
    };
    assert_eq!(twice(Clock::realtime()), ["warning retry-after-ignored"]);
    assert!(twice(Clock::frozen()).is_empty());
}

#[test]
fn a_wait_of_one_rental_does_not_bind_another_that_is_answered() {
    let limit = rate_limit(1, seconds(2)).per_rental();
    let play = frozen_play(base().fault(fault([Endpoint::GetSms], limit)));
    let [first, second] = [(); 2].map(|()| play.client.rent("US").rental_id());
    play.client.poll(&first);
    play.sandbox.clock().advance(millis(200));
    assert_eq!(play.client.poll(&first).status, 429);
    play.sandbox.clock().advance(millis(500));
    assert_eq!(play.client.poll(&second).status, 200);
    assert!(play.found().is_empty());
    play.client.poll(&first);
    assert_eq!(play.found(), ["warning poll-too-fast", "warning retry-after-ignored"]);
}

#[test]
fn a_search_through_the_countries_is_no_loop_until_it_asks_one_again() {
    let countries = [
        Country::US,
        Country::GB,
        Country::DE,
        Country::FR,
        Country::CA,
        Country::SE,
        Country::AU,
        Country::IE,
        Country::NL,
        Country::AT,
    ];
    let empty = countries.map(country);
    let play = frozen_play(scenario("all-empty").countries(empty));
    for wanted in countries {
        assert_eq!(play.client.rent(wanted.as_str()).status, 409);
    }
    assert!(play.found().is_empty());
    play.client.rent("US");
    assert_eq!(play.found(), ["warning error-hot-loop"]);
    let advice = play.finding("error-hot-loop")["advice"].clone();
    assert!(advice.as_str().is_some_and(|text| text.contains("the clock stood still")), "{advice}");
}

#[test]
fn pauses_are_judged_in_sandbox_time_where_the_test_moves_the_clock() {
    let polls = |clock: Clock, pause: u64| {
        let play = play("no-sms-expires", clock);
        let id = play.client.rent("US").rental_id();
        for _ in 0..4 {
            play.client.poll(&id);
            play.sandbox.clock().advance(millis(pause));
        }
        play.found()
    };
    assert_eq!(polls(Clock::frozen(), 999), ["warning poll-too-fast"]);
    assert!(polls(Clock::frozen(), 1_000).is_empty());
    assert!(polls(Clock::per_poll(seconds(4)), 100).is_empty(), "4.1 s lie between");
    let fast = Clock::scaled("1000000".parse().expect("a rate"));
    let found = polls(fast, 0);
    assert!(!found.contains(&"warning poll-too-fast".to_owned()), "a ms is 1,000 s: {found:?}");

    let told_to_wait = |waits: u64| {
        let rule = fault([Endpoint::GetNumbers], Effect::error(ErrorCode::Maintenance)).times(1);
        let play = frozen_play(base().fault(rule));
        assert_eq!(play.client.get_numbers().retry_after, Some(30));
        play.advance(waits);
        play.client.get_numbers();
        play.found()
    };
    assert!(told_to_wait(30).is_empty());
    assert_eq!(told_to_wait(29), ["warning retry-after-ignored"]);
    assert!(told_to_wait(0).is_empty(), "the clock stood still");
}

#[test]
fn ten_refusals_without_a_pause_are_a_hot_loop_and_nine_or_interrupted_ones_are_not() {
    let rents = |times: usize, restock_at: Option<usize>| {
        let play = frozen_play(scenario("no-sms").countries(usual_countries()).script(steps()));
        let stock = |count| play.sandbox.stock().set(Country::US, count).expect("it is offered");
        stock(0);
        for nth in 0..times {
            if restock_at == Some(nth) {
                stock(1);
                let id = play.client.rent("US").rental_id();
                play.client.cancel(&id);
                stock(0);
            }
            assert_eq!(play.client.rent("US").code(), "NO_NUMBERS");
        }
        play.found()
    };
    assert_eq!(rents(10, None), ["warning error-hot-loop"]);
    assert_eq!(rents(25, None), ["warning error-hot-loop"], "one loop, however long");
    assert!(rents(9, None).is_empty());
    assert_eq!(rents(18, Some(9)), [""; 0], "a success of the endpoint between");
}

#[test]
fn a_loop_through_ghost_stock_is_found_whatever_succeeds_between_and_patience_is_none() {
    let loops = |wait: u64| {
        let play = frozen_play("ghost-stock");
        for country in ["US", "GB", "DE"].into_iter().cycle().take(24) {
            assert_eq!(play.client.get_numbers().status, 200);
            assert_eq!(play.client.rent(country).code(), "NO_NUMBERS");
            play.advance(wait);
        }
        play.found()
    };
    assert_eq!(loops(0), ["warning error-hot-loop"]);
    assert!(loops(1).is_empty());
    assert!(loops(5).is_empty());
    assert!(loops(60).is_empty());

    let play = frozen_play("ghost-stock");
    for _ in 0..1_000 {
        play.client.rent("US");
        play.advance(5);
    }
    assert!(play.found().is_empty(), "a thousand times");
}

#[test]
fn equal_refusals_of_many_rentals_are_not_a_loop() {
    let down = fault([Endpoint::GetSms], Effect::error(ErrorCode::InternalError));
    let play = frozen_play(base().fault(down));
    for _ in 0..12 {
        let id = play.client.rent("US").rental_id();
        assert_eq!(play.client.poll(&id).code(), "INTERNAL_ERROR");
    }
    assert!(play.found().is_empty());
}

#[test]
fn a_client_that_waits_is_in_no_hot_loop_but_must_wait_for_as_long_as_it_is_told() {
    let asks = |wait: u64| {
        let down = fault(Endpoints::ALL, Effect::error(ErrorCode::Maintenance));
        let play = frozen_play(base().fault(down));
        for _ in 0..12 {
            assert_eq!(play.client.get_numbers().code(), "MAINTENANCE");
            play.advance(wait);
        }
        play.found()
    };
    assert!(asks(30).is_empty());
    assert_eq!(asks(29), ["warning retry-after-ignored"]);
    assert_eq!(asks(0), ["warning error-hot-loop"], "a clock that stands still tells no pause");
}

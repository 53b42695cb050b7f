//! How often a client calls, and how it reacts to errors.

use ringer::scenario::*;

use super::{base, frozen_play, play};

#[test]
fn polls_are_too_fast_in_real_time_only_while_the_clock_runs() {
    let fast = |clock: Clock, polls: usize| {
        let play = play("no-sms-expires", clock);
        let id = play.client.rent("US").rental_id();
        for _ in 0..polls {
            play.client.poll(&id);
        }
        play.found()
    };
    assert_eq!(fast(Clock::realtime(), 3), ["warning poll-too-fast"]);
    assert_eq!(fast(Clock::scaled(Rate::default()), 3), ["warning poll-too-fast"]);
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
fn ten_equal_refusals_in_a_row_are_a_hot_loop_and_nine_or_interrupted_ones_are_not() {
    let rents = |times: usize, look_at: Option<usize>| {
        let play = frozen_play("ghost-stock");
        for nth in 0..times {
            if look_at == Some(nth) {
                play.client.get_numbers();
            }
            assert_eq!(play.client.rent("DE").code(), "NO_NUMBERS");
        }
        play.found()
    };
    assert_eq!(rents(10, None), ["warning error-hot-loop"]);
    assert_eq!(rents(25, None), ["warning error-hot-loop"], "one loop, however long");
    assert!(rents(9, None).is_empty());
    assert!(rents(18, Some(9)).is_empty(), "something else between");
}

#[test]
fn a_client_that_waits_for_retry_after_is_not_in_a_hot_loop() {
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
    assert_eq!(asks(29), ["warning error-hot-loop"]);
}

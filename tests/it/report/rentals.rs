//! What a client does with a rental.

use ringer::scenario::*;

use super::{Play, base, frozen_play, play};

/// Polls every ten seconds until `until` seconds after the rental.
fn poll_until(play: &Play, id: &str, until: u64) {
    for _ in 0..until / 10 {
        play.advance(10);
        play.client.poll(id);
    }
}

#[test]
fn an_sms_that_is_not_read_before_the_end_is_a_leak_and_one_that_is_read_is_not() {
    let play = frozen_play(base());
    let id = play.client.rent("US").rental_id();
    play.client.poll(&id);
    play.advance(1_199);
    assert!(play.found().is_empty(), "it still lives");
    let at_the_end = play.found_at_the_end();
    assert_eq!(at_the_end, ["error leaked-rental", "warning gave-up-early"], "if it ended now");
    play.advance(1);
    assert_eq!(play.found(), at_the_end);
    let leak = play.finding("leaked-rental");
    assert_eq!(leak["rental_id"], id.as_str());
    assert_eq!(leak["evidence"][0]["endpoint"], "rentNumber");
    assert!(leak["advice"].as_str().is_some_and(|text| text.contains("0.05 USD")), "{leak}");

    let play = frozen_play(base());
    let id = play.client.rent("US").rental_id();
    play.advance(1_199);
    play.client.poll(&id);
    play.advance(1);
    assert!(play.found_at_the_end().is_empty(), "read in the last second");
}

#[test]
fn a_rental_without_an_sms_is_a_leak_unless_it_is_watched_to_its_end_or_cancelled() {
    let play = frozen_play("no-sms-expires");
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 60);
    play.advance(1_140);
    assert_eq!(play.found(), ["error leaked-rental"], "left alone after a minute");

    let play = frozen_play("no-sms-expires");
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 1_190);
    play.advance(10);
    assert!(play.found().is_empty(), "asked to the end");

    let play = frozen_play("no-sms-expires");
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 60);
    play.client.cancel(&id);
    play.advance(1_200);
    assert!(play.found().is_empty());
}

#[test]
fn a_rental_that_was_not_delivered_or_that_the_partner_took_back_is_not_a_leak() {
    let lost =
        fault([Endpoint::RentNumber], Effect::connection_reset_by_peer()).phase(Phase::After);
    let play = frozen_play(base().fault(lost));
    play.rent_raw("US");
    play.advance(1_200);
    assert!(play.found_at_the_end().is_empty());

    let play = frozen_play(
        scenario("taken-back").countries(usual_countries()).script(steps().revoke(seconds(30))),
    );
    let id = play.client.rent("US").rental_id();
    play.client.poll(&id);
    play.advance(1_200);
    assert!(play.found_at_the_end().is_empty());
}

#[test]
fn a_rental_left_without_a_poll_is_never_polled_and_one_polled_once_or_cancelled_unused_is_not() {
    let play = frozen_play("no-sms-expires");
    play.client.rent("US");
    play.advance(1_199);
    assert!(play.found().is_empty());
    play.advance(1);
    assert_eq!(play.found(), ["error leaked-rental", "warning never-polled"]);

    let play = frozen_play(base());
    let id = play.client.rent("US").rental_id();
    play.advance(8);
    play.client.cancel(&id);
    assert_eq!(play.found(), ["warning never-polled", "info cancel-after-sms"]);

    let play = frozen_play("cancel-refund");
    let id = play.client.rent("US").rental_id();
    play.client.cancel(&id);
    assert!(play.found_at_the_end().is_empty(), "given back before an SMS");
}

#[test]
fn a_cancel_before_an_sms_that_was_to_come_before_expiry_is_giving_up_early() {
    let play = frozen_play("slow-sms");
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 60);
    play.client.cancel(&id);
    assert_eq!(play.found(), ["info gave-up-early"], "its price was paid back");
    let finding = play.finding("gave-up-early");
    assert_eq!(finding["evidence"][0]["endpoint"], "cancelNumber");
    assert!(finding["advice"].as_str().is_some_and(|text| text.contains("1m35s")), "{finding}");

    for scenario in ["no-sms-expires", "late-sms-after-expiry"] {
        let play = frozen_play(scenario);
        let id = play.client.rent("US").rental_id();
        poll_until(&play, &id, 60);
        play.client.cancel(&id);
        assert!(play.found().is_empty(), "{scenario}: none was to come in its life");
    }
}

#[test]
fn to_take_a_decoy_or_to_stop_polling_is_giving_up_early_and_to_stop_with_a_code_is_not() {
    let play = frozen_play("two-sms-second-good");
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 10);
    play.client.cancel(&id);
    assert_eq!(play.found(), ["warning gave-up-early", "info cancel-after-sms"]);

    let play = frozen_play("same-code-resent");
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 10);
    play.client.cancel(&id);
    assert_eq!(play.found(), ["info cancel-after-sms"], "it has its code");

    let play = frozen_play("slow-sms");
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 90);
    assert!(play.found().is_empty(), "it may go on");
    play.advance(1_110);
    assert_eq!(play.found(), ["error leaked-rental", "warning gave-up-early"]);
}

#[test]
fn a_cancel_after_an_sms_is_reported_if_the_client_could_know() {
    let play = frozen_play("cancel-after-sms-refused");
    let id = play.client.rent("US").rental_id();
    play.advance(8);
    play.client.poll(&id);
    assert!(play.found().is_empty());
    play.client.cancel(&id);
    assert_eq!(play.found(), ["info cancel-after-sms"]);

    // The SMS comes with the cancel, or between the last poll and the cancel, and is read then.
    for (scenario, wait) in [("sms-during-cancel", 0), ("happy-path", 8)] {
        let play = frozen_play(scenario);
        let id = play.client.rent("US").rental_id();
        play.client.poll(&id);
        play.advance(wait);
        play.client.cancel(&id);
        play.client.poll(&id);
        assert!(play.found().is_empty(), "{scenario}");
    }
}

#[test]
fn polls_are_after_the_end_once_the_client_was_told_or_expires_at_has_passed() {
    let play = frozen_play(base());
    let id = play.client.rent("US").rental_id();
    play.advance(8);
    play.client.poll(&id);
    play.client.cancel(&id);
    play.client.poll(&id);
    assert_eq!(play.found(), ["info cancel-after-sms"], "one read after a cancel looks for more");
    play.client.poll(&id);
    assert_eq!(play.found(), ["warning poll-after-end", "info cancel-after-sms"]);

    let play = frozen_play("no-sms-expires");
    let id = play.client.rent("US").rental_id();
    play.advance(1_200);
    play.client.poll(&id);
    assert!(play.found().is_empty(), "at expires_at");
    play.advance(1);
    play.client.poll(&id);
    assert_eq!(play.found(), ["warning poll-after-end"]);
}

#[test]
fn an_error_that_says_it_is_over_ends_the_polls_and_a_late_sms_may_be_awaited() {
    let terms = rental().after_end(AfterEnd::Gone).time_to_live(seconds(30));
    let gone = scenario("gone").countries(usual_countries()).script(steps()).rental(terms);
    let play = frozen_play(gone);
    let id = play.client.rent("US").rental_id();
    play.advance(8);
    play.client.poll(&id);
    play.advance(22);
    play.client.poll(&id);
    assert!(play.found().is_empty(), "it was told just now");
    play.client.poll(&id);
    assert_eq!(play.found(), ["warning poll-after-end"]);

    let play = frozen_play("late-sms-after-expiry");
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 1_250);
    assert!(play.found_at_the_end().is_empty(), "within the grace");
}

#[test]
fn a_partner_whose_clock_is_ahead_reports_a_later_end() {
    let skewed = base().replies(replies().clock_skew(Skew::ahead(seconds(90))));
    let play = play(skewed, Clock::per_poll(seconds(645)));
    let id = play.client.rent("US").rental_id();
    play.client.poll(&id);
    play.client.poll(&id);
    assert!(play.found().is_empty(), "+1290 s is when it says that it ends");
    play.client.poll(&id);
    assert_eq!(play.found(), ["warning poll-after-end"]);
}

#[test]
fn the_step_of_a_clock_past_the_end_is_no_poll_after_it() {
    let play = play("no-sms-expires", Clock::per_poll(seconds(7)));
    let id = play.client.rent("US").rental_id();
    for _ in 0..172 {
        play.client.poll(&id);
    }
    assert!(play.found_at_the_end().is_empty(), "it was sent at +1197 s");
}

#[test]
fn a_client_that_watched_until_the_second_it_was_told_has_left_nothing_behind() {
    let play = frozen_play("no-sms-expires");
    play.sandbox.clock().advance(millis(500));
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 1_190);
    play.sandbox.clock().advance(millis(9_500));
    play.client.poll(&id);
    assert!(play.found_at_the_end().is_empty(), "it was told that it expires at +1200 s");
}

#[test]
fn a_client_whose_polls_the_partner_does_not_answer_is_not_to_blame() {
    let broken = fault([Endpoint::GetSms], Effect::error(ErrorCode::InternalError));
    let play = frozen_play(base().fault(broken));
    let id = play.client.rent("US").rental_id();
    poll_until(&play, &id, 1_200);
    assert_eq!(play.found_at_the_end(), ["info leaked-rental"]);
    let advice = play.finding("leaked-rental")["advice"].clone();
    assert!(advice.as_str().is_some_and(|text| text.contains("no poll was answered")), "{advice}");
}

#[test]
fn to_leave_with_some_parts_of_a_message_is_found_and_to_leave_with_all_of_them_is_not() {
    let reads = |until: u64| {
        let play = frozen_play("multipart-scrambled");
        let id = play.client.rent("US").rental_id();
        play.advance(until);
        play.client.poll(&id);
        assert_eq!(play.found(), [""; 0], "it may go on");
        play.client.cancel(&id);
        play
    };
    let play = reads(8);
    assert_eq!(play.found(), ["warning unread-messages", "info cancel-after-sms"]);
    let advice = play.finding("unread-messages")["advice"].to_string();
    assert!(advice.contains("3 parts") && advice.contains("after 1 of them"), "{advice}");
    assert_eq!(reads(9).found(), ["warning unread-messages", "info cancel-after-sms"]);
    assert_eq!(reads(10).found(), ["info cancel-after-sms"]);

    let half = |range: &str| sms().text(format!("Half of it: {{code:{range}}}").as_str());
    let steps = steps().sms(seconds(8), half("0..3")).sms(seconds(9), half("3..").same_code());
    let play = frozen_play(scenario("halves").countries(usual_countries()).script(steps));
    let id = play.client.rent("US").rental_id();
    play.advance(8);
    play.client.poll(&id);
    assert_eq!(play.found_at_the_end(), ["warning unread-messages"], "without a mark too");
    play.advance(1);
    play.client.poll(&id);
    assert_eq!(play.found_at_the_end(), [""; 0]);
}

#[test]
fn a_hundred_polls_after_all_has_come_are_allowed_and_more_are_told() {
    let polls = |scenario: &str, count: usize| {
        let play = frozen_play(scenario);
        let id = play.client.rent("US").rental_id();
        play.advance(20);
        for _ in 0..=count {
            play.client.poll(&id);
        }
        play
    };
    assert_eq!(polls("happy-path", 100).found(), [""; 0]);
    let play = polls("happy-path", 101);
    assert_eq!(play.found(), ["info polled-after-all"]);
    let advice = play.finding("polled-after-all")["advice"].to_string();
    assert!(advice.contains("101 times"), "{advice}");
    assert_eq!(polls("slow-sms", 150).found(), [""; 0], "its SMS is still to come");
    assert_eq!(polls("no-sms-expires", 150).found(), [""; 0], "nobody knows that none will come");
}

#[test]
fn a_rental_whose_cancels_the_partner_refused_is_not_its_clients_fault() {
    let leaves = |refused: u32, effect: Effect| {
        let rule = fault([Endpoint::CancelNumber], effect);
        let silent = scenario("down").countries(usual_countries()).script(steps()).fault(rule);
        let play = frozen_play(silent);
        let id = play.client.rent("US").rental_id();
        for _ in 0..refused {
            play.client.cancel(&id);
            play.advance(30);
        }
        play
    };
    let down = || Effect::error(ErrorCode::Maintenance);
    let play = leaves(3, down());
    assert_eq!(play.found_at_the_end(), ["info leaked-rental"]);
    let advice = play.finding("leaked-rental")["advice"].to_string();
    for says in ["its 3 cancels were refused (3 x MAINTENANCE)", "the fault of the partner"] {
        assert!(advice.contains(says), "{advice}");
    }
    assert_eq!(leaves(3, Effect::error(ErrorCode::RateLimited)).found_at_the_end().len(), 1);
    assert_eq!(
        leaves(4, Effect::status(502, BodyKind::Html)).found_at_the_end(),
        ["info leaked-rental"]
    );

    let play = leaves(2, down());
    assert_eq!(play.found_at_the_end(), ["error leaked-rental", "warning never-polled"]);
    let advice = play.finding("leaked-rental")["advice"].to_string();
    assert!(advice.contains("its 2 cancels were refused (2 x MAINTENANCE)"), "{advice}");
    assert!(!advice.contains("neither used nor cancelled"), "{advice}");
}

#[test]
fn to_give_up_is_a_warning_only_where_money_is_lost_before_the_time_that_was_told() {
    let play = frozen_play("slow-sms");
    let id = play.client.rent("US").rental_id();
    play.client.poll(&id);
    play.client.cancel(&id);
    assert_eq!(play.found(), ["info gave-up-early"]);

    // A partner whose clock is behind names an earlier end.
    let behind = |seconds_behind| {
        let replies = replies().clock_skew(Skew::behind(seconds(seconds_behind)));
        let late = scenario("behind").countries(usual_countries()).replies(replies);
        let play = frozen_play(late.script(steps().sms(seconds(1_195), sms())));
        let id = play.client.rent("US").rental_id();
        poll_until(&play, &id, 1_150);
        play.advance(100);
        play.found()
            .into_iter()
            .filter(|found| found.ends_with("gave-up-early"))
            .collect::<Vec<_>>()
    };
    assert_eq!(behind(60), ["info gave-up-early"], "it waited until the end that it was told");
    assert_eq!(behind(1), ["warning gave-up-early"]);
}

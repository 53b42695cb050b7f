//! cancelNumber.

use std::time::Duration;

use super::reading::{refuses_missing, refuses_unknown};
use super::sms::has_all;
use super::{OTHER_KEY, RENTAL, SMS, must, should};
use crate::check::case::{Subject::Cancelling, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::ledger::{amount, money};
use crate::check::real_time::Stopwatch;
use crate::check::request::Account;
use crate::check::session::Session;
use crate::check::sms_fixture::{messages, poll_pause};
use crate::domain::endpoint::Endpoint::CancelNumber;

pub(super) const CASES: &[TestCase] = &[
    must(Cancelling, "cancel-succeeds", "a rental on which nothing has arrived can be cancelled")
        .says("Cancels a previously rented phone number and stops any further charges.")
        .needs(RENTAL)
        .check(|session| {
            let story = session.first_story()?;
            let cancel = story.cancel.as_ref().map_err(Clone::clone)?;
            if story.has_sms && !cancel.reply.is_success() {
                return Err(NotPassed::skipped("an SMS came first, and then a cancel may be refused"));
            }
            cancel.success().map(drop)
        }),
    must(Cancelling, "cancel-returns-a-message", "message is a text")
        .says(r#""message": "Number rental cancelled successfully""#)
        .needs(RENTAL)
        .check(|session| session.story()?.cancelled()?.text("message").map(drop)),
    must(Cancelling, "cancel-returns-the-rental-id", "rental_id is that of the rental")
        .says(r#"cancelNumber: "rental_id": "rent_12345""#)
        .needs(RENTAL)
        .check(|session| {
            let story = session.story()?;
            let cancel = story.cancelled()?;
            let is_it = *cancel.reply.field("rental_id") == story.rental.id;
            let right = format!("rental_id: {}", story.rental.id);
            if is_it { Ok(()) } else { Err(cancel.fails(&right, cancel.of("rental_id"))) }
        }),
    must(Cancelling, "cancel-returns-a-refund-amount", "refund_amount is a JSON number")
        .says(r#""refund_amount": 0.00"#)
        .needs(RENTAL)
        .check(|session| {
            let story = session.story()?;
            let cancel = story.cancelled()?;
            let is_number = cancel.reply.field("refund_amount").is_number();
            let right = "refund_amount: a number, such as 0.00";
            if is_number { Ok(()) } else { Err(cancel.fails(right, cancel.of("refund_amount"))) }
        }),
    should(Cancelling, "refund-is-at-most-the-price", "a refund is at least 0, at most the price")
        .rules("what is paid back was paid before")
        .needs(RENTAL)
        .check(|session| {
            let story = session.story()?;
            let cancel = story.cancelled()?;
            let price = story.rental.price();
            let price = price.ok_or_else(|| NotPassed::skipped("no price is listed"))?;
            let refund = amount(cancel.reply.field("refund_amount"));
            let refund = refund.ok_or_else(|| NotPassed::skipped("there is no refund_amount"))?;
            let is_right = money(refund).is_some_and(|refund| refund <= price);
            cancel.require(is_right, &format!("refund_amount: from 0.00 to {price}, the price"))
        }),
    should(Cancelling, "second-cancel-does-not-refund-again", "a second cancel pays nothing more back")
        .rules("a cancel that is sent again is refused, or answered as the first, or with 0.00")
        .needs(RENTAL)
        .check(|session| {
            let story = session.story()?;
            let refund = |cancel: &HttpExchange| amount(cancel.reply.field("refund_amount"));
            let first = refund(story.cancelled()?).unwrap_or_default();
            let second = story.second.as_ref().map_err(Clone::clone)?;
            let Some(again) = refund(second).filter(|_| second.reply.gives()) else { return Ok(()) };
            let is_right = again == first || again == 0.0;
            second.require(is_right, &format!("a refusal, or a refund_amount of {first} or 0.00"))
        }),
    should(Cancelling, "stock-falls-with-a-rental", "a rental takes one from the stock")
        .rules("available is less by one for each rental")
        .needs(RENTAL)
        .check(|session| {
            let story = session.story()?;
            let (before, after) = story.stocks(story.stock.before, story.stock.rented)?;
            let right = format!("{} available after the rental", before.saturating_sub(1));
            let actual = format!("{before} before the rental, {after} after it");
            if after + 1 == before { Ok(()) } else { Err(story.rental.made.fails(&right, actual)) }
        }),
    should(Cancelling, "stock-comes-back-with-a-cancel", "a cancel gives one back to the stock")
        .rules("available is more by one for each rental that is cancelled before an SMS")
        .needs(RENTAL)
        .check(|session| {
            let story = session.story()?;
            let cancel = story.cancelled()?;
            if story.has_sms {
                return Err(NotPassed::skipped("an SMS came before the cancel: the number is used"));
            }
            let (before, after) = story.stocks(story.stock.rented, story.stock.cancelled)?;
            let right = format!("{} available after the cancel", before + 1);
            let actual = format!("{before} before the cancel, {after} after it");
            if after == before + 1 { Ok(()) } else { Err(cancel.fails(&right, actual)) }
        }),
    should(Cancelling, "second-cancel-leaves-the-stock", "a second cancel gives nothing to the stock")
        .rules("a rental comes back to the stock once")
        .needs(RENTAL)
        .check(|session| {
            let story = session.story()?;
            story.cancelled()?;
            let second = story.second.as_ref().map_err(Clone::clone)?;
            let (before, after) = story.stocks(story.stock.cancelled, story.stock.cancelled_twice)?;
            let actual = format!("{before} before the second cancel, {after} after it");
            let right = format!("{before} available, as after the first");
            if after <= before { Ok(()) } else { Err(second.fails(&right, actual)) }
        }),
    must(Cancelling, "cancel-ends-one-rental-only", "a cancel leaves the other rentals alone")
        .says("rental_id: The rental ID of the number to cancel")
        .needs(RENTAL)
        .check(|session| {
            session.story()?.cancelled()?;
            let shared = session.rental()?;
            let read = session.poll(&shared)?;
            read.success()?;
            let number = shared.made.reply.field("number");
            let is_it = number.is_null() || read.reply.field("number") == number;
            read.require(is_it, "the rental that was not cancelled, with its number")
        }),
    should(Cancelling, "cancels-give-back-one-each", "of several cancels, each gives one back")
        .rules("a cancel ends one rental, so that the next one has its own to give back")
        .needs(RENTAL)
        .check(gives_back_one_each),
    must(Cancelling, "read-after-cancel-is-answered", "getSMS after a cancel is a whole reply")
        .says("Our API follows RESTful principles and returns responses in JSON format.")
        .needs(RENTAL)
        .check(|session| {
            let story = session.story()?;
            story.cancelled()?;
            let read = story.read_after.as_ref().map_err(Clone::clone)?;
            let is_list = read.reply.field("messages").is_array();
            let is_right = read.reply.json.is_some()
                && !read.reply.is_server_error()
                && (is_list || !read.reply.is_success());
            read.require(is_right, "a refusal, or a success with a list of messages")
        }),
    must(Cancelling, "second-cancel-is-answered", "a cancel that is sent again is a whole reply")
        .says("Our API follows RESTful principles and returns responses in JSON format.")
        .needs(RENTAL)
        .check(|session| {
            let story = session.story()?;
            story.cancelled()?;
            let second = story.second.as_ref().map_err(Clone::clone)?;
            let is_right = second.reply.json.is_some() && !second.reply.is_server_error();
            second.require(is_right, "JSON with a status below 500")
        }),
    must(Cancelling, "cancel-refuses-an-unknown-rental", "a rental that nobody made cannot be cancelled")
        .says("Cancels a previously rented phone number; rental_id: The rental ID of the number to cancel")
        .check(|session| refuses_unknown(session, CancelNumber)),
    must(Cancelling, "cancel-refuses-a-missing-rental-id", "without a rental_id, nothing is cancelled")
        .says("rental_id: string, required")
        .check(|session| refuses_missing(session, CancelNumber)),
    must(Cancelling, "cancel-by-another-account-is-refused", "only its owner can cancel a rental")
        .says("All API requests require authentication using your API key")
        .needs(OTHER_KEY)
        .check(|session| {
            let rental = session.rental()?;
            let request = session.bare(CancelNumber).key(session.key(Account::Other));
            let cancel = session.send(&request.with("rental_id", rental.id.clone()))?;
            if cancel.reply.gives() {
                session.forget(&rental);
            }
            cancel.refused("no success, since the rental is of another account")?;
            session.poll(&rental)?.success().map(drop)
        }),
    should(Cancelling, "messages-survive-a-cancel", "what was received is not denied after a cancel")
        .rules("getSMS after a cancel shows what was received, or is refused")
        .needs(SMS)
        .check(|session| {
            let inbox = session.inbox()?;
            session.forget(&inbox.rental);
            let cancel = session.cancel_in_time(&inbox.rental)?;
            cancel.success_or_skip("a rental with an SMS cannot be cancelled")?;
            let read = session.poll(&inbox.rental)?;
            if read.reply.is_success() { has_all(&read, &inbox.messages()) } else { Ok(()) }
        }),
    must(Cancelling, "cancelled-rental-receives-no-sms", "after a cancel no more SMS are received")
        .says("Cancels a previously rented phone number and stops any further charges.")
        .needs(SMS)
        .check(receives_no_more),
];

/// A cancel that ends more than its rental leaves nothing to give back for the others.
fn gives_back_one_each(session: &Session<'_>) -> Verdict {
    let crowd = session.crowd()?;
    let cancels = &crowd.cancels;
    let last = cancels.last().ok_or_else(|| NotPassed::skipped("nothing was rented"))?;
    for cancel in cancels {
        cancel.success_or_skip("a rental could not be cancelled; cancel-succeeds tells why")?;
    }
    let moves = || NotPassed::skipped("the listing does not tell the stock, or others rent");
    let (before, after) = crowd.given_back.ok_or_else(moves)?;
    let right =
        format!("{} available after {} cancels", before + cancels.len() as u64, cancels.len());
    let actual = format!("{before} before the cancels, {after} after them");
    if after == before + cancels.len() as u64 { Ok(()) } else { Err(last.fails(&right, actual)) }
}

/// Cancels before an SMS comes, then looks for it for twice the time that one takes.
fn receives_no_more(session: &Session<'_>) -> Verdict {
    // Where one is sent at will, it takes next to no time.
    let wait = (session.inbox()?.took * 2).max(Duration::from_millis(250));
    let rental = session.another()?;
    let cancel = session.cancel(&rental)?;
    cancel.success_or_skip("the rental could not be cancelled; cancel-succeeds tells why")?;
    let at_once = session.poll(&rental)?;
    if !messages(&at_once).is_empty() {
        return Err(NotPassed::skipped("the SMS came before the cancel"));
    }
    let text = session.unique_text(4);
    match session.send_sms(&rental, &text) {
        // A network may well refuse a number that nobody has.
        Ok(()) | Err(NotPassed::Failed(_)) => {}
        // Then one comes by itself, if it does.
        Err(NotPassed::Skipped(_)) => {}
    }
    let watch = Stopwatch::start();
    while watch.elapsed() < wait {
        let read = session.poll(&rental)?;
        let right = "no message, since the rental was cancelled before";
        read.require(messages(&read).is_empty(), right)?;
        session.stop.pause(poll_pause(watch.elapsed()));
    }
    Ok(())
}

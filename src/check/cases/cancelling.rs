//! cancelNumber.

use std::time::Duration;

use super::reading::{refuses_missing, refuses_unknown};
use super::sms::has_all;
use super::{OTHER_KEY, RENTAL, RESTFUL, must, should};
use crate::check::case::{Subject::Cancelling, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::fixtures::{ConcurrentFixture, Fixtures, SmsFixture, StockDelta};
use crate::check::ledger::{amount, money};
use crate::check::real_time::Stopwatch;
use crate::check::request::Account;
use crate::check::sms::poll_pause;
use crate::domain::endpoint::Endpoint::CancelNumber;

const CANCELS: &str = "Cancels a previously rented phone number and stops any further charges.";
const CANCELS_ONE: &str =
    "Cancels a previously rented phone number; rental_id: The rental ID of the number to cancel";

pub(super) const CASES: &[TestCase] = &[
    must(Cancelling, "cancel-succeeds", "a rental without an SMS can be cancelled")
        .documented(CANCELS)
        .needs(RENTAL)
        .check(|fixtures| {
            let fixture = fixtures.first_cancel()?;
            let cancel = fixture.cancel.as_ref().map_err(Clone::clone)?;
            if fixture.has_sms && !cancel.reply.is_success() {
                return Err(NotPassed::skipped("an SMS arrived first, so a refusal may be right"));
            }
            cancel.require_success()
        }),
    must(Cancelling, "cancel-returns-a-message", "message is a string")
        .documented(r#""message": "Number rental cancelled successfully""#)
        .with_cancel(|_, fixture| fixture.cancelled()?.text("message").map(drop)),
    must(Cancelling, "cancel-returns-the-rental-id", "rental_id is that of the rental")
        .documented(r#"cancelNumber: "rental_id": "rent_12345""#)
        .with_cancel(|_, fixture| {
            let (cancel, id) = (fixture.cancelled()?, &fixture.rental.id);
            let is_right = cancel.reply.field("rental_id") == id;
            cancel.require_field(is_right, "rental_id", &id.to_string())
        }),
    must(Cancelling, "cancel-returns-a-refund-amount", "refund_amount is a JSON number")
        .documented(r#""refund_amount": 0.00"#)
        .with_cancel(|_, fixture| {
            let cancel = fixture.cancelled()?;
            let is_number = cancel.reply.field("refund_amount").is_number();
            cancel.require_field(is_number, "refund_amount", "a number, such as 0.00")
        }),
    should(Cancelling, "refund-is-at-most-the-price", "the refund is from 0 to the price")
        .ruled("a refund returns what was paid")
        .with_cancel(|_, fixture| {
            let cancel = fixture.cancelled()?;
            let price = fixture.rental.price;
            let price = price.ok_or_else(|| NotPassed::skipped("no price is listed"))?;
            let refund = amount(cancel.reply.field("refund_amount"));
            let refund = refund.ok_or_else(|| NotPassed::skipped("there is no refund_amount"))?;
            let is_right = money(refund).is_some_and(|refund| refund <= price);
            cancel.require(is_right, &format!("refund_amount: from 0.00 to {price}, the price"))
        }),
    should(Cancelling, "second-cancel-does-not-refund-again", "a second cancel refunds no more")
        .ruled("a repeated cancel is refused, or answered like the first, or with 0.00")
        .with_cancel(|_, fixture| {
            let refund = |cancel: &HttpExchange| amount(cancel.reply.field("refund_amount"));
            let first = refund(fixture.cancelled()?).unwrap_or_default();
            let second = fixture.second()?;
            let again = refund(second).filter(|_| second.reply.is_granted());
            let is_right = again.is_none_or(|again| again == first || again == 0.0);
            second.require(is_right, &format!("a refusal, or a refund_amount of {first} or 0.00"))
        }),
    should(Cancelling, "stock-falls-with-a-rental", "a rental takes one from the stock")
        .ruled("each rental lowers available by one")
        .with_cancel(|_, fixture| {
            let change = fixture.change(fixture.stock.before, fixture.stock.rented)?;
            change.require(-1, &fixture.rental.made, "the rental")
        }),
    should(Cancelling, "stock-comes-back-with-a-cancel", "a cancel returns one to the stock")
        .ruled("each cancel before an SMS raises available by one")
        .with_cancel(|_, fixture| {
            let cancel = fixture.cancelled()?;
            if fixture.has_sms {
                return Err(NotPassed::skipped("an SMS arrived first, so the number is used"));
            }
            let change = fixture.change(fixture.stock.rented, fixture.stock.cancelled)?;
            change.require(1, cancel, "the cancel")
        }),
    should(Cancelling, "second-cancel-leaves-the-stock", "a second cancel leaves the stock alone")
        .ruled("a number returns to the stock once")
        .with_cancel(|_, fixture| {
            fixture.cancelled()?;
            let stock = fixture.stock;
            let change = fixture.change(stock.cancelled, stock.cancelled_twice)?;
            change.require_at_most(0, fixture.second()?, "the second cancel")
        }),
    must(Cancelling, "cancel-ends-one-rental-only", "a cancel leaves other rentals alone")
        .documented("rental_id: The rental ID of the number to cancel")
        .with_cancel(|fixtures, fixture| {
            fixture.cancelled()?;
            let shared = fixtures.rental()?;
            let read = fixtures.session.read(&shared)?;
            read.require_success()?;
            let number = shared.made.reply.field("number");
            let is_right = number.is_null() || read.reply.field("number") == number;
            read.require(is_right, "the rental that was not cancelled, with its number")
        }),
    should(Cancelling, "cancels-give-back-one-each", "each of several cancels returns one number")
        .ruled("a cancel ends one rental, so that the next cancel has its own number to return")
        .with_concurrent(returns_one_each),
    must(Cancelling, "read-after-cancel-is-answered", "getSMS after a cancel gets a whole reply")
        .documented(RESTFUL)
        .with_cancel(|_, fixture| {
            fixture.cancelled()?;
            let read = fixture.read_after()?;
            let is_list = read.reply.field("messages").is_array();
            let is_right = read.reply.json.is_some()
                && !read.reply.is_server_error()
                && (is_list || !read.reply.is_success());
            read.require(is_right, "a refusal, or a success with a list of messages")
        }),
    must(Cancelling, "second-cancel-is-answered", "a repeated cancel gets a whole reply")
        .documented(RESTFUL)
        .with_cancel(|_, fixture| {
            fixture.cancelled()?;
            let second = fixture.second()?;
            let is_right = second.reply.json.is_some() && !second.reply.is_server_error();
            second.require(is_right, "JSON with a status below 500")
        }),
    must(Cancelling, "cancel-refuses-an-unknown-rental", "an unknown rental cannot be cancelled")
        .documented(CANCELS_ONE)
        .check(|fixtures| refuses_unknown(&fixtures.session, CancelNumber)),
    must(Cancelling, "cancel-refuses-a-missing-rental-id", "a missing rental_id is refused")
        .documented("rental_id: string, required")
        .check(|fixtures| refuses_missing(&fixtures.session, CancelNumber)),
    must(Cancelling, "cancel-by-another-account-is-refused", "only its owner can cancel a rental")
        .documented("All API requests require authentication using your API key")
        .needs(OTHER_KEY)
        .with_rental(|fixtures, rental| {
            let session = &fixtures.session;
            let request = session.keyless(CancelNumber).key(session.key(Account::Other));
            let cancel = session.send(&request.with("rental_id", rental.id.clone()))?;
            if cancel.reply.is_granted() {
                fixtures.forget(rental);
            }
            cancel.require_refusal("no success, since the rental belongs to another account")?;
            session.read(rental)?.require_success()
        }),
    should(Cancelling, "messages-survive-a-cancel", "a cancel does not hide received messages")
        .ruled("getSMS after a cancel shows what was received, or is refused")
        .with_sms(|fixtures, sms| {
            let session = &fixtures.session;
            fixtures.forget(&sms.rental);
            let cancel = session.cancel_in_time(&sms.rental)?;
            cancel.skip_unless_success("a rental with an SMS cannot be cancelled")?;
            let read = session.read(&sms.rental)?;
            if read.reply.is_success() { has_all(&read, sms.messages()) } else { Ok(()) }
        }),
    must(Cancelling, "cancelled-rental-receives-no-sms", "a cancelled rental receives no more SMS")
        .documented(CANCELS)
        .with_sms(receives_no_more),
];

/// A cancel that ends more than its rental leaves nothing to return for the others.
fn returns_one_each(_: &Fixtures<'_>, fixture: &ConcurrentFixture) -> Verdict {
    let cancels = &fixture.cancels;
    let last = cancels.last().ok_or_else(|| NotPassed::skipped("nothing was rented"))?;
    for cancel in cancels {
        cancel.skip_unless_success("a rental could not be cancelled; cancel-succeeds tells why")?;
    }
    let change = StockDelta::known(fixture.returned)?;
    change.require(cancels.len() as i64, last, "the cancels")
}

/// Cancels before an SMS arrives, then looks for one for twice as long as an SMS takes.
fn receives_no_more(fixtures: &Fixtures<'_>, sms: &SmsFixture) -> Verdict {
    let session = &fixtures.session;
    // An SMS that a command sends arrives almost at once.
    let wait = (sms.took * 2).max(Duration::from_millis(250));
    let rental = fixtures.another_rental()?;
    let cancel = session.cancel(&rental)?;
    cancel.skip_unless_success("the rental could not be cancelled; cancel-succeeds tells why")?;
    if !session.read(&rental)?.messages().is_empty() {
        return Err(NotPassed::skipped("the SMS arrived before the cancel"));
    }
    // Without a command the SMS arrives by itself; with one, the network may refuse the number.
    let _ = session.send_sms(&rental, &session.unique_text(4));
    let watch = Stopwatch::start();
    while watch.elapsed() < wait {
        let read = session.read(&rental)?;
        let expected = "no message, since the rental was cancelled before";
        read.require(read.messages().is_empty(), expected)?;
        session.stop.pause(poll_pause(watch.elapsed()));
    }
    Ok(())
}

//! Several calls at the same time.

use super::{RENTAL, must, should};
use crate::check::case::{Subject::Concurrency, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::concurrent_fixture::at_once;
use crate::check::exchange::HttpExchange;
use crate::check::ledger::{RentedNumber, amount};
use crate::check::session::Session;

/// How many cancels at a time.
const CANCELS: usize = 4;

pub(super) const CASES: &[TestCase] = &[
    must(
        Concurrency,
        "concurrent-rents-get-different-numbers",
        "rentals at the same time share nothing",
    )
    .says("Rents a phone number from your service; receive SMS messages on a rented number")
    .needs(RENTAL)
    .check(different_numbers),
    must(
        Concurrency,
        "concurrent-rents-are-no-server-error",
        "rentals at the same time are answered below 500",
    )
    .says("Our API follows RESTful principles and returns responses in JSON format.")
    .needs(RENTAL)
    .check(|session| {
        let crowd = session.crowd()?;
        let is_right = |made: &HttpExchange| !made.reply.is_server_error();
        crowd.made.iter().try_for_each(|made| made.require(is_right(made), "a status below 500"))
    }),
    should(
        Concurrency,
        "concurrent-rents-all-count",
        "each of several rentals takes one from the stock",
    )
    .rules("available is less by one for each rental")
    .needs(RENTAL)
    .check(|session| {
        let crowd = session.crowd()?;
        let moves = || NotPassed::skipped("the listing does not tell the stock, or others rent");
        let (before, after) = crowd.stock.ok_or_else(moves)?;
        let count = crowd.rentals.len() as u64;
        let actual = format!("{before} before the rentals, {after} after them");
        let right = format!("{} available after {count} rentals", before.saturating_sub(count));
        if after + count == before { Ok(()) } else { Err(crowd.made[0].fails(&right, actual)) }
    }),
    should(Concurrency, "concurrent-cancels-count-once", "cancels at the same time are one cancel")
        .rules("a rental comes back to the stock once, and is paid back once")
        .needs(RENTAL)
        .check(cancels_count_once),
];

fn different_numbers(session: &Session<'_>) -> Verdict {
    let crowd = session.crowd()?;
    if crowd.rentals.len() < 2 {
        return Err(NotPassed::skipped("fewer than two were rented at the same time"));
    }
    let same_number = |one: &RentedNumber, other: &RentedNumber| {
        one.number().zip(other.number()).is_some_and(|(one, other)| one == other)
    };
    for (index, rental) in crowd.rentals.iter().enumerate() {
        let mut twins = crowd.rentals[..index].iter().chain(&crowd.others);
        let has_twin = twins.clone().any(|twin| same_number(twin, rental));
        rental.made.require(!has_twin, "another number than that of a live rental")?;
        let has_twin = twins.any(|twin| twin.id == rental.id);
        rental.made.require(!has_twin, "an id that no other rental has")?;
    }
    Ok(())
}

fn cancels_count_once(session: &Session<'_>) -> Verdict {
    let rental = session.another()?;
    let earlier = session.stock(&rental.country)?;
    let before = session.stock(&rental.country)?;
    let cancels = at_once(CANCELS, || session.cancel(&rental));
    let after = session.stock(&rental.country)?;
    let cancels: Vec<HttpExchange> = cancels.into_iter().collect::<Result<_, _>>()?;
    let done: Vec<&HttpExchange> =
        cancels.iter().filter(|cancel| cancel.reply.is_success()).collect();
    let Some(first) = done.first() else {
        return Err(NotPassed::skipped("the rental could not be cancelled"));
    };
    let refunds = done.iter().filter_map(|cancel| amount(cancel.reply.field("refund_amount")));
    let mut refunds: Vec<f64> = refunds.filter(|refund| *refund != 0.0).collect();
    refunds.dedup();
    first.require(refunds.len() <= 1, "one refund, whatever the number of cancels")?;
    let Some((before, after)) = before.zip(after).filter(|_| earlier == before) else {
        return Ok(());
    };
    let actual = format!("{before} before the cancels, {after} after them");
    let right = format!("at most {} available", before + 1);
    if after <= before + 1 { Ok(()) } else { Err(first.fails(&right, actual)) }
}

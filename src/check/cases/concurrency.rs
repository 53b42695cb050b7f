//! Several calls at the same time.

use super::{RENTS_TO_ONE, RESTFUL, must, should};
use crate::check::case::{Subject::Concurrency, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::fixtures::{ConcurrentFixture, Fixtures, StockDelta, at_once};
use crate::check::ledger::{RentedNumber, amount};

/// How many cancels at a time.
const CANCELS: usize = 4;

pub(super) const CASES: &[TestCase] = &[
    must(Concurrency, "concurrent-rents-get-different-numbers", "concurrent rentals share nothing")
        .documented(RENTS_TO_ONE)
        .with_concurrent(different_numbers),
    must(Concurrency, "concurrent-rents-are-no-server-error", "concurrent rentals cause no 5xx")
        .documented(RESTFUL)
        .with_concurrent(|_, fixture| {
            let is_right = |made: &HttpExchange| !made.reply.is_server_error();
            fixture
                .made
                .iter()
                .try_for_each(|made| made.require(is_right(made), "a status below 500"))
        }),
    should(Concurrency, "concurrent-rents-all-count", "concurrent rentals each take one number")
        .ruled("each rental lowers available by one")
        .with_concurrent(|_, fixture| {
            let count = fixture.rentals.len() as i64;
            let change = StockDelta::known(fixture.stock)?;
            change.require(-count, &fixture.made[0], &format!("{count} rentals"))
        }),
    should(Concurrency, "concurrent-cancels-count-once", "concurrent cancels count as one cancel")
        .ruled("a number returns to the stock once, and is refunded once")
        .with_rental(|fixtures, rental| cancels_count_once(fixtures, &rental.country)),
];

fn different_numbers(_: &Fixtures<'_>, fixture: &ConcurrentFixture) -> Verdict {
    if fixture.rentals.len() < 2 {
        return Err(NotPassed::skipped("fewer than two were rented at the same time"));
    }
    let same_number = |one: &RentedNumber, other: &RentedNumber| {
        one.number().zip(other.number()).is_some_and(|(one, other)| one == other)
    };
    for (index, rental) in fixture.rentals.iter().enumerate() {
        let mut others = fixture.rentals[..index].iter().chain(&fixture.others);
        let has_twin = others.clone().any(|other| same_number(other, rental));
        rental.made.require(!has_twin, "another number than that of a live rental")?;
        let has_twin = others.any(|other| other.id == rental.id);
        rental.made.require(!has_twin, "an id that no other rental has")?;
    }
    Ok(())
}

fn cancels_count_once(fixtures: &Fixtures<'_>, country: &str) -> Verdict {
    let session = &fixtures.session;
    let rental = fixtures.another_rental()?;
    let earlier = session.stock(country)?;
    let before = session.stock(country)?;
    let cancels = at_once(CANCELS, || session.cancel(&rental));
    let after = session.stock(country)?;
    let cancels: Vec<HttpExchange> = cancels.into_iter().collect::<Result<_, _>>()?;
    let granted = cancels.iter().filter(|cancel| cancel.reply.is_success());
    let first = granted.clone().next();
    let first = first.ok_or_else(|| NotPassed::skipped("the rental could not be cancelled"))?;
    let refunds = granted.filter_map(|cancel| amount(cancel.reply.field("refund_amount")));
    let mut refunds: Vec<f64> = refunds.filter(|refund| *refund != 0.0).collect();
    refunds.dedup();
    first.require(refunds.len() <= 1, "one refund, whatever the number of cancels")?;
    match StockDelta::between(before, after).filter(|_| earlier == before) {
        Some(change) => change.require_at_most(1, first, "the cancels"),
        None => Ok(()),
    }
}

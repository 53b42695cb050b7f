//! Several calls at the same time.

use std::sync::Arc;

use super::{RENTAL, must, should};
use crate::check::case::{Case, NotPassed, Subject::Concurrency};
use crate::check::exchange::Exchange;
use crate::check::ledger::{Rental, amount};
use crate::check::request::Who;
use crate::check::session::Session;

/// How many at a time.
const AT_ONCE: usize = 5;

pub(super) const CASES: &[Case] = &[
    must(
        Concurrency,
        "concurrent-rents-get-different-numbers",
        "rentals at the same time share nothing",
    )
    .says("Rents a phone number from your service; receive SMS messages on a rented number")
    .needs(RENTAL)
    .check(|session| {
        let country = session.rental()?.country.clone();
        let earlier = session.stock(&country)?;
        let before = session.stock(&country)?;
        // Where little is left, whoever comes last gets nothing, and rightly so.
        let many = AT_ONCE.min(session.ledger.left());
        let many =
            many.min(before.map_or(AT_ONCE, |stock| usize::try_from(stock).unwrap_or(AT_ONCE)));
        if many < 2 {
            return Err(NotPassed::skipped("fewer than two more can be rented"));
        }
        let rentals = rent_at_once(session, &country, many)?;
        for (index, rental) in rentals.iter().enumerate() {
            let twins = rentals[..index].iter();
            let has_twin = twins.clone().any(|twin| twin.number() == rental.number());
            rental.made.require(!has_twin, "another number than that of a live rental")?;
            let has_twin = twins.clone().any(|twin| twin.id == rental.id);
            rental.made.require(!has_twin, "an id that no other rental has")?;
        }
        let live = session.ledger.live();
        for rental in &rentals {
            let others = live.iter().filter(|other| !Arc::ptr_eq(other, rental));
            let has_twin = others.clone().any(|other| other.number() == rental.number());
            rental.made.require(!has_twin, "another number than that of a live rental")?;
        }
        let after = session.stock(&country)?;
        rentals.iter().for_each(|rental| session.release(rental));
        let Some((before, after)) = before.zip(after).filter(|_| earlier == before) else {
            return Ok(());
        };
        // A stock that does not move at all is another case's affair.
        let taken = before.saturating_sub(after);
        let is_lost = taken > 0 && taken < rentals.len() as u64;
        let right =
            format!("{} available after {} rentals", before - rentals.len() as u64, rentals.len());
        let actual = format!("{before} before the rentals, {after} after them");
        if is_lost { Err(rentals[0].made.fails(&right, actual)) } else { Ok(()) }
    }),
    should(Concurrency, "concurrent-cancels-count-once", "cancels at the same time are one cancel")
        .rules("a rental comes back to the stock once, and is paid back once")
        .needs(RENTAL)
        .check(|session| {
            let rental = session.another()?;
            let earlier = session.stock(&rental.country)?;
            let before = session.stock(&rental.country)?;
            let cancels = at_once(AT_ONCE - 1, || session.cancel(&rental));
            let after = session.stock(&rental.country)?;
            let cancels: Vec<Exchange> = cancels.into_iter().collect::<Result<_, _>>()?;
            let Some(first) = cancels.iter().find(|cancel| cancel.reply.is_success()) else {
                return Err(NotPassed::skipped("the rental could not be cancelled"));
            };
            let refunds = cancels.iter().filter(|cancel| cancel.reply.is_success());
            let refunds = refunds.filter_map(|cancel| amount(cancel.reply.field("refund_amount")));
            let mut refunds: Vec<f64> = refunds.filter(|refund| *refund != 0.0).collect();
            refunds.dedup();
            let right = "one refund, whatever the number of cancels";
            first.require(refunds.len() <= 1, right)?;
            let Some((before, after)) = before.zip(after).filter(|_| earlier == before) else {
                return Ok(());
            };
            let actual = format!("{before} before the cancels, {after} after them");
            let right = format!("at most {} available", before + 1);
            if after <= before + 1 { Ok(()) } else { Err(first.fails(&right, actual)) }
        }),
];

fn rent_at_once(
    session: &Session<'_>,
    country: &str,
    many: usize,
) -> Result<Vec<Arc<Rental>>, NotPassed> {
    let rentals = at_once(many, || session.rent_in(country, Who::Ours));
    rentals.into_iter().collect()
}

/// Does it in so many threads.
fn at_once<T: Send>(many: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..many).map(|_| scope.spawn(&work)).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

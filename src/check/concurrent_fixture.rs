//! Rentals that are made at the same time; several cases judge them.

use std::sync::Arc;

use super::case_outcome::NotPassed;
use super::exchange::HttpExchange;
use super::ledger::RentedNumber;
use super::request::Account;
use super::session::Session;
use super::sms_fixture::messages;
use crate::domain::endpoint::Endpoint;

/// How many at a time.
const AT_ONCE: usize = 5;

/// Rentals that were made at the same time.
#[derive(Debug)]
pub(super) struct ConcurrentFixture {
    /// All replies.
    pub(super) made: Vec<HttpExchange>,
    pub(super) rentals: Vec<Arc<RentedNumber>>,
    /// The other rentals that lived then.
    pub(super) others: Vec<Arc<RentedNumber>>,
    /// What was available before and after; `None` where that does not tell.
    pub(super) stock: Option<(u64, u64)>,
    /// Their cancels, one after the other.
    pub(super) cancels: Vec<HttpExchange>,
    /// What was available before and after the cancels; `None` where that does not tell.
    pub(super) given_back: Option<(u64, u64)>,
}

impl Session<'_> {
    /// Made once.
    pub(super) fn crowd(&self) -> Result<Arc<ConcurrentFixture>, NotPassed> {
        let country = self.rental()?.country.clone();
        let mut crowd = self.crowd.lock();
        crowd.get_or_insert_with(|| self.rent_together(&country).map(Arc::new)).clone()
    }

    fn rent_together(&self, country: &str) -> Result<ConcurrentFixture, NotPassed> {
        let earlier = self.stock(country)?;
        let before = self.stock(country)?;
        // Where little is left, whoever comes last gets nothing, and rightly so.
        let listed = before.map_or(AT_ONCE, |stock| usize::try_from(stock).unwrap_or(AT_ONCE));
        let many = AT_ONCE.min(self.ledger.left()).min(listed);
        if many < 2 {
            return Err(NotPassed::skipped("fewer than two more can be rented"));
        }
        let others = self.ledger.live();
        let request = self.call(Endpoint::RentNumber).with("country", country);
        let together = at_once(many, || self.rent_by(&request, Account::Ours, country));
        let together: Vec<_> = together.into_iter().collect::<Result<_, _>>()?;
        let after = self.stock(country)?;
        let (made, rentals): (Vec<HttpExchange>, Vec<_>) = together.into_iter().unzip();
        let rentals: Vec<Arc<RentedNumber>> = rentals.into_iter().flatten().collect();
        let is_quiet = earlier == before;
        let stock = before.zip(after).filter(|_| is_quiet);
        let cancels = rentals.iter().map(|rental| self.cancel(rental));
        let cancels: Vec<HttpExchange> = cancels.collect::<Result<_, _>>()?;
        let left = self.stock(country)?;
        // One that an SMS came for is used, and is not given back.
        let mut is_used = false;
        for rental in &rentals {
            is_used |= !messages(&self.poll(rental)?).is_empty();
        }
        let given_back = after.zip(left).filter(|_| is_quiet && !is_used);
        Ok(ConcurrentFixture { made, rentals, others, stock, cancels, given_back })
    }
}

/// Does it in so many threads.
pub(super) fn at_once<T: Send>(many: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..many).map(|_| scope.spawn(&work)).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

//! The life of a rental that is cancelled, told once; several cases judge it.

use std::sync::Arc;

use super::case_outcome::NotPassed;
use super::exchange::HttpExchange;
use super::ledger::RentedNumber;
use super::session::Session;
use super::sms_fixture::messages;

/// A rental, its cancel, a second cancel, and the stock between them.
#[derive(Debug)]
pub(super) struct CancelFixture {
    pub(super) rental: Arc<RentedNumber>,
    /// Whether the stock stood still while nobody rented.
    pub(super) is_quiet: bool,
    pub(super) stock: Stocks,
    /// The cancel, as soon as the server would.
    pub(super) cancel: Result<HttpExchange, NotPassed>,
    pub(super) second: Result<HttpExchange, NotPassed>,
    /// A getSMS after the cancel.
    pub(super) read_after: Result<HttpExchange, NotPassed>,
    /// Whether an SMS came, so that the rental was used.
    pub(super) has_sms: bool,
}

/// What getNumbers said was available.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stocks {
    pub(super) before: Option<u64>,
    pub(super) rented: Option<u64>,
    pub(super) cancelled: Option<u64>,
    pub(super) cancelled_twice: Option<u64>,
}

impl Session<'_> {
    /// Told once; the cases that are about something else than the cancel as such.
    pub(super) fn story(&self) -> Result<Arc<CancelFixture>, NotPassed> {
        self.first_story().map_err(|not_passed| match not_passed {
            NotPassed::Failed(_) => not_cancelled(),
            skipped => skipped,
        })
    }

    /// Told once.
    pub(super) fn first_story(&self) -> Result<Arc<CancelFixture>, NotPassed> {
        // The shared rental tells where to rent, and how.
        let country = self.rental()?.country.clone();
        let mut story = self.story.lock();
        story.get_or_insert_with(|| self.tell(&country).map(Arc::new)).clone()
    }

    fn tell(&self, country: &str) -> Result<CancelFixture, NotPassed> {
        let earlier = self.stock(country)?;
        let before = self.stock(country)?;
        let rental = self.another()?;
        let rented = self.stock(country)?;
        let had_sms = !messages(&self.poll(&rental)?).is_empty();
        let cancel = self.cancel_in_time(&rental);
        let cancelled = self.stock(country)?;
        let read_after = self.poll(&rental);
        let second = self.cancel(&rental);
        let cancelled_twice = self.stock(country)?;
        let has_sms = read_after.as_ref().is_ok_and(|read| !messages(read).is_empty());
        Ok(CancelFixture {
            rental,
            is_quiet: earlier == before,
            stock: Stocks { before, rented, cancelled, cancelled_twice },
            cancel,
            second,
            read_after,
            has_sms: had_sms || has_sms,
        })
    }
}

impl CancelFixture {
    /// The cancel, where it was a success.
    pub(super) fn cancelled(&self) -> Result<&HttpExchange, NotPassed> {
        let cancel = self.cancel.as_ref().map_err(|not_passed| match not_passed {
            NotPassed::Failed(_) => not_cancelled(),
            skipped => skipped.clone(),
        })?;
        if cancel.reply.is_success() { Ok(cancel) } else { Err(not_cancelled()) }
    }

    /// Two stocks that can be compared.
    ///
    /// # Errors
    /// A skip where the listing does not tell, or others rent at the same time.
    pub(super) fn stocks(
        &self,
        one: Option<u64>,
        two: Option<u64>,
    ) -> Result<(u64, u64), NotPassed> {
        if !self.is_quiet {
            return Err(NotPassed::skipped("the stock moves while nothing is rented by this run"));
        }
        one.zip(two).ok_or_else(|| NotPassed::skipped("the listing does not tell the stock"))
    }
}

fn not_cancelled() -> NotPassed {
    NotPassed::skipped("the rental could not be cancelled; cancel-succeeds tells why")
}

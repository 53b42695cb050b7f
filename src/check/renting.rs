//! Rents and cancels for the cases. Every rentNumber goes this way, so that no rental is forgotten.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::case_outcome::{CaseFailure, NotPassed};
use super::exchange::HttpExchange;
use super::ledger::RentedNumber;
use super::real_time::{self, Stopwatch};
use super::request::{Account, Encoding, Request};
use super::session::{Session, retry_after};
use crate::domain::endpoint::Endpoint;

/// How many countries are tried before renting is called impossible: stock may run out.
const COUNTRIES: usize = 3;

impl Session<'_> {
    /// Sends a rentNumber, right or wrong. Where it makes a rental, it stands in the ledger.
    pub(super) fn rent_by(
        &self,
        request: &Request,
        who: Account,
        country: &str,
    ) -> Result<(HttpExchange, Option<Arc<RentedNumber>>), NotPassed> {
        self.ledger.take()?;
        let asked_at = real_time::now();
        let delivered = match self.deliver(request) {
            Ok(delivered) => delivered,
            Err(not_passed) => {
                self.ledger.give_back();
                return Err(not_passed);
            }
        };
        let shown = request.curl(&self.options.base_url);
        let made = match delivered {
            Ok(made) => made,
            Err(no_reply) => {
                match no_reply.was_sent {
                    true => self.ledger.lost(format!("{shown} (no reply: {})", no_reply.why)),
                    false => self.ledger.give_back(),
                }
                return Err(NotPassed::Failed(CaseFailure {
                    expected: "a reply".into(),
                    actual: format!("no reply: {}", no_reply.why),
                    request: shown,
                }));
            }
        };
        if made.reply.is_rental() {
            let said = made.reply.field("country").as_str().unwrap_or_default();
            let country = if country.is_empty() { said } else { country };
            let (country, price) = (country.to_owned(), self.price(country));
            let rental = self.ledger.made(made.clone(), who, &country, asked_at, price);
            return Ok((made, Some(rental)));
        }
        let tells_nothing = made.reply.json.is_none() && (200..300).contains(&made.reply.status);
        match made.reply.gives() || tells_nothing {
            true => self.ledger.lost(format!("{shown} ({})", made.shown)),
            false => self.ledger.give_back(),
        }
        Ok((made, None))
    }

    /// Rents in a country by an account. The first rental tells which encoding the server reads.
    pub(super) fn rent_in(
        &self,
        country: &str,
        who: Account,
    ) -> Result<Arc<RentedNumber>, NotPassed> {
        let known = *self.encoding.lock();
        let mut refused = Vec::new();
        for encoding in known.map_or(Encoding::ALL.to_vec(), |known| vec![known]) {
            let request = Request::to(Endpoint::RentNumber, encoding).key(self.key(who));
            let (made, rental) = self.rent_by(&request.with("country", country), who, country)?;
            if let Some(rental) = rental {
                *self.encoding.lock() = Some(encoding);
                return Ok(rental);
            }
            if made.reply.gives() {
                // It calls itself a success, and its id is nothing that could be sent back.
                *self.encoding.lock() = Some(encoding);
                return Err(made.fails("rental_id: a text that is not empty", made.of("rental_id")));
            }
            if made.reply.is_redirect() {
                return Err(
                    made.fails_as_shown("a rental, not a redirect: a POST loses its body by it")
                );
            }
            refused.push(made);
        }
        self.skip_if_sold_out(country)?;
        let first = &refused[0];
        Err(first.fails(
            "a rental: a JSON object with \"status\": \"success\" and a rental_id",
            refused.iter().map(|made| made.shown.clone()).collect::<Vec<_>>().join("; as a form: "),
        ))
    }

    /// The rental that many cases use, by our account. Made once.
    pub(super) fn first_rental(&self) -> Result<Arc<RentedNumber>, NotPassed> {
        let mut shared = self.shared.lock();
        if let Some(rental) = shared.as_ref().filter(|rental| !rental.is_about_to_expire()) {
            return Ok(Arc::clone(rental));
        }
        self.country()?;
        if self.cannot_rent.load(Ordering::Relaxed) {
            return Err(nothing_rented());
        }
        let mut reason = nothing_rented();
        for country in self.countries.iter().take(COUNTRIES) {
            match self.rent_in(country, Account::Ours) {
                Ok(rental) => {
                    *shared = Some(Arc::clone(&rental));
                    return Ok(rental);
                }
                Err(not_passed) => reason = not_passed,
            }
            // What is lost costs as much as what is used.
            if !self.ledger.lost_ones().is_empty() || was_redirected(&reason) {
                break;
            }
        }
        // A skip may be a matter of the moment.
        self.cannot_rent.store(matches!(reason, NotPassed::Failed(_)), Ordering::Relaxed);
        Err(reason)
    }

    /// The shared rental, for the cases that are about something else.
    pub(super) fn rental(&self) -> Result<Arc<RentedNumber>, NotPassed> {
        match self.first_rental() {
            Err(NotPassed::Failed(_)) => Err(nothing_rented()),
            other => other,
        }
    }

    /// One more rental where the shared one is.
    pub(super) fn another(&self) -> Result<Arc<RentedNumber>, NotPassed> {
        let country = self.rental()?.country.clone();
        self.rent_in(&country, Account::Ours)
    }

    /// A skip where the listing says that nothing is left: then a refusal is right.
    pub(super) fn skip_if_sold_out(&self, country: &str) -> Result<(), NotPassed> {
        match self.stock(country)? {
            Some(0) => Err(NotPassed::skipped(format!("nothing is left to rent in {country}"))),
            _ => Ok(()),
        }
    }

    /// A rental is needed no more. Where it cannot be cancelled now, it is in the end.
    pub(super) fn release(&self, rental: &RentedNumber) {
        let _ = self.cancel(rental);
    }

    /// What a new rental shows at once.
    pub(super) fn poll_once(&self) -> Result<HttpExchange, NotPassed> {
        let rental = self.another()?;
        let read = self.poll(&rental);
        self.release(&rental);
        read
    }

    /// The shared rental is not fit for use any more; the next case that needs one makes another.
    pub(super) fn forget(&self, rental: &Arc<RentedNumber>) {
        let mut shared = self.shared.lock();
        if shared.as_ref().is_some_and(|known| Arc::ptr_eq(known, rental)) {
            *shared = None;
        }
    }

    /// A cancelNumber of a rental by its owner.
    pub(super) fn cancelling(&self, rental: &RentedNumber) -> Request {
        let request = self.bare(Endpoint::CancelNumber).key(self.key(rental.who));
        request.with("rental_id", rental.id.clone())
    }

    /// Cancels a rental, once.
    pub(super) fn cancel(&self, rental: &RentedNumber) -> Result<HttpExchange, NotPassed> {
        let cancelled = self.send(&self.cancelling(rental))?;
        if cancelled.reply.is_success() {
            self.ledger.cancelled(rental, cancelled.reply.field("refund_amount"));
        }
        Ok(cancelled)
    }

    /// Cancels a rental as soon as the server will.
    ///
    /// # Errors
    /// A skip where it asks to wait longer than `cancel_within`.
    pub(super) fn cancel_in_time(&self, rental: &RentedNumber) -> Result<HttpExchange, NotPassed> {
        let watch = Stopwatch::start();
        loop {
            let cancelled = self.cancel(rental)?;
            let Some(wait) = retry_after(&cancelled.reply) else { return Ok(cancelled) };
            if cancelled.reply.is_success() {
                return Ok(cancelled);
            }
            if watch.elapsed() + wait > self.options.cancel_within.to_std() {
                return Err(NotPassed::skipped(format!(
                    "the server puts a cancel off for {} s, which is longer than \
                     --cancel-within {}",
                    wait.as_secs(),
                    self.options.cancel_within
                )));
            }
            self.stop.pause(wait);
        }
    }
}

/// Another country is of no help then.
fn was_redirected(reason: &NotPassed) -> bool {
    matches!(reason, NotPassed::Failed(failure) if failure.actual.contains(", redirected to "))
}

fn nothing_rented() -> NotPassed {
    NotPassed::skipped("nothing could be rented; rent-succeeds tells why")
}

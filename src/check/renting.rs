//! Rents and cancels numbers. Every rentNumber goes through here, so that no rental is forgotten.

use std::sync::Arc;

use super::case_outcome::NotPassed;
use super::exchange::HttpExchange;
use super::ledger::RentedNumber;
use super::real_time::{self, Stopwatch};
use super::request::{Account, Encoding, Request};
use super::session::Session;
use crate::domain::endpoint::Endpoint;

impl Session<'_> {
    /// Sends a rentNumber, right or wrong, and records the rental if it makes one.
    pub(super) fn rent_by(
        &self,
        request: &Request,
        account: Account,
        country: &str,
    ) -> Result<(HttpExchange, Option<Arc<RentedNumber>>), NotPassed> {
        self.ledger.reserve()?;
        let requested_at = real_time::now();
        let sent = self.try_send(request).inspect_err(|_| self.ledger.unreserve())?;
        let shown = || request.curl(&self.options.base_url);
        let made = sent.map_err(|no_reply| {
            match no_reply.was_sent {
                true => {
                    self.ledger.record_lost(format!("{} (no reply: {})", shown(), no_reply.why));
                }
                false => self.ledger.unreserve(),
            }
            self.no_reply(request, &no_reply)
        })?;
        if made.reply.is_rental() {
            let replied = made.reply.field("country").as_str().unwrap_or_default();
            let country = if country.is_empty() { replied } else { country }.to_owned();
            let rental = self.ledger.record(RentedNumber {
                id: made.reply.field("rental_id").clone(),
                account,
                price: self.listing.price(&country),
                country,
                requested_at,
                made: made.clone(),
            });
            return Ok((made, Some(rental)));
        }
        let is_unclear = made.reply.json.is_none() && made.reply.has_2xx_status();
        match made.reply.is_granted() || is_unclear {
            true => self.ledger.record_lost(format!("{} ({})", shown(), made.shown)),
            false => self.ledger.unreserve(),
        }
        Ok((made, None))
    }

    /// Rents in a country. The first rental tries which encoding the server reads.
    pub(super) fn rent_in(
        &self,
        country: &str,
        account: Account,
    ) -> Result<Arc<RentedNumber>, NotPassed> {
        let known = *self.encoding.lock();
        let mut refused = Vec::new();
        for encoding in known.map_or(Encoding::ALL.to_vec(), |known| vec![known]) {
            let request = Request::to(Endpoint::RentNumber, encoding).key(self.key(account));
            let request = request.with("country", country);
            let (made, rental) = self.rent_by(&request, account, country)?;
            if rental.is_some() || made.reply.is_granted() {
                *self.encoding.lock() = Some(encoding);
                // A success without an id that could be sent back.
                return rental.ok_or_else(|| made.wrong_field("rental_id", "a non-empty string"));
            }
            if made.reply.is_redirect() {
                let expected = "a rental, not a redirect, which makes a POST lose its body";
                return Err(made.unexpected(expected));
            }
            refused.push(made);
        }
        self.skip_if_sold_out(country)?;
        let shown: Vec<&str> = refused.iter().map(|made| made.shown.as_str()).collect();
        let expected = "a rental: a JSON object with \"status\": \"success\" and a rental_id";
        Err(refused[0].failure(expected, shown.join("; as a form: ")))
    }

    /// A skip if the listing says that nothing is left, since a refusal is then right.
    pub(super) fn skip_if_sold_out(&self, country: &str) -> Result<(), NotPassed> {
        match self.stock(country)? {
            Some(0) => Err(NotPassed::skipped(format!("nothing is left to rent in {country}"))),
            _ => Ok(()),
        }
    }

    /// Cancels a rental that no case needs any more. If that fails, the cleanup tries again.
    pub(super) fn release(&self, rental: &RentedNumber) {
        let _ = self.cancel(rental);
    }

    /// A cancelNumber by the owner of a rental.
    pub(super) fn cancel_request(&self, rental: &RentedNumber, encoding: Encoding) -> Request {
        let request = Request::to(Endpoint::CancelNumber, encoding).key(self.key(rental.account));
        request.with("rental_id", rental.id.clone())
    }

    /// Cancels a rental, once.
    pub(super) fn cancel(&self, rental: &RentedNumber) -> Result<HttpExchange, NotPassed> {
        let encoding = self.encoding.lock().unwrap_or(Encoding::Json);
        let cancelled = self.send(&self.cancel_request(rental, encoding))?;
        if cancelled.reply.is_success() {
            self.ledger.record_cancel(rental, cancelled.reply.field("refund_amount"));
        }
        Ok(cancelled)
    }

    /// Cancels a rental as soon as the server allows it.
    ///
    /// # Errors
    /// A skip if the server postpones it for longer than `cancel_within`.
    pub(super) fn cancel_in_time(&self, rental: &RentedNumber) -> Result<HttpExchange, NotPassed> {
        let watch = Stopwatch::start();
        loop {
            let cancelled = self.cancel(rental)?;
            let wait = cancelled.reply.retry_after().filter(|_| !cancelled.reply.is_success());
            let Some(wait) = wait else { return Ok(cancelled) };
            let within = self.options.cancel_within;
            if watch.elapsed().saturating_add(wait) > within.to_std() {
                return Err(NotPassed::skipped(format!(
                    "the server postpones a cancel by {} s, longer than --cancel-within {within}",
                    wait.as_secs()
                )));
            }
            self.stop.pause(wait);
        }
    }
}

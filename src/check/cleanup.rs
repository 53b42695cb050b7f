//! The end of a run: every rental that it has made is cancelled, or listed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::ledger::RentedNumber;
use super::real_time::Stopwatch;
use super::request::{Encoding, Request};
use super::session::{Session, exchange, retry_after};
use crate::domain::endpoint::Endpoint;

/// What became of the rentals of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RentalSummary {
    /// How many were made, as far as is known.
    pub made: usize,
    /// How many of them were cancelled.
    pub cancelled: usize,
    /// Those that were not.
    pub left: Vec<UncancelledRental>,
    /// The requests that may have made one more, of which the id never came.
    pub lost: Vec<String>,
    /// Prices less refunds in US dollars; `None` where some price is not listed.
    pub cost: Option<crate::domain::money::Money>,
}

/// A rental that could not be cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UncancelledRental {
    /// Its id.
    pub rental_id: String,
    /// Its number, as the server wrote it.
    pub number: String,
    /// Why it was not cancelled.
    pub why: String,
}

/// Between two tries, where the server does not say when to come again.
const PAUSE: Duration = Duration::from_secs(1);

impl Session<'_> {
    /// Cancels what is left. The server may put it off for as long as `cancel_within`, once for all
    /// of them; when the run was told to stop, each is tried once.
    pub(super) fn close(&self) -> RentalSummary {
        self.is_closed.store(true, Ordering::Relaxed);
        let watch = Stopwatch::start();
        let left = loop {
            let (left, wait) = self.cancel_all();
            let is_late = watch.elapsed() + wait > self.options.cancel_within.to_std();
            if left.is_empty() || is_late || self.stop.is_stopped() {
                break left;
            }
            self.stop.pause(wait);
        };
        let made = self.ledger.all().len();
        RentalSummary {
            made,
            cancelled: made - left.len(),
            left,
            lost: self.ledger.lost_ones(),
            cost: self.ledger.cost(),
        }
    }

    /// One round. Gives those that are left, and how long to wait before the next round.
    fn cancel_all(&self) -> (Vec<UncancelledRental>, Duration) {
        let mut left = Vec::new();
        let mut wait = PAUSE;
        let mut silent = 0;
        for rental in self.ledger.live() {
            // A server that is gone would cost a time-out for each.
            let tried = match silent < 2 {
                true => self.try_to_cancel(&rental),
                false => Err(CancelFailure {
                    why: "the server answers no more".into(),
                    is_silent: true,
                    wait: None,
                }),
            };
            let Err(refused) = tried else { continue };
            silent = if refused.is_silent { silent + 1 } else { 0 };
            wait = wait.max(refused.wait.unwrap_or_default());
            left.push(UncancelledRental {
                rental_id: rental.id.as_str().map_or_else(|| rental.id.to_string(), str::to_owned),
                number: rental.number().unwrap_or("unknown").to_owned(),
                why: refused.why,
            });
        }
        if silent >= 2 {
            wait = Duration::MAX / 2;
        }
        (left, wait)
    }

    /// Tries both encodings: it is about money.
    fn try_to_cancel(&self, rental: &Arc<RentedNumber>) -> Result<(), CancelFailure> {
        let known = self.encoding.lock().unwrap_or(Encoding::Json);
        let other = if known == Encoding::Json { Encoding::Form } else { Encoding::Json };
        let mut why = None;
        for encoding in [known, other] {
            let request = Request::to(Endpoint::CancelNumber, encoding).key(self.key(rental.who));
            let request = request.with("rental_id", rental.id.clone());
            let refused = match self.client.send(&request) {
                Err(no_reply) => CancelFailure { why: no_reply.why, is_silent: true, wait: None },
                Ok(reply) if reply.is_success() => {
                    self.ledger.cancelled(rental, reply.field("refund_amount"));
                    return Ok(());
                }
                Ok(reply) => {
                    let wait = retry_after(&reply);
                    let shown = exchange(self.options, &request, reply).shown;
                    CancelFailure { why: shown, is_silent: false, wait }
                }
            };
            let is_silent = refused.is_silent;
            why.get_or_insert(refused);
            if is_silent {
                break;
            }
        }
        Err(why.expect("one was tried"))
    }
}

struct CancelFailure {
    why: String,
    is_silent: bool,
    wait: Option<Duration>,
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // A panic must not leave rentals behind.
        if !self.is_closed.load(Ordering::Relaxed) {
            let _ = self.close();
        }
    }
}

//! The end of a run: cancels every rental that is still live, and lists those it cannot cancel.

use std::time::Duration;

use serde::Serialize;

use super::ledger::RentedNumber;
use super::real_time::Stopwatch;
use super::request::Encoding;
use super::session::{Session, redacted_exchange};
use crate::domain::money::Money;

/// What became of the rentals of a run.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RentalSummary {
    pub(super) made: usize,
    pub(super) cancelled: usize,
    pub(super) not_cancelled: Vec<UncancelledRental>,
    /// The requests that may have made another rental, whose id never arrived.
    pub(super) lost: Vec<String>,
    /// Prices less refunds, in US dollars. `None` if a price is not listed.
    pub(super) cost: Option<Money>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct UncancelledRental {
    pub(super) rental_id: String,
    /// As the server wrote it.
    pub(super) number: String,
    pub(super) why: String,
}

/// Between two rounds, unless the server asks for a longer wait.
const PAUSE: Duration = Duration::from_secs(1);
/// The server is gone after this many cancels in a row without a reply.
const MAX_SILENCES: usize = 2;

/// Cancels what is left, in rounds for as long as `cancel_within` if the server postpones it. After
/// a stop, tries each rental once.
pub(super) fn cancel_rentals(session: &Session<'_>) -> RentalSummary {
    let watch = Stopwatch::start();
    let within = session.options.cancel_within.to_std();
    let left = loop {
        let (left, wait) = cancel_all(session);
        match wait.filter(|wait| watch.elapsed().saturating_add(*wait) <= within) {
            Some(wait) if !left.is_empty() && !session.stop.is_stopped() => {
                session.stop.pause(wait);
            }
            _ => break left,
        }
    };
    let made = session.ledger.all().len();
    RentalSummary {
        made,
        cancelled: made - left.len(),
        not_cancelled: left,
        lost: session.ledger.lost(),
        cost: session.ledger.cost(),
    }
}

/// One round. Returns what is left, and how long to wait before the next one, if it has a point.
fn cancel_all(session: &Session<'_>) -> (Vec<UncancelledRental>, Option<Duration>) {
    let mut left = Vec::new();
    let mut wait = PAUSE;
    let mut silences = 0;
    for rental in session.ledger.live() {
        // If the server is gone, each try would cost a time-out.
        let tried = match silences < MAX_SILENCES {
            true => try_to_cancel(session, &rental),
            false => Err(CancelFailure::silent("the server no longer replies".into())),
        };
        let Err(failure) = tried else { continue };
        silences = if failure.is_silent { silences + 1 } else { 0 };
        wait = wait.max(failure.wait.unwrap_or_default());
        left.push(UncancelledRental {
            rental_id: rental.id.as_str().map_or_else(|| rental.id.to_string(), str::to_owned),
            number: rental.number().unwrap_or("unknown").to_owned(),
            why: failure.why,
        });
    }
    (left, (silences < MAX_SILENCES).then_some(wait))
}

struct CancelFailure {
    why: String,
    is_silent: bool,
    wait: Option<Duration>,
}

impl CancelFailure {
    fn silent(why: String) -> Self {
        Self { why, is_silent: true, wait: None }
    }
}

/// Tries both encodings, because a live rental costs money. Returns the first failure.
fn try_to_cancel(session: &Session<'_>, rental: &RentedNumber) -> Result<(), CancelFailure> {
    let known = session.encoding.lock().unwrap_or(Encoding::Json);
    cancel_by(session, rental, known).or_else(|failure| {
        let other = if known == Encoding::Json { Encoding::Form } else { Encoding::Json };
        let is_cancelled = !failure.is_silent && cancel_by(session, rental, other).is_ok();
        if is_cancelled { Ok(()) } else { Err(failure) }
    })
}

fn cancel_by(
    session: &Session<'_>,
    rental: &RentedNumber,
    encoding: Encoding,
) -> Result<(), CancelFailure> {
    let request = session.cancel_request(rental, encoding);
    let sent = session.client.send(&request);
    let reply = sent.map_err(|no_reply| CancelFailure::silent(no_reply.why))?;
    if reply.is_success() {
        session.ledger.record_cancel(rental, reply.field("refund_amount"));
        return Ok(());
    }
    let wait = reply.retry_after();
    let why = redacted_exchange(session.options, &request, reply).shown;
    Err(CancelFailure { why, is_silent: false, wait })
}

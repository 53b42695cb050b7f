//! A careful client: what an engineer writes who has met every partner of the scenarios.
//!
//! It is one and the same for all of them, and comes through: it has the right code, its books
//! agree with the partner's, and it leaves no rental behind.

pub(crate) mod code;
pub(crate) mod inbox;
pub(crate) mod ledger;
mod rent;
mod wire;

use std::time::Duration;

use inbox::Inbox;
use ledger::{Fate, Ledger, Rental};
use ringer::scenario::Money;
use wire::{Said, Wire, money};

/// Seconds between two polls: a person waits no longer for it, and no partner minds.
const POLL_EVERY: u64 = 4;
/// How long to be patient unless told: a rental's whole life, and a minute for a late SMS.
const WHOLE_LIFE: u64 = 20 * 60 + 60;
/// How often anything is tried again before it is given up.
const TRIES: u32 = 8;

/// The client of one api_key.
pub(crate) struct Careful {
    wire: Wire,
    wait: Box<dyn FnMut(u64)>,
    waited: u64,
    patience: u64,
    linger: u64,
    ledger: Ledger,
}

/// What a verification came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The newest code, as the SMS shows it.
    pub(crate) code: Option<String>,
    /// The rental it was read from, as it was rented; none where nothing could be. What became of
    /// it stands in the ledger.
    pub(crate) rental: Option<Rental>,
    /// All that was read from it.
    pub(crate) inbox: Inbox,
    /// The client's books after it, over all that it did so far.
    pub(crate) ledger: Ledger,
}

/// What a poll came to.
enum Read {
    /// All that has come is in the inbox.
    All,
    /// Nothing now; so many seconds from now, where the partner says so.
    Later(Option<u64>),
    /// Nothing any more.
    Over,
}

impl Careful {
    /// `wait` lets so many seconds pass. Everything is timed by what was waited and never by the
    /// times that the partner writes: its clock may be wrong, and so may ours.
    pub(crate) fn new(url: &str, key: &str, wait: impl FnMut(u64) + 'static) -> Self {
        Self {
            wire: Wire::new(url, key),
            wait: Box::new(wait),
            waited: 0,
            patience: WHOLE_LIFE,
            linger: 0,
            ledger: Ledger::default(),
        }
    }

    /// Gives a rental back that has no code after so many seconds.
    pub(crate) fn patience(mut self, seconds: u64) -> Self {
        self.patience = seconds;
        self
    }

    /// Goes on reading for so many seconds after the first code, for a user who may ask again.
    pub(crate) fn linger(mut self, seconds: u64) -> Self {
        self.linger = seconds;
        self
    }

    /// How long one reply may take, in real time. For the scenarios that reply late.
    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.wire.set_timeout(timeout);
        self
    }

    /// Rents a number in the first of these countries that has one, reads the code, and gives the
    /// number back.
    pub(crate) fn verify(&mut self, countries: &[&str], service: &str) -> Outcome {
        let rental = self.rent(countries, service);
        let mut inbox = Inbox::default();
        if let Some(rental) = &rental {
            self.read_until_code(rental, &mut inbox);
            self.give_back(rental, &mut inbox);
        }
        Outcome { code: inbox.code(), rental, inbox, ledger: self.ledger.clone() }
    }

    fn wait(&mut self, seconds: u64) {
        self.waited += seconds;
        (self.wait)(seconds);
    }

    /// Longer with each try, so that a partner in trouble is not kept there.
    fn wait_after(&mut self, failures: u32, told: Option<u64>) {
        self.wait(told.unwrap_or(5 << failures.min(4)).clamp(1, 600));
    }

    /// Reads the messages once. It changes nothing, so whatever goes wrong, the next poll mends.
    fn read(&mut self, rental: &Rental, inbox: &mut Inbox) -> Read {
        match self.wire.get("/getSMS", &[("rental_id", &rental.id)]) {
            Said::Success(reply) => {
                inbox.take(&reply);
                Read::All
            }
            Said::Refused { code, .. } if over(&code) || for_good(&code) => Read::Over,
            Said::Refused { retry_after, .. } => Read::Later(retry_after),
            Said::Unclear => Read::Later(None),
        }
    }

    fn read_until_code(&mut self, rental: &Rental, inbox: &mut Inbox) {
        let mut until = self.waited + self.patience;
        let mut has_code = false;
        let mut failures = 0;
        loop {
            let told = match self.read(rental, inbox) {
                Read::All => {
                    failures = 0;
                    0
                }
                Read::Later(told) => {
                    failures += 1;
                    told.unwrap_or(POLL_EVERY << failures.min(4))
                }
                Read::Over => break,
            };
            if !has_code && inbox.code().is_some() {
                has_code = true;
                until = self.waited + self.linger;
            }
            let left = until.saturating_sub(self.waited);
            self.wait(told.max(POLL_EVERY).min(left));
            // To ask before the partner wants to be asked would help nobody.
            if left == 0 || told > left {
                break;
            }
        }
    }

    /// An SMS may have come between the last poll and the end.
    fn look_once_more(&mut self, rental: &Rental, inbox: &mut Inbox) {
        for failures in 0..TRIES {
            if inbox.code().is_some() {
                break;
            }
            match self.read(rental, inbox) {
                Read::All | Read::Over => break,
                Read::Later(told) => self.wait_after(failures, told),
            }
        }
    }

    /// Ends a rental that is not needed any more, with or without a code, so that it costs
    /// nothing further. A cancel may be repeated: what it pays back is booked once.
    pub(crate) fn give_back(&mut self, rental: &Rental, inbox: &mut Inbox) {
        for failures in 0..TRIES {
            let told = match self.wire.post("/cancelNumber", &[("rental_id", &rental.id)]) {
                Said::Success(reply) => {
                    self.look_once_more(rental, inbox);
                    let refund = money(&reply["refund_amount"]);
                    let refund = refund.unwrap_or_else(|| rental.unless_sold(inbox));
                    return self.ledger.close(rental, Fate::Cancelled, refund);
                }
                // It is paid for: to wait for the code, or for one after a decoy, costs nothing.
                Said::Refused { code, .. } if code == "SMS_ALREADY_RECEIVED" => {
                    if inbox.code().is_none() {
                        self.read_until_code(rental, inbox);
                    }
                    return self.ledger.close(rental, Fate::Sold, Money::ZERO);
                }
                // A cancel of ours, whose reply was lost, or the end of its time. Neither tells
                // what was paid back: all of it, unless an SMS came in time.
                Said::Refused { code, .. } if over(&code) => {
                    self.look_once_more(rental, inbox);
                    return self.ledger.close(rental, Fate::Ended, rental.unless_sold(inbox));
                }
                Said::Refused { code, .. } if for_good(&code) => return,
                Said::Refused { retry_after, .. } => retry_after,
                Said::Unclear => None,
            };
            self.wait_after(failures, told);
        }
    }
}

/// The rental has ended.
fn over(code: &str) -> bool {
    matches!(code, "RENTAL_EXPIRED" | "RENTAL_CANCELLED" | "ALREADY_CANCELLED" | "RENTAL_NOT_FOUND")
}

/// Asking again will not mend it.
fn for_good(code: &str) -> bool {
    matches!(code, "MISSING_API_KEY" | "INVALID_API_KEY" | "KEY_BANNED" | "INVALID_REQUEST")
}

//! A careful client: what an engineer writes who has met every partner of the scenarios.
//!
//! It is one and the same for all of them, and comes through: it has the right code, its books
//! agree with the partner's, and it leaves no rental behind.

pub(crate) mod code;
pub(crate) mod inbox;
pub(crate) mod ledger;
mod wire;

use std::time::Duration;

use inbox::Inbox;
use ledger::{Fate, Ledger, Rental};
use ringer::scenario::Money;
use serde_json::Value;
use wire::{Said, Wire, moment, money};

/// Seconds between two polls: a person waits no longer for it, and no partner minds.
const POLL_EVERY: u64 = 4;
/// How long to be patient unless told: a rental's whole life, and a minute for a late SMS.
const WHOLE_LIFE: u64 = 20 * 60 + 60;
/// How often anything is tried again before it is given up.
const TRIES: u32 = 8;
/// Rentals in doubt after which no further one is risked.
const MOST_IN_DOUBT: usize = 2;

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
    /// The rental it was read from; none where nothing could be rented.
    pub(crate) rental: Option<Rental>,
    /// All that was read from it.
    pub(crate) inbox: Inbox,
    /// The client's books after it, over all that it did so far.
    pub(crate) ledger: Ledger,
}

/// A country as the listing shows it.
#[derive(Clone, Debug)]
struct Offer {
    country: String,
    available: u64,
    price: Money,
}

/// What asking for a number came to.
enum Asked {
    Rented(Rental),
    /// Not here.
    Elsewhere,
    /// Not now; so many seconds from now, where the partner says so.
    Later(Option<u64>),
    /// Nobody knows: the partner may have rented a number out, and not have told which.
    InDoubt,
    /// Not with this key.
    Never,
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
    #[allow(dead_code, reason = "the scenarios with a slow network choose it")]
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

    /// What the partner lists. It is a hint only: it may be stale, and others rent too.
    fn listing(&mut self) -> Option<Vec<Offer>> {
        for failures in 0..TRIES {
            match self.wire.get("/getNumbers", &[]) {
                Said::Success(reply) => return Some(offers(&reply)),
                Said::Refused { code, .. } if for_good(&code) => return None,
                Said::Refused { retry_after, .. } => self.wait_after(failures, retry_after),
                Said::Unclear => self.wait_after(failures, None),
            }
        }
        None
    }

    /// The listing is read anew in each round, and a country that had nothing is asked again in
    /// the next: stock comes back. The rounds are few and far between: it may not.
    fn rent(&mut self, countries: &[&str], service: &str) -> Option<Rental> {
        for round in 0..TRIES {
            let listed = self.listing()?;
            let in_stock = |country: &&str| {
                listed.iter().find(|o| o.country == *country && o.available > 0).cloned()
            };
            let mut told = None;
            for offer in countries.iter().filter_map(in_stock) {
                match self.ask(&offer, service) {
                    Asked::Rented(rental) => return Some(rental),
                    Asked::Elsewhere => {}
                    Asked::Never => return None,
                    Asked::Later(seconds) => {
                        told = seconds;
                        break;
                    }
                    Asked::InDoubt => {
                        self.look_into(&offer);
                        if self.ledger.in_doubt.len() >= MOST_IN_DOUBT {
                            return None;
                        }
                        break;
                    }
                }
            }
            self.wait_after(round, told);
        }
        None
    }

    fn ask(&mut self, offer: &Offer, service: &str) -> Asked {
        let form = [("country", offer.country.as_str()), ("service", service)];
        match self.wire.post("/rentNumber", &form) {
            Said::Success(reply) => match Rental::read(&reply, &offer.country, offer.price) {
                Some(rental) => {
                    self.ledger.rentals.push(rental.clone());
                    Asked::Rented(rental)
                }
                None => Asked::InDoubt,
            },
            Said::Refused { code, retry_after } => match code.as_str() {
                "NO_NUMBERS" | "UNKNOWN_COUNTRY" | "INSUFFICIENT_BALANCE" => Asked::Elsewhere,
                // Each may be said by a gateway that lost patience with a rental that was made.
                "INTERNAL_ERROR" | "BAD_GATEWAY" | "GATEWAY_TIMEOUT" | "HTTP_500" | "HTTP_502"
                | "HTTP_504" => Asked::InDoubt,
                code if for_good(code) => Asked::Never,
                _ => Asked::Later(retry_after),
            },
            Said::Unclear => Asked::InDoubt,
        }
    }

    /// Without an idempotency key, a rental whose reply was lost can be neither asked for nor
    /// asked for again. But it takes a number off the listing: where that went down, or cannot
    /// be read, the rental is written down as lost, and one more is risked.
    fn look_into(&mut self, before: &Offer) {
        // The lost request may still be on its way.
        self.wait(2);
        let now = self.listing().unwrap_or_default();
        let now = now.iter().find(|offer| offer.country == before.country);
        if now.is_none_or(|now| now.available < before.available) {
            self.ledger.in_doubt.push(before.price);
        }
    }

    /// Reads the messages once. `Err` when there will be no more; else after how many seconds the
    /// partner wants to be asked again, if it says so.
    fn read(&mut self, rental: &Rental, inbox: &mut Inbox) -> Result<Option<u64>, ()> {
        match self.wire.get("/getSMS", &[("rental_id", &rental.id)]) {
            Said::Success(reply) => {
                inbox.take(&reply);
                Ok(None)
            }
            Said::Refused { code, .. } if over(&code) || for_good(&code) => Err(()),
            Said::Refused { retry_after, .. } => Ok(retry_after),
            // Reading changes nothing: whatever went wrong, the next poll mends it.
            Said::Unclear => Ok(None),
        }
    }

    fn read_until_code(&mut self, rental: &Rental, inbox: &mut Inbox) {
        let mut until = self.waited + self.patience;
        let mut has_code = false;
        while let Ok(told) = self.read(rental, inbox) {
            if !has_code && inbox.code().is_some() {
                has_code = true;
                until = self.waited + self.linger;
            }
            if self.waited >= until {
                break;
            }
            let left = until - self.waited;
            self.wait(told.unwrap_or(0).max(POLL_EVERY).min(left));
        }
    }

    /// Ends a rental that is not needed any more, with or without a code, so that it costs
    /// nothing further. A cancel may be repeated: what it pays back is booked once.
    pub(crate) fn give_back(&mut self, rental: &Rental, inbox: &mut Inbox) {
        for failures in 0..TRIES {
            let told = match self.wire.post("/cancelNumber", &[("rental_id", &rental.id)]) {
                Said::Success(reply) => {
                    // An SMS may have come between the last poll and the cancel.
                    let _ = self.read(rental, inbox);
                    let refund = money(&reply["refund_amount"]);
                    let refund = refund.unwrap_or_else(|| rental.unless_sold(inbox));
                    return self.ledger.close(rental, Fate::Cancelled, refund);
                }
                Said::Refused { code, .. } if code == "SMS_ALREADY_RECEIVED" => {
                    let _ = self.read(rental, inbox);
                    return self.ledger.close(rental, Fate::Sold, Money::ZERO);
                }
                // A cancel of ours, whose reply was lost, or the end of its time. Neither tells
                // what was paid back: all of it, unless an SMS came in time.
                Said::Refused { code, .. } if over(&code) => {
                    let _ = self.read(rental, inbox);
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

/// A listing as far as it can be understood.
fn offers(reply: &Value) -> Vec<Offer> {
    let offer = |line: &Value| {
        Some(Offer {
            country: line["country"].as_str()?.to_owned(),
            available: line["available"].as_u64()?,
            price: money(&line["price_per_sms"])?,
        })
    };
    reply["numbers"].as_array().into_iter().flatten().filter_map(offer).collect()
}

impl Rental {
    /// None where the reply does not even tell the id.
    fn read(reply: &Value, country: &str, price: Money) -> Option<Self> {
        Some(Self {
            id: reply["rental_id"].as_str()?.to_owned(),
            // With a +, as everybody else who is told it expects.
            number: format!("+{}", reply["number"].as_str()?.trim_start_matches('+')),
            country: country.to_owned(),
            price,
            expires_at: moment(&reply["expires_at"]),
            fate: Fate::Live,
            refund: Money::ZERO,
        })
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

//! How a careful client rents: the one call that costs money, and cannot be repeated safely.

use ringer::scenario::Money;
use serde_json::Value;

use super::ledger::{Fate, Rental};
use super::wire::{Said, moment, money};
use super::{Careful, TRIES, for_good};

/// Rentals in doubt after which no further one is risked.
const MOST_IN_DOUBT: usize = 2;

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
    pub(super) fn rent(&mut self, countries: &[&str], service: &str) -> Option<Rental> {
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

    /// Without an idempotency key, a rental whose reply was lost can neither be asked for nor be
    /// had again. But it takes a number off the listing: where that went down, or cannot be read,
    /// the rental is written down as lost, and one more is risked. (Where the listing is stale or
    /// others rent at the same time this can err, so that doubts are few in any case.)
    fn look_into(&mut self, before: &Offer) {
        // The lost request may still be on its way.
        self.wait(2);
        let now = self.listing().unwrap_or_default();
        let now = now.iter().find(|offer| offer.country == before.country);
        if now.is_none_or(|now| now.available < before.available) {
            self.ledger.in_doubt.push(before.price);
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

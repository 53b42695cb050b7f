//! The messages of refusals: what was wrong, and what to do.

use super::StateMachine;
use super::command::Refusal;
use super::rental::EndedBy;
use crate::domain::country::Country;
use crate::domain::error_code::ErrorCode;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;

impl StateMachine {
    pub(super) fn not_offered(&self, country: Country) -> Refusal {
        let listed = self.scenario.countries.iter().filter(|offer| !offer.hidden);
        let offered: Vec<&str> = listed.map(|offer| offer.country.as_str()).collect();
        let message = format!(
            "{} ({country}) is not offered here; getNumbers lists {}",
            country.name(),
            offered.join(", ")
        );
        Refusal::new(ErrorCode::NoNumbers, message)
    }

    pub(super) fn out_of_stock(&self, country: Country, honest: bool) -> Refusal {
        let best = self
            .scenario
            .countries
            .iter()
            .zip(&self.stocks)
            .filter(|(offer, stock)| stock.available > 0 && !offer.hidden)
            .max_by_key(|(_, stock)| stock.available);
        let instead = match best {
            Some((offer, stock)) => {
                format!(", or elsewhere: {} has {}", offer.country, stock.available)
            }
            None => ": no other country has any either".to_owned(),
        };
        let listing = if honest { "" } else { ", whatever the listing says" };
        let message = format!(
            "{} ({country}) has no numbers left{listing}; try again later{instead}",
            country.name()
        );
        Refusal::new(ErrorCode::NoNumbers, message)
    }

    pub(super) fn too_many_active(&self) -> Refusal {
        let message = format!(
            "{} rentals are live, which is the most at a time; cancel one or wait until one ends",
            self.rentals.live()
        );
        Refusal::new(ErrorCode::TooManyActiveRentals, message)
    }
}

pub(super) fn insufficient_balance(balance: Money, price: Money) -> Refusal {
    let message =
        format!("the balance of {balance} USD does not cover {price} USD; top up the account");
    Refusal::new(ErrorCode::InsufficientBalance, message)
}

pub(super) fn not_found(rental_id: RentalId) -> Refusal {
    let message = format!(
        "rental_id {rental_id} is not known to this api_key; use the rental_id that rentNumber \
         gave to the same key, at most 24 h after the rental's end"
    );
    Refusal::new(ErrorCode::RentalNotFound, message)
}

pub(super) fn expired(rental_id: RentalId, at: Timestamp) -> Refusal {
    let message = format!("{rental_id} expired at {at}; there is nothing left to cancel");
    Refusal::new(ErrorCode::RentalExpired, message)
}

pub(super) fn already_cancelled(rental_id: RentalId, at: Timestamp) -> Refusal {
    let message = format!("{rental_id} was cancelled at {at}; it is refunded only once");
    Refusal::new(ErrorCode::AlreadyCancelled, message)
}

pub(super) fn sms_already_received(rental_id: RentalId) -> Refusal {
    let message = format!(
        "{rental_id} has received an SMS, so it is sold and cannot be cancelled; read it with getSMS"
    );
    Refusal::new(ErrorCode::SmsAlreadyReceived, message)
}

pub(super) fn early_cancel(rental_id: RentalId, left: VirtualDuration) -> Refusal {
    let message = format!(
        "{rental_id} cannot be cancelled yet; try again in {} s",
        left.as_seconds_rounded_up()
    );
    Refusal::new(ErrorCode::EarlyCancelDenied, message).retry_after(left)
}

pub(super) fn gone(rental_id: RentalId, at: Timestamp, by: EndedBy) -> Refusal {
    match by {
        EndedBy::Expiry => {
            let message = format!("{rental_id} expired at {at}; its messages are gone");
            Refusal::new(ErrorCode::RentalExpired, message)
        }
        EndedBy::Cancel | EndedBy::Revocation => {
            let message = format!("{rental_id} was cancelled at {at}; its messages are gone");
            Refusal::new(ErrorCode::RentalCancelled, message)
        }
    }
}

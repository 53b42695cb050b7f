//! The terms of a rental.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::script::SmsTemplate;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::serde_helpers;
use crate::domain::virtual_duration::VirtualDuration;

/// The terms on which numbers are rented out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RentalPolicy {
    /// How long a rental lives. 20 minutes (our ruling) unless said.
    pub time_to_live: VirtualDuration,
    /// How long after renting a cancel is refused with EARLY_CANCEL_DENIED.
    pub early_cancel_denied: VirtualDuration,
    /// Whether a cancel after an SMS is refused with SMS_ALREADY_RECEIVED; else 200 and `0.00`.
    pub cancel_after_sms_refused: bool,
    /// The SMS that arrives at the moment of the first cancel, unless one came before: it wins, and
    /// the cancel is SMS_ALREADY_RECEIVED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms_during_cancel: Option<SmsTemplate>,
    /// Whether a second cancel is refused with ALREADY_CANCELLED; else it gets the first reply.
    pub second_cancel_refused: bool,
    /// What getSMS answers once the rental is over.
    pub after_end: AfterEnd,
    /// How long after the end an SMS is still taken in. It is shown, and not charged.
    pub late_sms_grace: VirtualDuration,
    /// The most live rentals at a time; beyond it TOO_MANY_ACTIVE_RENTALS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_active: Option<u32>,
    /// The money at the start; a rental that it does not cover is INSUFFICIENT_BALANCE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<Money>,
    /// The id of the first rental; the next ones count on. Drawn for each api_key unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_rental_id: Option<RentalId>,
}

/// What getSMS answers once the rental is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterEnd {
    /// 200 with what was stored, for 24 h.
    #[default]
    Stored,
    /// 410: RENTAL_EXPIRED or RENTAL_CANCELLED.
    Gone,
}

impl Default for RentalPolicy {
    fn default() -> Self {
        Self {
            time_to_live: VirtualDuration::seconds(1_200),
            early_cancel_denied: VirtualDuration::ZERO,
            cancel_after_sms_refused: false,
            sms_during_cancel: None,
            second_cancel_refused: false,
            after_end: AfterEnd::default(),
            late_sms_grace: VirtualDuration::ZERO,
            max_active: None,
            balance: None,
            first_rental_id: None,
        }
    }
}

impl RentalPolicy {
    /// Lets a rental live this long.
    #[must_use]
    pub fn time_to_live(mut self, duration: VirtualDuration) -> Self {
        self.time_to_live = duration;
        self
    }

    /// Refuses a cancel for this long after renting.
    #[must_use]
    pub fn early_cancel_denied(mut self, duration: VirtualDuration) -> Self {
        self.early_cancel_denied = duration;
        self
    }

    /// Refuses a cancel once an SMS has arrived.
    #[must_use]
    pub fn cancel_after_sms_refused(mut self) -> Self {
        self.cancel_after_sms_refused = true;
        self
    }

    /// Lets this SMS arrive at the moment of the first cancel, which it wins against.
    #[must_use]
    pub fn sms_during_cancel(mut self, sms: SmsTemplate) -> Self {
        self.sms_during_cancel = Some(sms);
        self
    }

    /// Refuses a second cancel.
    #[must_use]
    pub fn second_cancel_refused(mut self) -> Self {
        self.second_cancel_refused = true;
        self
    }

    /// Answers getSMS after the end in this way.
    #[must_use]
    pub fn after_end(mut self, after_end: AfterEnd) -> Self {
        self.after_end = after_end;
        self
    }

    /// Still takes in an SMS for this long after the end.
    #[must_use]
    pub fn late_sms_grace(mut self, duration: VirtualDuration) -> Self {
        self.late_sms_grace = duration;
        self
    }

    /// Allows this many live rentals at a time.
    #[must_use]
    pub fn max_active(mut self, count: u32) -> Self {
        self.max_active = Some(count);
        self
    }

    /// Starts with this much money.
    #[must_use]
    pub fn balance(mut self, balance: Money) -> Self {
        self.balance = Some(balance);
        self
    }

    /// Counts rentals from `rent_` and these digits.
    #[must_use]
    pub fn first_rental_id(mut self, digits: u64) -> Self {
        self.first_rental_id = Some(RentalId::new(digits));
        self
    }
}

/// Reads the terms that are part of a scenario.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RentalPolicy, D::Error> {
    serde_helpers::object(deserializer, "an object such as {\"time_to_live\": \"20m\"}")
}

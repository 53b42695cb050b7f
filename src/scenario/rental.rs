//! The terms of a rental.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::script::SmsTemplate;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::serde_helpers;
use crate::domain::virtual_duration::VirtualDuration;

/// The terms of a rental.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[must_use]
pub struct RentalPolicy {
    /// How long a rental lives: 20 minutes by default (our ruling).
    pub time_to_live: VirtualDuration,
    /// How long after renting a cancel is refused with EARLY_CANCEL_DENIED.
    pub early_cancel_denied: VirtualDuration,
    /// Whether a cancel after an SMS is refused with SMS_ALREADY_RECEIVED; by default it is 200
    /// with a refund of `0.00`.
    pub cancel_after_sms_refused: bool,
    /// An SMS that arrives at the moment of the first cancel, unless one came before: it wins, and
    /// the cancel is refused with SMS_ALREADY_RECEIVED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms_during_cancel: Option<SmsTemplate>,
    /// Whether a second cancel is refused with ALREADY_CANCELLED; by default it gets the first
    /// reply.
    pub second_cancel_refused: bool,
    /// What getSMS replies after the end.
    pub after_end: AfterEnd,
    /// How long after the end an SMS is still received. It is shown, but not charged.
    pub late_sms_grace: VirtualDuration,
    /// The most active rentals at a time; one more is TOO_MANY_ACTIVE_RENTALS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_active: Option<u32>,
    /// The balance at the start; a rental that it does not cover is INSUFFICIENT_BALANCE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<Money>,
    /// The id of the first rental; later ones count up. By default drawn for each api_key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_rental_id: Option<RentalId>,
}

/// What getSMS replies after the end of a rental.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterEnd {
    /// 200 with the stored messages, for 24 h.
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
    /// Sets how long a rental lives.
    pub fn time_to_live(mut self, duration: VirtualDuration) -> Self {
        self.time_to_live = duration;
        self
    }

    /// Refuses a cancel for this long after renting.
    pub fn early_cancel_denied(mut self, duration: VirtualDuration) -> Self {
        self.early_cancel_denied = duration;
        self
    }

    /// Refuses a cancel once an SMS has arrived.
    pub fn cancel_after_sms_refused(mut self) -> Self {
        self.cancel_after_sms_refused = true;
        self
    }

    /// Delivers this SMS at the moment of the first cancel, which is then refused.
    pub fn sms_during_cancel(mut self, sms: SmsTemplate) -> Self {
        self.sms_during_cancel = Some(sms);
        self
    }

    /// Refuses a second cancel.
    pub fn second_cancel_refused(mut self) -> Self {
        self.second_cancel_refused = true;
        self
    }

    /// Sets what getSMS replies after the end.
    pub fn after_end(mut self, after_end: AfterEnd) -> Self {
        self.after_end = after_end;
        self
    }

    /// Still receives an SMS for this long after the end.
    pub fn late_sms_grace(mut self, duration: VirtualDuration) -> Self {
        self.late_sms_grace = duration;
        self
    }

    /// Allows this many active rentals at a time.
    pub fn max_active(mut self, count: u32) -> Self {
        self.max_active = Some(count);
        self
    }

    /// Starts with this balance.
    pub fn balance(mut self, balance: Money) -> Self {
        self.balance = Some(balance);
        self
    }

    /// Numbers rentals from `rent_` and these digits on.
    pub fn first_rental_id(mut self, digits: u64) -> Self {
        self.first_rental_id = Some(RentalId::new(digits));
        self
    }
}

/// Reads the terms of a scenario.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RentalPolicy, D::Error> {
    serde_helpers::object(deserializer, "an object such as {\"time_to_live\": \"20m\"}")
}

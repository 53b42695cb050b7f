//! When a fault strikes.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::country::Country;
use crate::domain::positive::Ordinals;
use crate::domain::probability::Probability;
use crate::domain::serde_helpers;
use crate::domain::service::Service;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::ClockMode;

/// When a fault strikes: all conditions must hold, and one that is left out always does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "an object such as {\"nth\": [1]}")]
pub(crate) struct Trigger {
    /// For calls about this country: one that is named, or that of the rental.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) country: Option<Country>,
    /// For calls about this service: one that is named, or that of the rental.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service: Option<Service>,
    /// For these calls of the rule's endpoints in the sandbox, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nth: Option<Ordinals>,
    /// For these calls of the rule's endpoints for one rental, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nth_of_rental: Option<Ordinals>,
    /// How often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) probability: Option<Probability>,
    /// Under clocks of this mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clock: Option<ClockMode>,
    /// From this long after the sandbox's start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<VirtualDuration>,
    /// Until this long after the sandbox's start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<VirtualDuration>,
}

impl Trigger {
    pub(super) fn check_window(&self) -> Result<(), String> {
        let from = self.from.unwrap_or_default();
        match self.until {
            Some(until) if until <= from => Err(format!(
                "`until` {until} is not after from {from}, so it never holds; give a later until"
            )),
            _ => Ok(()),
        }
    }

    /// Whether its window is open at this time after the sandbox's start.
    pub(crate) fn is_open(&self, since_start: VirtualDuration) -> bool {
        self.from.is_none_or(|from| since_start >= from)
            && self.until.is_none_or(|until| since_start < until)
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.country.map(|country| format!("in {country}")));
        parts.extend(self.service.as_ref().map(|service| format!("for {service}")));
        parts.extend(self.nth.as_ref().map(|nth| calls(nth, "")));
        parts.extend(self.nth_of_rental.as_ref().map(|nth| calls(nth, " of a rental")));
        let percent = |p: Probability| format!("{} of the calls", p.in_percent());
        parts.extend(self.probability.map(percent));
        parts.extend(self.clock.map(|mode| format!("under a {} clock", <&str>::from(mode))));
        parts.extend(match (self.from, self.until) {
            (None, None) => None,
            (Some(from), None) => Some(format!("from {from} after the start on")),
            (None, Some(until)) => Some(format!("until {until} after the start")),
            (Some(from), Some(until)) => Some(format!("from {from} to {until} after the start")),
        });
        f.write_str(&parts.join(", "))
    }
}

fn calls(ordinals: &Ordinals, of: &str) -> String {
    let noun = if ordinals.iter().len() == 1 { "call" } else { "calls" };
    let numbers: Vec<String> = ordinals.iter().map(|nth| nth.to_string()).collect();
    format!("{noun} {}{of}", numbers.join(", "))
}

/// Reads the trigger of a rule.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Trigger, D::Error> {
    serde_helpers::object(deserializer, "an object such as {\"nth\": [1]}")
}

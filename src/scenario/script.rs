//! What happens to a rental.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::sms_text::{CodePattern, SmsText};
use crate::domain::country::Country;
use crate::domain::serde_helpers;
use crate::domain::service::Service;
use crate::domain::virtual_duration::VirtualDuration;

/// What happens to all rentals, or those of a country or a service: one of its variants, drawn by
/// weight for each rental.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Script {
    /// Plays only in this country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Plays only for this service, ignoring letter case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// What can happen.
    #[serde(deserialize_with = "serde_helpers::objects")]
    #[schemars(with = "Vec<Variant>")]
    pub variants: Vec<Variant>,
}

/// One course of events, and how likely it is among the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its share of the sum of weights.
    #[serde(default = "one")]
    pub weight: u32,
    /// What happens, ordered by time.
    pub steps: Steps,
}

const fn one() -> u32 {
    1
}

impl Script {
    /// Draws one of these for each rental, by weight.
    pub fn weighted(variants: impl IntoIterator<Item = (u32, Steps)>) -> Self {
        let variants =
            variants.into_iter().map(|(weight, steps)| Variant { weight, steps }).collect();
        Self { country: None, service: None, variants }
    }

    /// Plays only in this country.
    pub fn for_country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// Plays only for this service, ignoring letter case.
    ///
    /// # Panics
    /// When the text is blank or longer than 64 characters.
    #[track_caller]
    pub fn for_service(mut self, service: &str) -> Self {
        match Service::parse(service) {
            Ok(service) => self.service = Some(service),
            Err(reason) => panic!("for_service({service:?}): {reason}"),
        }
        self
    }

    pub(crate) fn fits(&self, country: Country, service: Option<&Service>) -> bool {
        self.country.is_none_or(|wanted| wanted == country)
            && self.service.as_ref().is_none_or(|wanted| service.is_some_and(|s| s.is(wanted)))
    }
}

impl From<Steps> for Script {
    fn from(steps: Steps) -> Self {
        Self::weighted([(1, steps)])
    }
}

/// What happens to a rental, step by step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[must_use]
pub struct Steps(
    #[serde(deserialize_with = "serde_helpers::objects")]
    #[schemars(with = "Vec<Step>")]
    pub Vec<Step>,
);

impl Steps {
    /// An SMS arrives, this long after the rental.
    pub fn sms(self, after: VirtualDuration, sms: SmsTemplate) -> Self {
        self.then(after, Action::Sms(sms))
    }

    /// The previous SMS arrives again, with the same text and date.
    pub fn duplicate(self, after: VirtualDuration) -> Self {
        self.then(after, Action::Duplicate)
    }

    /// The rental expires early.
    pub fn expire(self, after: VirtualDuration) -> Self {
        self.then(after, Action::Expire)
    }

    /// The partner takes the number back: the rental is cancelled, and refunded like a cancel.
    pub fn revoke(self, after: VirtualDuration) -> Self {
        self.then(after, Action::Revoke)
    }

    fn then(mut self, after: VirtualDuration, action: Action) -> Self {
        self.0.push(Step { after, action });
        // The sort is stable: steps at the same time keep the order in which they were written.
        self.0.sort_by_key(|step| step.after);
        self
    }

    /// Plays only in this country.
    pub fn for_country(self, country: Country) -> Script {
        Script::from(self).for_country(country)
    }

    /// Plays only for this service, ignoring letter case.
    ///
    /// # Panics
    /// When the text is blank or longer than 64 characters.
    #[track_caller]
    pub fn for_service(self, service: &str) -> Script {
        Script::from(self).for_service(service)
    }
}

/// Something that happens to a rental at some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// How long after the rental.
    pub after: VirtualDuration,
    /// What happens.
    pub action: Action,
}

/// What can happen to a rental.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// An SMS arrives.
    #[serde(deserialize_with = "read_sms")]
    Sms(#[schemars(with = "SmsTemplate")] SmsTemplate),
    /// The previous SMS arrives again, with the same text and date.
    Duplicate,
    /// The rental expires early.
    Expire,
    /// The partner takes the number back.
    Revoke,
}

fn read_sms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SmsTemplate, D::Error> {
    serde_helpers::object(deserializer, "an object such as {\"text\": \"TAN {code}\"}")
}

/// An SMS whose code is not drawn yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[must_use]
pub struct SmsTemplate {
    /// Who it is from; by default made up for the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1_600))]
    pub sender: Option<String>,
    /// What it says, in at most 1,600 characters with the placeholders filled; by default made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<SmsText>,
    /// What its code looks like.
    pub code: CodePattern,
    /// Whether it carries the code of the previous SMS instead of a new one.
    pub same_code: bool,
    /// Whether a client should find no code in it.
    pub decoy: bool,
    /// Its date, counted from the rental; by default the time when it arrives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<VirtualDuration>,
}

impl SmsTemplate {
    /// Sets the sender, which may be empty.
    pub fn sender(mut self, sender: &str) -> Self {
        self.sender = Some(sender.to_owned());
        self
    }

    /// Sets the text. Placeholders are `{code}`, `{code:0..3}` for a part of the code, `{service}`
    /// and `{number}`; `{{` is a brace.
    ///
    /// # Panics
    /// When a placeholder is none of these.
    #[track_caller]
    pub fn text(mut self, text: &str) -> Self {
        match text.parse() {
            Ok(text) => self.text = Some(text),
            Err(reason) => panic!("text({text:?}): {reason}"),
        }
        self
    }

    /// Sets the look of the code: `#` is a digit, `?` a capital letter, `٠` an Arabic-Indic digit,
    /// `۰` a Persian one; all else stands for itself.
    ///
    /// # Panics
    /// When the pattern is empty or longer than 32 characters.
    #[track_caller]
    pub fn code(mut self, pattern: &str) -> Self {
        match pattern.parse() {
            Ok(pattern) => self.code = pattern,
            Err(reason) => panic!("code({pattern:?}): {reason}"),
        }
        self
    }

    /// Carries the code of the previous SMS.
    pub fn same_code(mut self) -> Self {
        self.same_code = true;
        self
    }

    /// Carries no code that a client should use.
    pub fn decoy(mut self) -> Self {
        self.decoy = true;
        self
    }

    /// Is dated this long after the rental, whenever it arrives.
    pub fn received_at(mut self, after: VirtualDuration) -> Self {
        self.received_at = Some(after);
        self
    }
}

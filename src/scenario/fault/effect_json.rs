//! An effect in JSON.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::delay::Delay;
use super::effect::{Disruption, Effect};
use super::rate_limit::RateLimit;
use super::status::{BodyKind, HttpStatus, Redirect};
use super::wire_fault::WireFault;
use crate::domain::error_code::ErrorCode;
use crate::domain::probability::Fraction;
use crate::domain::real_duration::RealDuration;
use crate::domain::schema::json_schema;
use crate::domain::serde_helpers;

/// What a fault does to a call: a delay, a disruption, or both.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename = "Effect",
    deny_unknown_fields,
    default,
    expecting = "an object such as {\"error\": \"MAINTENANCE\"} or {\"delay\": \"2s\"}"
)]
#[schemars(extend("minProperties" = 1))]
struct EffectFields {
    /// An error of the catalogue, with its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorCode>,
    /// A status, as some server between client and partner sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<HttpStatus>,
    /// What the status is sent with: JSON unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<BodyKind>,
    /// A redirect to the same path, by this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<Redirect>,
    /// RATE_LIMITED, but only for the calls that are too many.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_limit: Option<RateLimit>,
    /// What happens on the wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultName>,
    /// How much of it a TRUNCATED_BODY sends: a half unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    fraction: Option<Fraction>,
    /// In which time a DRIBBLE sends all of it: 5 s unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    over: Option<RealDuration>,
    /// How long the call is held up.
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<Delay>,
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        EffectFields::from(*self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Effect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        EffectFields::deserialize(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

impl JsonSchema for Effect {
    fn schema_name() -> Cow<'static, str> {
        EffectFields::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        EffectFields::json_schema(generator)
    }
}

/// A fault on the wire, of which only the name is written here.
#[derive(Clone, Copy, Debug)]
struct FaultName(WireFault);

impl Serialize for FaultName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for FaultName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(de::Error::custom)
    }
}

impl TryFrom<EffectFields> for Effect {
    type Error = String;

    fn try_from(fields: EffectFields) -> Result<Self, String> {
        let EffectFields { error, code, body, redirect, rate_limit, fault, fraction, over, delay } =
            fields;
        if body.is_some() && code.is_none() {
            return Err("`body` goes with code; add \"code\": 503, or leave body out".into());
        }
        let status = code
            .map(|status| status.with(body.unwrap_or_default()))
            .transpose()?
            .map(|status| Disruption::Status(status, body.unwrap_or_default()));
        let wire = match fault {
            Some(FaultName(fault)) => Some(Disruption::Wire(fault.with(fraction, over)?)),
            // Another fault than those that take them would refuse them likewise.
            None => WireFault::Hang.with(fraction, over).map(|_| None)?,
        };
        let named: Vec<(&str, Disruption)> = [
            ("error", error.map(Disruption::Error)),
            ("code", status),
            ("redirect", redirect.map(Disruption::Redirect)),
            ("rate_limit", rate_limit.map(Disruption::RateLimit)),
            ("fault", wire),
        ]
        .into_iter()
        .filter_map(|(name, disruption)| Some((name, disruption?)))
        .collect();
        match named[..] {
            [] if delay.is_none() => {
                Err("is empty; name one of error, code, redirect, rate_limit, fault, delay".into())
            }
            [] => Ok(Self { delay, disruption: None }),
            [(_, disruption)] => Ok(Self { delay, disruption: Some(disruption) }),
            [(first, _), (second, _), ..] => {
                Err(format!("{first} and {second} cannot both be; make a rule of each"))
            }
        }
    }
}

impl From<Effect> for EffectFields {
    fn from(effect: Effect) -> Self {
        let mut fields = Self { delay: effect.delay, ..Self::default() };
        match effect.disruption {
            None => {}
            Some(Disruption::Error(code)) => fields.error = Some(code),
            Some(Disruption::Status(status, body)) => {
                fields.code = Some(status);
                fields.body = Some(body);
            }
            Some(Disruption::Redirect(redirect)) => fields.redirect = Some(redirect),
            Some(Disruption::RateLimit(limit)) => fields.rate_limit = Some(limit),
            Some(Disruption::Wire(fault)) => {
                fields.fault = Some(FaultName(fault));
                match fault {
                    WireFault::TruncatedBody(fraction) => fields.fraction = Some(fraction),
                    WireFault::Dribble(over) => fields.over = Some(over),
                    _ => {}
                }
            }
        }
        fields
    }
}

json_schema!(FaultName, "WireFault": {
    "type": "string", "enum": (WireFault::ALL.map(WireFault::name)),
    "description": "What happens to a reply on the wire.",
});

/// Reads one that is part of a rule.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Effect, D::Error> {
    let right = "an object such as {\"error\": \"MAINTENANCE\"} or {\"delay\": \"2s\"}";
    serde_helpers::object(deserializer, right)
}

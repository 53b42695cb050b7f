//! What a fault does to a call.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::delay::Delay;
use super::rate_limit::RateLimit;
use super::wire_fault::WireFault;
use crate::domain::error_code::ErrorCode;
use crate::domain::probability::Fraction;
use crate::domain::real_duration::RealDuration;
use crate::domain::schema::json_schema;
use crate::domain::serde_helpers;
use crate::domain::serde_helpers::choices;

/// What a fault does to a call: a delay, a disruption, or both.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "EffectFields", into = "EffectFields")]
pub struct Effect {
    delay: Option<Delay>,
    disruption: Option<Disruption>,
}

/// What is answered instead, or done to the connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Disruption {
    /// An error of the catalogue, with its status and, where it has one, its `Retry-After`.
    Error(ErrorCode),
    /// A status, as some server between client and partner sends it.
    Status(HttpStatus, BodyKind),
    /// To the same path, by this status.
    Redirect(Redirect),
    /// RATE_LIMITED, but only for the calls that are too many.
    RateLimit(RateLimit),
    /// What happens on the wire.
    Wire(WireFault),
}

impl Effect {
    /// How long the call is held up.
    #[must_use]
    pub const fn held_up(&self) -> Option<Delay> {
        self.delay
    }

    /// What is answered instead, or done to the connection; `None` for a mere delay.
    #[must_use]
    pub const fn disruption(&self) -> Option<Disruption> {
        self.disruption
    }

    /// The same, held up by this too.
    #[must_use]
    pub fn delayed(mut self, delay: impl Into<Delay>) -> Self {
        self.delay = Some(delay.into());
        self
    }
}

impl From<Disruption> for Effect {
    fn from(disruption: Disruption) -> Self {
        Self { delay: None, disruption: Some(disruption) }
    }
}

impl From<RateLimit> for Effect {
    fn from(limit: RateLimit) -> Self {
        Disruption::RateLimit(limit).into()
    }
}

/// A delay and nothing else.
#[must_use]
pub fn delay(delay: impl Into<Delay>) -> Effect {
    Effect { delay: Some(delay.into()), disruption: None }
}

/// An error of the catalogue, with its status.
#[must_use]
pub fn error(code: ErrorCode) -> Effect {
    Disruption::Error(code).into()
}

/// This status, with a body of this kind.
///
/// # Panics
/// When the status is not from 200 to 599, or forbids a body and is to have one.
#[must_use]
#[track_caller]
pub fn status(code: u16, body: BodyKind) -> Effect {
    let status = HttpStatus::new(code).and_then(|status| status.with(body));
    match status {
        Ok(status) => Disruption::Status(status, body).into(),
        Err(reason) => panic!("status({code}): {reason}"),
    }
}

/// A redirect to the same path.
#[must_use]
pub fn redirect(by: Redirect) -> Effect {
    Disruption::Redirect(by).into()
}

/// A status that a final reply can have: 200 to 599.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HttpStatus(u16);

impl HttpStatus {
    /// Takes a status.
    ///
    /// # Errors
    /// When it is not from 200 to 599.
    pub fn new(status: u16) -> Result<Self, String> {
        if (200..600).contains(&status) {
            Ok(Self(status))
        } else {
            Err(format!("{status} is not the status of a reply; 200 to 599 is right, such as 503"))
        }
    }

    fn with(self, body: BodyKind) -> Result<Self, String> {
        if matches!(self.0, 204 | 205 | 304) && body != BodyKind::Empty {
            return Err(format!("`body`: a reply with status {} has none; use \"empty\"", self.0));
        }
        Ok(self)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl<'de> Deserialize<'de> for HttpStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "an HTTP status from 200 to 599, such as 503";
        Self::new(serde_helpers::unsigned(deserializer, right)?).map_err(de::Error::custom)
    }
}

/// What a status is sent with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyKind {
    /// The error body of the API, with the code that goes with the status.
    #[default]
    Json,
    /// A page for people, as proxies send it.
    Html,
    /// Nothing.
    Empty,
}

choices!(BodyKind, "a kind of body": Json "json", Html "html", Empty "empty");

/// The redirects after which a client may, or must not, turn a POST into a GET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirect {
    /// 301: most clients turn a POST into a GET, and lose its body.
    MovedPermanently,
    /// 307: method and body stay.
    Temporary,
    /// 308: method and body stay, for good.
    Permanent,
}

impl Redirect {
    /// The status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::MovedPermanently => 301,
            Self::Temporary => 307,
            Self::Permanent => 308,
        }
    }
}

impl Serialize for Redirect {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.status())
    }
}

impl<'de> Deserialize<'de> for Redirect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_helpers::unsigned::<_, u16>(deserializer, "one of 301, 307 and 308")? {
            301 => Ok(Self::MovedPermanently),
            307 => Ok(Self::Temporary),
            308 => Ok(Self::Permanent),
            other => {
                let message = format!("{other} is not a redirect that is sent; 301, 307 and 308");
                Err(de::Error::custom(message + " are right"))
            }
        }
    }
}

/// An effect as JSON writes it: one object, of which most fields are left out.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(
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

/// A fault on the wire, of which only the name is written here.
#[derive(Clone, Copy, Debug)]
struct FaultName(WireFault);

impl Serialize for FaultName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.disruption, self.delay) {
            (Some(disruption), None) => disruption.fmt(f),
            (Some(disruption), Some(delay)) => write!(f, "{disruption}, {delay} later"),
            (None, Some(delay)) => write!(f, "the reply comes {delay} later"),
            (None, None) => f.write_str("nothing"),
        }
    }
}

impl fmt::Display for Disruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(code) => write!(f, "{} {}", code.status(), code.as_str()),
            Self::Status(status, BodyKind::Json) => write!(f, "{}", status.get()),
            Self::Status(status, BodyKind::Html) => write!(f, "{} with a web page", status.get()),
            Self::Status(status, BodyKind::Empty) => write!(f, "{} without a body", status.get()),
            Self::Redirect(redirect) => write!(f, "{} to the same path", redirect.status()),
            Self::RateLimit(limit) => {
                write!(f, "429 RATE_LIMITED beyond {limit}")
            }
            Self::Wire(fault) => fault.fmt(f),
        }
    }
}

json_schema!(HttpStatus, "HttpStatus": {"type": "integer", "minimum": 200, "maximum": 599});

json_schema!(Redirect, "Redirect": {"type": "integer", "enum": [301, 307, 308]});

json_schema!(FaultName, "WireFault": {
    "type": "string", "enum": (WireFault::ALL.map(WireFault::name)),
    "description": "What happens to a reply on the wire.",
});

/// Reads one that is part of a rule.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Effect, D::Error> {
    let right = "an object such as {\"error\": \"MAINTENANCE\"} or {\"delay\": \"2s\"}";
    serde_helpers::object(deserializer, right)
}

//! The parameters of a request as sent, before validation.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, percent_decode_str, percent_encode};

use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::sandbox::command::Refusal;

/// No ASCII is escaped: `percent_encode` always escapes bytes beyond ASCII.
const NON_ASCII: &AsciiSet = &AsciiSet::EMPTY;

/// A parameter of the partner API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Param {
    ApiKey,
    Country,
    Service,
    RentalId,
}

impl Param {
    const ALL: [Self; 4] = [Self::ApiKey, Self::Country, Self::Service, Self::RentalId];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::Country => "country",
            Self::Service => "service",
            Self::RentalId => "rental_id",
        }
    }

    pub(super) const fn is_required(self, endpoint: Endpoint) -> bool {
        match self {
            Self::ApiKey | Self::RentalId => true,
            Self::Country => matches!(endpoint, Endpoint::RentNumber),
            Self::Service => false,
        }
    }

    pub(super) const fn of(endpoint: Endpoint) -> &'static [Self] {
        match endpoint {
            Endpoint::GetNumbers => &[Self::ApiKey, Self::Country],
            Endpoint::RentNumber => &[Self::ApiKey, Self::Country, Self::Service],
            Endpoint::GetSms | Endpoint::CancelNumber => &[Self::ApiKey, Self::RentalId],
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) enum ParamValue<'a> {
    #[default]
    Missing,
    /// May be empty.
    Text(Cow<'a, str>),
    /// Sent more than once.
    Repeated,
    /// A JSON value other than a string, described.
    NotText(String),
    NotUtf8,
}

#[derive(Debug, Default)]
pub(super) struct Params<'a> {
    known: [ParamValue<'a>; Param::ALL.len()],
    /// The names of parameters that the API does not have.
    pub(super) unknown: Vec<String>,
}

impl<'a> Params<'a> {
    pub(super) fn put(&mut self, name: &str, value: ParamValue<'a>) {
        match Param::ALL.into_iter().find(|param| param.name() == name) {
            Some(param) => {
                let sent = &mut self.known[param as usize];
                *sent =
                    if matches!(sent, ParamValue::Missing) { value } else { ParamValue::Repeated };
            }
            None => self.put_unknown(name),
        }
    }

    fn put_unknown(&mut self, name: &str) {
        const MOST: usize = 16;
        if self.unknown.len() < MOST && !self.unknown.iter().any(|known| known == name) {
            self.unknown.push(name.chars().take(64).collect());
        }
    }

    pub(super) fn has(&self, param: Param) -> bool {
        !matches!(self.known[param as usize], ParamValue::Missing)
    }

    /// Takes the text of a parameter; INVALID_REQUEST if it was not sent as a single text.
    pub(super) fn take(&mut self, param: Param) -> Result<Option<Cow<'a, str>>, Refusal> {
        let name = param.name();
        let wrong = |what: String| Err(Refusal::new(ErrorCode::InvalidRequest, what));
        match std::mem::take(&mut self.known[param as usize]) {
            ParamValue::Missing => Ok(None),
            ParamValue::Text(text) => Ok(Some(text)),
            ParamValue::Repeated => wrong(format!("{name} was sent more than once; send it once")),
            // The message does not repeat the value: it may be the key.
            ParamValue::NotText(_) if param == Param::ApiKey => {
                wrong("api_key must be a string; put it in quotes".to_owned())
            }
            ParamValue::NotText(what) => wrong(format!("{name} must be a string, not {what}")),
            ParamValue::NotUtf8 => wrong(format!("{name} is not UTF-8; encode its text as UTF-8")),
        }
    }

    /// Parses a query string or form.
    pub(super) fn from_pairs(text: &'a str) -> Self {
        let mut params = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match decode(name) {
                Some(name) => {
                    let value = decode(value).map_or(ParamValue::NotUtf8, ParamValue::Text);
                    params.put(&name, value);
                }
                None => params.put_unknown("(a name that is not UTF-8)"),
            }
        }
        params
    }

    /// Parses a form that may not be UTF-8.
    pub(super) fn from_form(body: &'a [u8]) -> Self {
        match std::str::from_utf8(body) {
            Ok(text) => Self::from_pairs(text),
            Err(_) => {
                let escaped = percent_encode(body, NON_ASCII).to_string();
                Params::from_pairs(&escaped).into_owned()
            }
        }
    }

    fn into_owned<'b>(self) -> Params<'b> {
        let known = self.known.map(|value| match value {
            ParamValue::Text(text) => ParamValue::Text(Cow::Owned(text.into_owned())),
            ParamValue::NotText(what) => ParamValue::NotText(what),
            ParamValue::Missing => ParamValue::Missing,
            ParamValue::Repeated => ParamValue::Repeated,
            ParamValue::NotUtf8 => ParamValue::NotUtf8,
        });
        Params { known, unknown: self.unknown }
    }
}

/// Percent-decodes; `None` if the result is not UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Cow::Borrowed(text));
    }
    let spaces = text.replace('+', " ");
    let plain = percent_decode_str(&spaces).decode_utf8().ok()?;
    Some(Cow::Owned(plain.into_owned()))
}

//! The parameters of a request as they were sent, before anybody asks whether they are right.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, percent_decode_str, percent_encode};

use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::sandbox::command::Refusal;

/// What is left as it is: `percent_encode` escapes bytes beyond ASCII always.
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

    /// Whether this endpoint cannot do without it.
    pub(super) const fn is_required(self, endpoint: Endpoint) -> bool {
        match self {
            Self::ApiKey | Self::RentalId => true,
            Self::Country => matches!(endpoint, Endpoint::RentNumber),
            Self::Service => false,
        }
    }

    /// The parameters that an endpoint has.
    pub(super) const fn of(endpoint: Endpoint) -> &'static [Self] {
        match endpoint {
            Endpoint::GetNumbers => &[Self::ApiKey, Self::Country],
            Endpoint::RentNumber => &[Self::ApiKey, Self::Country, Self::Service],
            Endpoint::GetSms | Endpoint::CancelNumber => &[Self::ApiKey, Self::RentalId],
        }
    }
}

/// What was sent for a parameter.
#[derive(Clone, Debug, Default)]
pub(super) enum ParamValue<'a> {
    /// Nothing.
    #[default]
    Missing,
    /// A text, perhaps an empty one.
    Text(Cow<'a, str>),
    /// More than one value.
    Repeated,
    /// A JSON value that is no string: what it was.
    NotText(String),
    /// Bytes that are no UTF-8.
    NotUtf8,
}

/// What was sent: the parameters of the API, and the names of all others.
#[derive(Debug, Default)]
pub(super) struct Params<'a> {
    known: [ParamValue<'a>; Param::ALL.len()],
    pub(super) unknown: Vec<String>,
}

impl<'a> Params<'a> {
    /// Notes what was sent under a name.
    pub(super) fn put(&mut self, name: &str, value: ParamValue<'a>) {
        match Param::ALL.into_iter().find(|param| param.name() == name) {
            Some(param) => {
                let field = &mut self.known[param as usize];
                *field =
                    if matches!(field, ParamValue::Missing) { value } else { ParamValue::Repeated };
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

    /// Whether anything was sent for it.
    pub(super) fn has(&self, param: Param) -> bool {
        !matches!(self.known[param as usize], ParamValue::Missing)
    }

    /// Takes the text that was sent for it, if one was.
    ///
    /// # Errors
    /// INVALID_REQUEST where it was sent, but not as one text.
    pub(super) fn take(&mut self, param: Param) -> Result<Option<Cow<'a, str>>, Refusal> {
        let name = param.name();
        let wrong = |what: String| Err(Refusal::new(ErrorCode::InvalidRequest, what));
        match std::mem::take(&mut self.known[param as usize]) {
            ParamValue::Missing => Ok(None),
            ParamValue::Text(text) => Ok(Some(text)),
            ParamValue::Repeated => wrong(format!("{name} was sent more than once; send it once")),
            // What was sent for a key is not repeated: it may well be the key.
            ParamValue::NotText(_) if param == Param::ApiKey => {
                wrong("api_key must be a string; put it in quotes".to_owned())
            }
            ParamValue::NotText(what) => wrong(format!("{name} must be a string, not {what}")),
            ParamValue::NotUtf8 => wrong(format!("{name} is not UTF-8; encode its text as UTF-8")),
        }
    }

    /// Reads a query string or a form: `name=value` pairs, `+` for a blank.
    pub(super) fn from_pairs(text: &'a str) -> Self {
        let mut fields = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match decode(name) {
                Some(name) => {
                    let value = decode(value).map_or(ParamValue::NotUtf8, ParamValue::Text);
                    fields.put(&name, value);
                }
                None => fields.put_unknown("(a name that is not UTF-8)"),
            }
        }
        fields
    }

    /// Reads a form, whose bytes may be anything.
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
        let known = self.known.map(|field| match field {
            ParamValue::Text(text) => ParamValue::Text(Cow::Owned(text.into_owned())),
            ParamValue::NotText(what) => ParamValue::NotText(what),
            ParamValue::Missing => ParamValue::Missing,
            ParamValue::Repeated => ParamValue::Repeated,
            ParamValue::NotUtf8 => ParamValue::NotUtf8,
        });
        Params { known, unknown: self.unknown }
    }
}

/// Undoes the encoding of a query string; `None` where the bytes are no UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Cow::Borrowed(text));
    }
    let blanks = text.replace('+', " ");
    let plain = percent_decode_str(&blanks).decode_utf8().ok()?;
    Some(Cow::Owned(plain.into_owned()))
}

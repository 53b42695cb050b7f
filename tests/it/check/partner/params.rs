//! The parameters of a call.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::check::stub::Asked;

/// Names and values, in their order.
#[derive(Debug, Default)]
pub(super) struct Params(Vec<(String, Value)>);

/// Why a body or a query cannot be read.
pub(super) enum Unreadable {
    NotUtf8,
    NotJson,
    NoSuchType,
}

impl Params {
    pub(super) fn of_query(asked: &Asked) -> Result<Self, Unreadable> {
        let query = asked.target.split_once('?').map_or("", |(_, query)| query);
        Self::of_pairs(query)
    }

    pub(super) fn of_body(asked: &Asked, json: bool, forms: bool) -> Result<Self, Unreadable> {
        let kind = asked.content_type.as_deref().unwrap_or_default();
        let body = std::str::from_utf8(&asked.body).map_err(|_| Unreadable::NotUtf8);
        match kind.split(';').next().unwrap_or_default().trim() {
            "application/json" if json => match serde_json::from_str(body?) {
                Ok(Value::Object(fields)) => Ok(Self(fields.into_iter().collect())),
                _ => Err(Unreadable::NotJson),
            },
            "application/x-www-form-urlencoded" if forms => Self::of_pairs(body?),
            _ => Err(Unreadable::NoSuchType),
        }
    }

    fn of_pairs(text: &str) -> Result<Self, Unreadable> {
        let decode = |text: &str| {
            let text = text.replace('+', " ");
            let decoded = percent_decode_str(&text).decode_utf8();
            decoded.map(|text| text.into_owned()).map_err(|_| Unreadable::NotUtf8)
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, Value::String(decode(value)?)))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// The value of this name; the last one counts.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The same, if it is a non-empty string.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

//! Parses what callers of the control API send: JSON bodies and query strings.

use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::web::Query;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::problem::Problem;
use crate::scenario::json;

/// Parses a body that is an object; an empty one counts as `{}`.
pub(super) fn body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    json::read(object(body)?).map_err(|error| Problem::fields(vec![error]))
}

/// The text of a body that is an object; an empty one counts as `{}`.
pub(super) fn object(body: &[u8]) -> Result<&str, Problem> {
    let text = text_of(body)?;
    // serde would accept an array for a struct, with fields in our order.
    if !text.trim_start().starts_with('{')
        && let Ok(other) = serde_json::from_str::<&RawValue>(text)
    {
        let shown: String = other.get().chars().take(40).collect();
        return Err(Problem::field(".", format!("{shown} is not a JSON object; send {{…}}")));
    }
    Ok(text)
}

/// Parses a body that may be an object or something else; an empty one counts as `{}`.
pub(super) fn any_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    json::read(text_of(body)?).map_err(|error| Problem::fields(vec![error]))
}

fn text_of(body: &[u8]) -> Result<&str, Problem> {
    let text = std::str::from_utf8(body)
        .map_err(|_| Problem::field(".", "the body is not UTF-8; send JSON"))?;
    Ok(if text.trim().is_empty() { "{}" } else { text })
}

/// Parses a query string into a struct. Each parameter may occur once.
pub(super) fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Problem> {
    let pairs = Query::<Vec<(String, String)>>::from_query(request.query_string());
    let pairs = pairs.map_err(|_| Problem::field("query", "the query is not UTF-8"))?;
    let mut fields = Map::new();
    for (name, value) in pairs.into_inner() {
        if fields.insert(name.clone(), value.into()).is_some() {
            return Err(Problem::field(&name, "it was sent more than once; send it once"));
        }
    }
    let text = Value::Object(fields).to_string();
    json::read(&text).map_err(|error| Problem::fields(vec![error]))
}

/// A query parameter that is more than a string: its text is parsed.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Eq, Ord, JsonSchema)]
#[schemars(transparent, inline)]
pub(super) struct FromText<T>(pub(super) T);

impl<'de, T: Expected> Deserialize<'de> for FromText<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let value = text.parse().ok().filter(|_| !text.starts_with('+'));
        let wrong = || D::Error::custom(format!("{text:?} is not {}", T::EXPECTED));
        value.map(Self).ok_or_else(wrong)
    }
}

/// What an error message asks for.
pub(super) trait Expected: FromStr {
    const EXPECTED: &str;
}

impl Expected for u64 {
    const EXPECTED: &str = "a whole number, such as 10";
}

impl Expected for u16 {
    const EXPECTED: &str = "an HTTP status, such as 409";
}

impl Expected for bool {
    const EXPECTED: &str = "true or false";
}

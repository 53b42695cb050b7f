//! Parses the three encodings of a POST body.

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use actix_web::web::Bytes;
use futures_core::Stream;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::params::{ParamValue, Params};
use crate::domain::error_code::ErrorCode;
use crate::sandbox::command::Refusal;

/// Parses a body by its `Content-Type`. Fails with UNSUPPORTED_MEDIA_TYPE, or with INVALID_REQUEST if
/// the body does not match its type.
pub(super) async fn read<'a>(headers: &HeaderMap, body: &'a Bytes) -> Result<Params<'a>, Refusal> {
    if body.is_empty() {
        return Ok(Params::default());
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let encoding = text(CONTENT_ENCODING);
    if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
        return Err(unsupported(format!(
            "Content-Encoding {encoding:?} is not supported; send the body unencoded"
        )));
    }
    let content_type = text(CONTENT_TYPE);
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        from_json(body)
    } else if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Ok(Params::from_form(body))
    } else if kind.eq_ignore_ascii_case("multipart/form-data") {
        // Boxed: it is rare, and its size would be carried by every request.
        Box::pin(from_multipart(headers, body)).await
    } else {
        let sent = if kind.is_empty() { "no Content-Type".into() } else { format!("{kind:?}") };
        Err(unsupported(format!(
            "the body was sent with {sent}; send application/json, \
             application/x-www-form-urlencoded or multipart/form-data"
        )))
    }
}

/// Parses a body whose `Content-Type` does not help.
pub(super) fn guess(body: &[u8]) -> Option<Params<'_>> {
    from_json(body).ok().or_else(|| Some(Params::from_pairs(std::str::from_utf8(body).ok()?)))
}

fn unsupported(message: String) -> Refusal {
    Refusal::new(ErrorCode::UnsupportedMediaType, message)
}

fn invalid(message: String) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, message)
}

fn from_json(body: &[u8]) -> Result<Params<'_>, Refusal> {
    let text = std::str::from_utf8(body).map_err(|error| {
        invalid(format!("the body is not UTF-8 from byte {} on", error.valid_up_to()))
    })?;
    // Editors on Windows put a byte order mark before JSON.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut json = serde_json::Deserializer::from_str(text);
    let params = json.deserialize_any(ObjectVisitor).and_then(|params| json.end().map(|()| params));
    params.map_err(|error| {
        // The parser's message would repeat the value, which may contain the key.
        let what = match error.classify() {
            serde_json::error::Category::Data => "it is a value of another type".to_owned(),
            _ => error.to_string(),
        };
        invalid(format!("the body is not a JSON object: {what}; send {{\"api_key\": \"…\", …}}"))
    })
}

/// Reads a JSON object pair by pair, to notice repeated names.
struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Params<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut params = Params::default();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let JsonParam(value) = map.next_value()?;
            params.put(&name, value);
        }
        Ok(params)
    }
}

struct JsonParam<'de>(ParamValue<'de>);

impl<'de> serde::Deserialize<'de> for JsonParam<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonParamVisitor).map(Self)
    }
}

struct JsonParamVisitor;

impl<'de> Visitor<'de> for JsonParamVisitor {
    type Value = ParamValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(ParamValue::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(ParamValue::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(ParamValue::NotText("null; leave it out instead".into()))
    }
    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(ParamValue::NotText(value.to_string()))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(number(&value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(number(&value))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(number(&value))
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(ParamValue::NotText("an array".into()))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(ParamValue::NotText("an object".into()))
    }
}

fn number(value: &dyn fmt::Display) -> ParamValue<'static> {
    ParamValue::NotText(format!("the number {value}; put it in quotes"))
}

async fn from_multipart<'a>(headers: &HeaderMap, body: &Bytes) -> Result<Params<'a>, Refusal> {
    let broken = |error: &dyn fmt::Display| {
        invalid(format!(
            "the body is not multipart/form-data: {error}; send its parts with the boundary that Content-Type names"
        ))
    };
    let (_, mut payload) = actix_http::h1::Payload::create(true);
    payload.unread_data(body.clone());
    let payload: Payload = Payload::H1 { payload };
    let mut parts = Multipart::new(headers, payload);
    let mut params = Params::default();
    while let Some(part) = poll_fn(|context| Pin::new(&mut parts).poll_next(context)).await {
        let mut part = part.map_err(|error| broken(&error))?;
        let name = part.name().unwrap_or_default().to_owned();
        let mut value = Vec::new();
        while let Some(chunk) = poll_fn(|context| Pin::new(&mut part).poll_next(context)).await {
            value.extend_from_slice(&chunk.map_err(|error| broken(&error))?);
        }
        let text = String::from_utf8(value)
            .map_or(ParamValue::NotUtf8, |text| ParamValue::Text(text.into()));
        params.put(&name, text);
    }
    Ok(params)
}

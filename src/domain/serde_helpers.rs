//! Reads values from JSON with errors that say what would be right, in words of JSON. Left to
//! itself, serde describes a wrong value in words of Rust.

use std::str::FromStr;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer};
use serde_untagged::UntaggedEnumVisitor;

use super::nearest::{Named, by_name};

/// Reads a number; `right` completes "expected …".
pub(crate) fn number<'de, D: Deserializer<'de>>(
    deserializer: D,
    right: &'static str,
) -> Result<f64, D::Error> {
    UntaggedEnumVisitor::new()
        .expecting(right)
        .i64(|number| Ok(number as f64))
        .u64(|number| Ok(number as f64))
        .f64(Ok)
        .deserialize(deserializer)
}

/// Reads a whole number, 0 or more; `right` completes "expected …".
pub(crate) fn unsigned<'de, D: Deserializer<'de>, T: TryFrom<u64>>(
    deserializer: D,
    right: &'static str,
) -> Result<T, D::Error> {
    UntaggedEnumVisitor::new()
        .expecting(right)
        .u64(|number| {
            let received = Unexpected::Unsigned(number);
            T::try_from(number).map_err(|_| Error::invalid_value(received, &right))
        })
        .deserialize(deserializer)
}

/// Reads a text, or a number as its text; `right` completes "expected …".
pub(crate) fn text_or_number<'de, D: Deserializer<'de>, T: FromStr<Err = String>>(
    deserializer: D,
    right: &'static str,
) -> Result<T, D::Error> {
    fn parse<T: FromStr<Err = String>, E: Error>(text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
    UntaggedEnumVisitor::new()
        .expecting(right)
        .string(parse)
        .i64(|number| parse(&number.to_string()))
        .u64(|number| parse(&number.to_string()))
        .f64(|number| parse(&number.to_string()))
        .deserialize(deserializer)
}

/// Reads a list; `right` completes "expected …".
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    right: &'static str,
) -> Result<Vec<T>, D::Error> {
    UntaggedEnumVisitor::new()
        .expecting(right)
        .seq(|list| list.deserialize())
        .deserialize(deserializer)
}

/// Reads an object; `right` completes "expected …". Serde alone would also take a list of the
/// fields, in our order.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    right: &'static str,
) -> Result<T, D::Error> {
    UntaggedEnumVisitor::new()
        .expecting(right)
        .map(|object| object.deserialize())
        .deserialize(deserializer)
}

/// Reads a list of objects. Without this, serde would accept an array for each, with the fields in our
/// order.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let objects: Vec<JsonObject<T>> = list(deserializer, "a list of objects")?;
    Ok(objects.into_iter().map(|JsonObject(object)| object).collect())
}

/// A value that JSON writes as an object, and never as an array of its fields.
#[derive(Debug)]
pub(crate) struct JsonObject<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for JsonObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer, "an object").map(Self)
    }
}

/// Reads one of an enum's names; `what` says what it names.
pub(crate) fn name<'de, D: Deserializer<'de>, T: Named>(
    deserializer: D,
    what: &str,
) -> Result<T, D::Error> {
    let first = T::VARIANTS.first().map_or("", |first| (*first).into());
    UntaggedEnumVisitor::new()
        .expecting(format_args!("{what}, such as {first:?}"))
        .string(|text| by_name(text, what).map_err(Error::custom))
        .deserialize(deserializer)
}

/// Writes an enum to JSON by the names that strum derives, and reads it by them.
macro_rules! json_names {
    ($type:ident, $what:literal) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::domain::serde_helpers::name(deserializer, $what)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.into())
            }
        }

        crate::domain::schema::json_schema!($type, (stringify!($type)): {
            "type": "string", "enum": (crate::domain::nearest::names::<$type>()),
        });
    };
}

/// Reads a type from JSON as `FromStr` does.
macro_rules! json_from_str {
    ($type:ident) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer)?
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Writes a type to JSON as `Display` does.
macro_rules! json_to_string {
    ($type:ident) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

pub(crate) use {json_from_str, json_names, json_to_string};

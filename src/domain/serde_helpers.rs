//! Reads numbers and lists from JSON. Where there is none, the error says what would be right,
//! which serde by itself would tell in the words of Rust.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::nearest::named;

/// Reads a number; `right` completes "expected …".
pub(crate) fn number<'de, D: Deserializer<'de>>(
    deserializer: D,
    right: &'static str,
) -> Result<f64, D::Error> {
    struct Number(&'static str);

    impl Visitor<'_> for Number {
        type Value = f64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<f64, E> {
            Ok(number)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<f64, E> {
            Ok(number as f64)
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<f64, E> {
            Ok(number as f64)
        }
    }

    deserializer.deserialize_any(Number(right))
}

/// Reads a whole number that is not negative; `right` completes "expected …".
pub(crate) fn unsigned<'de, D: Deserializer<'de>, T: TryFrom<u64>>(
    deserializer: D,
    right: &'static str,
) -> Result<T, D::Error> {
    struct Whole<T>(&'static str, PhantomData<T>);

    impl<T: TryFrom<u64>> Visitor<'_> for Whole<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
            let too_large = |_| E::invalid_value(Unexpected::Unsigned(number), &self);
            T::try_from(number).map_err(too_large)
        }
    }

    deserializer.deserialize_any(Whole(right, PhantomData))
}

/// Reads a list; `right` completes "expected …".
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    right: &'static str,
) -> Result<Vec<T>, D::Error> {
    struct List<T>(&'static str, PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(entry) = seq.next_element()? {
                list.push(entry);
            }
            Ok(list)
        }
    }

    deserializer.deserialize_any(List(right, PhantomData))
}

/// Reads an object; `right` completes "expected …". By itself, serde would take a list for one, with
/// its fields in our order.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    right: &'static str,
) -> Result<T, D::Error> {
    struct Object<T>(&'static str, PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(Object(right, PhantomData))
}

/// Reads one of a few names; `what` says of what. A derived enum would call a number in the place
/// of a name a mistake in the JSON.
pub(crate) fn choice<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    what: &'static str,
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> Result<T, D::Error> {
    struct Choice<T: 'static>(&'static str, &'static [T], fn(T) -> &'static str);

    impl<T: Copy> Visitor<'_> for Choice<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)?;
            match self.1.first() {
                Some(first) => write!(f, ", such as {:?}", (self.2)(*first)),
                None => Ok(()),
            }
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            named(text, self.0, self.1, self.2).map_err(E::custom)
        }
    }

    deserializer.deserialize_any(Choice(what, all, name))
}

/// Gives an enum its names, and reads it by them.
macro_rules! choices {
    ($type:ident, $what:literal: $($variant:ident $name:literal),+ $(,)?) => {
        impl $type {
            const CHOICES: &'static [Self] = &[$(Self::$variant),+];

            const fn written(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::domain::serde_helpers::choice(deserializer, $what, Self::CHOICES, Self::written)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.written())
            }
        }

        crate::domain::schema::json_schema!($type, (stringify!($type)): {
            "type": "string", "enum": [$($name),+],
        });
    };
}

pub(crate) use choices;

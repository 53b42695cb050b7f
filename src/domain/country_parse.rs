//! Countries read from text.
//!
//! Our ruling: a lower-case code, and `UK` for `GB`, are accepted with a lint; what is no code is
//! refused with the nearest right one.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

use super::country::{Country, ParsedCountry};
use super::country_suggestion;
use super::schema::json_schema;

impl Country {
    /// Reads a code as forgivingly as our ruling allows. White space around it is not forgiven.
    ///
    /// # Errors
    /// When it is no code, with the nearest one.
    pub fn parse(text: &str) -> Result<ParsedCountry, UnknownCountry> {
        Self::read(text)
            .ok_or_else(|| UnknownCountry { nearest: country_suggestion::nearest(text) })
    }
}

/// The strict reading, for what a person writes once and can correct: scenarios and flags.
/// Only a code in upper case will do.
impl TryFrom<&str> for Country {
    type Error = UnknownCountry;

    fn try_from(text: &str) -> Result<Self, UnknownCountry> {
        match Self::parse(text)? {
            ParsedCountry { code, lint: None } => Ok(code),
            ParsedCountry { code, lint: Some(_) } => Err(UnknownCountry { nearest: Some(code) }),
        }
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Alpha2;

        impl de::Visitor<'_> for Alpha2 {
            type Value = Country;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 3166-1 alpha-2 country code, such as DE")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Country, E> {
                Country::try_from(text)
                    .map_err(|unknown| E::custom(format_args!("{text:?} is {unknown}")))
            }
        }

        deserializer.deserialize_str(Alpha2)
    }
}

/// The text is not a country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCountry {
    /// The code that was probably meant, where there is a good guess.
    pub nearest: Option<Country>,
}

/// Reads on from the text that was refused: `"Germany" is not an ISO …`.
impl fmt::Display for UnknownCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an ISO 3166-1 alpha-2 country code")?;
        match self.nearest {
            Some(code) => write!(f, "; did you mean {code} ({})?", code.name()),
            None => f.write_str(", such as US, GB or DE"),
        }
    }
}

impl std::error::Error for UnknownCountry {}

json_schema!(Country, "Country": {
    "type": "string",
    "enum": (
        Country::all().chain(Country::on_demand()).map(Country::as_str).collect::<Vec<_>>()
    ),
    "description": "ISO 3166-1 alpha-2, or one of the codes that stand for an error on demand.",
});

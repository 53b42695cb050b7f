//! Reads countries from text.
//!
//! Our ruling: a code in lower case, and `UK` for `GB`, are accepted with a lint. Any other text is
//! refused with the nearest code.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use serde_untagged::UntaggedEnumVisitor;

use super::country::{Country, ParsedCountry};
use super::country_suggestion;
use super::schema::json_schema;

impl Country {
    /// Reads a code as leniently as our ruling allows, but not with white space around it.
    ///
    /// # Errors
    /// When it is not a code, with the nearest one.
    pub fn parse(text: &str) -> Result<ParsedCountry, UnknownCountry> {
        Self::read(text)
            .ok_or_else(|| UnknownCountry { nearest: country_suggestion::nearest(text) })
    }
}

/// Strict, for scenarios and flags, which a person writes once and can correct: only upper case.
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
        fn wrong<E: de::Error>(text: &str, unknown: UnknownCountry) -> E {
            E::custom(format_args!("{text:?} is {unknown}"))
        }
        UntaggedEnumVisitor::new()
            .expecting("an ISO 3166-1 alpha-2 country code, such as DE")
            .string(|text| Self::try_from(text).map_err(|unknown| wrong(text, unknown)))
            .deserialize(deserializer)
    }
}

/// The text is not a country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCountry {
    /// The code that was probably meant, if there is a good guess.
    pub nearest: Option<Country>,
}

/// Follows the text that was refused: `"Germany" is not an ISO …`.
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

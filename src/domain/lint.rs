//! What was accepted although it is not how the documentation writes it.

use std::fmt;

use serde::Serialize;

use super::country::Country;
use super::schema::json_schema;

/// A remark on a request that was accepted; with `--strict` it is refused instead (our ruling).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lint {
    /// A parameter that the endpoint does not have, and the one that was perhaps meant.
    UnknownParameter {
        /// The name as it was sent, cut to a readable length.
        name: String,
        /// The nearest parameter of this endpoint.
        nearest: Option<&'static str>,
    },
    /// A country in lower case.
    LowerCaseCountry(Country),
    /// `UK`, which ISO only reserves; GB is the code.
    UkForGb,
    /// A parameter that stood where this endpoint does not read it.
    WrongPlace {
        /// Its name.
        name: &'static str,
    },
    /// The api_key also stood where this endpoint does not read it.
    KeyInWrongPlace,
    /// A preference of the `Prefer` header that is not known, or makes no sense.
    UnknownPreference {
        /// What is wrong with it, as a sentence.
        reason: String,
    },
}

impl Lint {
    /// The names of all kinds of remarks.
    pub const IDS: [&'static str; 6] = [
        "unknown-parameter",
        "lower-case-country",
        "uk-for-gb",
        "parameter-in-wrong-place",
        "key-in-wrong-place",
        "unknown-preference",
    ];

    /// The stable name of this kind of remark.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::UnknownParameter { .. } => "unknown-parameter",
            Self::LowerCaseCountry(_) => "lower-case-country",
            Self::UkForGb => "uk-for-gb",
            Self::WrongPlace { .. } => "parameter-in-wrong-place",
            Self::KeyInWrongPlace => "key-in-wrong-place",
            Self::UnknownPreference { .. } => "unknown-preference",
        }
    }

    /// Whether `--strict` refuses it. A preference is ignored where it is not known: RFC 7240.
    #[must_use]
    pub const fn is_refused_when_strict(&self) -> bool {
        !matches!(self, Self::UnknownPreference { .. })
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownParameter { name, nearest: None } => {
                write!(f, "{name:?} is not a parameter of this endpoint")
            }
            Self::UnknownParameter { name, nearest: Some(nearest) } => {
                write!(f, "{name:?} is not a parameter of this endpoint; did you mean {nearest:?}?")
            }
            Self::LowerCaseCountry(country) => {
                write!(f, "country was sent in lower case; it is written \"{country}\"")
            }
            Self::UkForGb => {
                f.write_str("country was sent as UK; the code of the United Kingdom is \"GB\"")
            }
            Self::WrongPlace { name } => {
                write!(f, "{name:?} stood where this endpoint does not read it")
            }
            Self::UnknownPreference { reason } => write!(f, "Prefer is ignored: {reason}"),
            Self::KeyInWrongPlace => {
                f.write_str("api_key also stood where this endpoint does not read it")
            }
        }
    }
}

impl Serialize for Lint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

json_schema!(Lint, "Lint": {
    "type": "string", "enum": (Lint::IDS),
    "description": "What was accepted although the documentation writes it otherwise.",
});

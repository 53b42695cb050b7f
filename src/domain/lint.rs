//! Requests that were accepted although the documentation writes them differently.

use std::fmt;

use strum::{IntoStaticStr, VariantNames};

use super::country::Country;
use super::escape;
use super::schema::json_schema;

/// A remark on a request that was accepted; with `--strict` it is refused instead (our ruling).
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Lint {
    /// A parameter that the endpoint does not have.
    UnknownParameter {
        /// The name as it was sent, cut to a readable length.
        name: String,
        /// The nearest parameter of this endpoint.
        nearest: Option<&'static str>,
    },
    /// A country in lower case.
    LowerCaseCountry(Country),
    /// `UK`, which ISO only reserves; the code is GB.
    UkForGb,
    /// A parameter where this endpoint does not read it.
    #[strum(serialize = "parameter-in-wrong-place")]
    WrongPlace {
        /// Its name.
        name: &'static str,
    },
    /// The api_key was sent where this endpoint does not read it.
    KeyInWrongPlace,
    /// A preference of the `Prefer` header that is unknown or invalid.
    UnknownPreference {
        /// What is wrong with it, as a sentence.
        reason: String,
    },
}

impl Lint {
    /// The stable name of this kind of remark.
    pub fn id(&self) -> &'static str {
        self.into()
    }

    /// Whether `--strict` refuses it. RFC 7240 has servers ignore preferences that they do not
    /// know.
    pub(crate) const fn is_refused_when_strict(&self) -> bool {
        !matches!(self, Self::UnknownPreference { .. })
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownParameter { name, nearest: None } => {
                write!(f, "{} is not a parameter of this endpoint", escape::name(name))
            }
            Self::UnknownParameter { name, nearest: Some(nearest) } => {
                let name = escape::name(name);
                write!(f, "{name} is not a parameter of this endpoint; did you mean {nearest:?}?")
            }
            Self::LowerCaseCountry(country) => {
                write!(f, "country was sent in lower case; it is written \"{country}\"")
            }
            Self::UkForGb => {
                f.write_str("country was sent as UK; the code of the United Kingdom is \"GB\"")
            }
            Self::WrongPlace { name } => {
                write!(f, "{name:?} was sent where this endpoint does not read it")
            }
            Self::UnknownPreference { reason } => write!(f, "Prefer is ignored: {reason}"),
            Self::KeyInWrongPlace => {
                f.write_str("api_key was sent where this endpoint does not read it")
            }
        }
    }
}

impl serde::Serialize for Lint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

json_schema!(Lint, "Lint": {
    "type": "string", "enum": (<Lint as VariantNames>::VARIANTS),
    "description": "What was accepted although the documentation writes it otherwise.",
});

//! The four endpoints.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::nearest::named;
use super::schema::json_schema;

/// One of the four endpoints of the documented API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Endpoint {
    /// `GET /getNumbers`: what can be rented.
    GetNumbers,
    /// `POST /rentNumber`: rents a number.
    RentNumber,
    /// `GET /getSMS`: reads the messages of a rental.
    #[serde(rename = "getSMS")]
    GetSms,
    /// `POST /cancelNumber`: ends a rental.
    CancelNumber,
}

impl Endpoint {
    /// All four, in the order of the documentation.
    pub const ALL: [Self; 4] =
        [Self::GetNumbers, Self::RentNumber, Self::GetSms, Self::CancelNumber];

    /// The path at the root, case-sensitive: `/getSMS`.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::GetNumbers => "/getNumbers",
            Self::RentNumber => "/rentNumber",
            Self::GetSms => "/getSMS",
            Self::CancelNumber => "/cancelNumber",
        }
    }

    /// The name, which is the path without its slash.
    #[must_use]
    pub fn name(self) -> &'static str {
        &self.path()[1..]
    }

    /// The endpoint at this path.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.path() == path)
    }

    /// The only method it answers: `GET` or `POST`.
    #[must_use]
    pub const fn method(self) -> &'static str {
        if self.reads_query() { "GET" } else { "POST" }
    }

    /// Whether its parameters stand in the query string (else in the body).
    #[must_use]
    pub const fn reads_query(self) -> bool {
        matches!(self, Self::GetNumbers | Self::GetSms)
    }
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        named(text, "an endpoint", &Self::ALL, Self::name)
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

json_schema!(Endpoint, "Endpoint": {
    "type": "string", "enum": (Endpoint::ALL.map(Endpoint::name)),
    "description": "One of the four endpoints of the partner API.",
});

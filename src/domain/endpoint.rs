//! The four endpoints of the partner API.

use std::str::FromStr;

use super::nearest::named;
use super::schema::json_schema;
use super::serde_helpers::{json_from_str, json_to_string};

/// One of the four endpoints of the documented API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// `GET /getNumbers`: lists what can be rented.
    GetNumbers,
    /// `POST /rentNumber`: rents a number.
    RentNumber,
    /// `GET /getSMS`: reads the messages of a rental.
    GetSms,
    /// `POST /cancelNumber`: ends a rental.
    CancelNumber,
}

impl Endpoint {
    /// All four, in the order of the documentation.
    pub const ALL: [Self; 4] =
        [Self::GetNumbers, Self::RentNumber, Self::GetSms, Self::CancelNumber];

    /// The path at the root, case-sensitive: `/getSMS`.
    pub const fn path(self) -> &'static str {
        match self {
            Self::GetNumbers => "/getNumbers",
            Self::RentNumber => "/rentNumber",
            Self::GetSms => "/getSMS",
            Self::CancelNumber => "/cancelNumber",
        }
    }

    /// The name, which is the path without its slash.
    pub fn name(self) -> &'static str {
        &self.path()[1..]
    }

    /// The endpoint at this path.
    pub(crate) fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.path() == path)
    }

    /// The only method it answers: `GET` or `POST`.
    pub const fn method(self) -> &'static str {
        if self.reads_query() { "GET" } else { "POST" }
    }

    /// Whether it reads its parameters from the query string, not from the body.
    pub const fn reads_query(self) -> bool {
        matches!(self, Self::GetNumbers | Self::GetSms)
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        named(text, "an endpoint", &Self::ALL, Self::name)
    }
}

json_from_str!(Endpoint);
json_to_string!(Endpoint);

json_schema!(Endpoint, "Endpoint": {
    "type": "string", "enum": (Endpoint::ALL.map(Endpoint::name)),
    "description": "One of the four endpoints of the partner API.",
});

//! A set of endpoints.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::endpoint::Endpoint;
use crate::domain::schema::json_schema;
use crate::domain::serde_helpers;

/// At least one of the four endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoints([bool; 4]);

impl Endpoints {
    /// All four.
    pub const ALL: Self = Self([true; 4]);

    pub(crate) fn new(endpoints: impl IntoIterator<Item = Endpoint>) -> Result<Self, String> {
        let mut set = [false; 4];
        for endpoint in endpoints {
            set[endpoint as usize] = true;
        }
        if set == [false; 4] {
            let names = Endpoint::ALL.map(Endpoint::name).join(", ");
            return Err(format!("names no endpoint; at least one of {names} is right"));
        }
        Ok(Self(set))
    }

    pub(crate) const fn contains(self, endpoint: Endpoint) -> bool {
        self.0[endpoint as usize]
    }

    /// In the order of the documentation.
    pub(crate) fn iter(self) -> impl Iterator<Item = Endpoint> {
        Endpoint::ALL.into_iter().filter(move |endpoint| self.contains(*endpoint))
    }
}

impl<const N: usize> From<[Endpoint; N]> for Endpoints {
    /// # Panics
    /// When the array is empty.
    #[track_caller]
    fn from(endpoints: [Endpoint; N]) -> Self {
        Self::new(endpoints).unwrap_or_else(|reason| panic!("the set of endpoints {reason}"))
    }
}

impl fmt::Display for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("every endpoint");
        }
        let names: Vec<&str> = self.iter().map(Endpoint::name).collect();
        f.write_str(&names.join(" and "))
    }
}

impl Serialize for Endpoints {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Endpoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a list of endpoints, such as [\"rentNumber\", \"getSMS\"]";
        let endpoints: Vec<Endpoint> = serde_helpers::list(deserializer, right)?;
        Self::new(endpoints).map_err(de::Error::custom)
    }
}

json_schema!(Endpoints, "Endpoints": {
    "type": "array", "minItems": 1, "items": {"enum": (Endpoint::ALL.map(Endpoint::name))},
    "description": "At least one of the four endpoints.",
});

//! The statuses that a fault can reply with.

use serde::{Deserialize, Deserializer, Serialize, de};
use strum::{IntoStaticStr, VariantArray};

use crate::domain::schema::json_schema;
use crate::domain::serde_helpers;
use crate::domain::serde_helpers::json_names;

/// A status that a final reply can have: 200 to 599.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct HttpStatus(u16);

impl HttpStatus {
    pub(crate) fn new(status: u16) -> Result<Self, String> {
        if (200..600).contains(&status) {
            Ok(Self(status))
        } else {
            Err(format!("{status} is not the status of a reply; 200 to 599 is right, such as 503"))
        }
    }

    pub(super) fn with(self, body: BodyKind) -> Result<Self, String> {
        if matches!(self.0, 204 | 205 | 304) && body != BodyKind::Empty {
            return Err(format!("`body`: a reply with status {} has none; use \"empty\"", self.0));
        }
        Ok(self)
    }

    pub(crate) const fn get(self) -> u16 {
        self.0
    }
}

impl<'de> Deserialize<'de> for HttpStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "an HTTP status from 200 to 599, such as 503";
        Self::new(serde_helpers::unsigned(deserializer, right)?).map_err(de::Error::custom)
    }
}

/// The body of a status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum BodyKind {
    /// The API's error body, with the code for the status.
    #[default]
    Json,
    /// A web page, as proxies send it.
    Html,
    /// None.
    Empty,
}

json_names!(BodyKind, "a kind of body");

/// Redirects, after which a client may or must not turn a POST into a GET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirect {
    /// 301: most clients turn a POST into a GET and lose its body.
    MovedPermanently,
    /// 307: method and body stay.
    Temporary,
    /// 308: method and body stay, permanently.
    Permanent,
}

impl Redirect {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::MovedPermanently => 301,
            Self::Temporary => 307,
            Self::Permanent => 308,
        }
    }
}

impl Serialize for Redirect {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.status())
    }
}

impl<'de> Deserialize<'de> for Redirect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_helpers::unsigned::<_, u16>(deserializer, "one of 301, 307 and 308")? {
            301 => Ok(Self::MovedPermanently),
            307 => Ok(Self::Temporary),
            308 => Ok(Self::Permanent),
            other => {
                let right = "301, 307 and 308 are right";
                Err(de::Error::custom(format!("{other} is not a supported redirect; {right}")))
            }
        }
    }
}

json_schema!(HttpStatus, "HttpStatus": {"type": "integer", "minimum": 200, "maximum": 599});

json_schema!(Redirect, "Redirect": {"type": "integer", "enum": [301, 307, 308]});

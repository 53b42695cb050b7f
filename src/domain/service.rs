//! Service identifiers.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::schema::json_schema;

/// The platform a number is rented for: free text of 1 to 64 characters (our ruling).
///
/// It decides the sender and the wording of the SMS. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Service(Arc<str>);

impl Service {
    /// The most characters it may have.
    pub const MAX_CHARS: usize = 64;

    /// Keeps the text as it is.
    ///
    /// # Errors
    /// When it is blank or longer than [`Service::MAX_CHARS`] characters.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err(
                "service is empty; leave it out or name a platform, such as telegram".into()
            );
        }
        let length = text.chars().count();
        if length > Self::MAX_CHARS {
            return Err(format!(
                "service has {length} characters; at most {} are allowed",
                Self::MAX_CHARS
            ));
        }
        Ok(Self(text.into()))
    }

    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the same platform, ignoring letter case.
    pub fn is(&self, other: &Self) -> bool {
        self.0.to_lowercase() == other.0.to_lowercase()
    }

    /// The name as people write it: `WhatsApp` for `whatsapp`, otherwise the text, capitalized.
    pub fn display_name(&self) -> String {
        let known = KNOWN.iter().find(|name| name.eq_ignore_ascii_case(&self.0));
        if let Some(name) = known {
            return (*name).to_owned();
        }
        let mut chars = self.0.chars();
        let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        first + chars.as_str()
    }
}

/// Platforms with capitals that no rule finds.
const KNOWN: [&str; 12] = [
    "WhatsApp", "WeChat", "TikTok", "LinkedIn", "PayPal", "eBay", "YouTube", "GitHub", "OpenAI",
    "OLX", "imo", "DoorDash",
];

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Service {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

json_schema!(Service, "Service": {
    "type": "string", "minLength": 1, "maxLength": 64, "pattern": "\\S",
    "description": "The platform that a number is rented for: free text. It picks the sender and the \
                    wording of the SMS.",
});

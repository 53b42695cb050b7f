//! What a test calls its sandbox.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::schema::json_schema;
use super::serde_helpers::json_from_str;

/// What a test calls its sandbox, so that a report leads back to the test: 1 to 1,000 characters
/// without control characters (our ruling).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label(Arc<str>);

impl Label {
    const MAX_CHARS: usize = 1_000;
}

impl FromStr for Label {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (length, most) = (text.chars().count(), Self::MAX_CHARS);
        if text.trim().is_empty() {
            return Err("label is empty; leave it out, or write the name of the test".into());
        }
        if length > most {
            return Err(format!("label has {length} characters; at most {most} are right"));
        }
        if text.chars().any(char::is_control) {
            return Err("label has control characters, such as a line end; leave them out".into());
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

json_from_str!(Label);

json_schema!(Label, "Label": {
    "type": "string", "minLength": 1, "maxLength": 1_000,
    "description": "What a test calls its sandbox, such as the name of the test.",
});

//! Reads a scenario or a part of it from JSON, and says which field is wrong.

use serde::de::{DeserializeOwned, IgnoredAny};

use super::validation::FieldError;
use super::{FaultRule, Scenario};
use crate::domain::nearest::nearest;

impl Scenario {
    /// Reads a valid scenario.
    ///
    /// # Errors
    /// What is wrong, with the path of the field and what would be right.
    pub fn from_json(text: &str) -> Result<Self, Vec<FieldError>> {
        let scenario: Self = read(text).map_err(|error| vec![error])?;
        scenario.validate()?;
        Ok(scenario)
    }
}

impl FaultRule {
    /// Reads a valid rule.
    ///
    /// # Errors
    /// What is wrong, with the path of the field and what would be right.
    pub fn from_json(text: &str) -> Result<Self, FieldError> {
        read(text)
    }
}

/// Reads any of our types from JSON.
///
/// # Errors
/// What is wrong, with the path of the field. `.` is the path of the whole text.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, FieldError> {
    // The syntax first: what is not JSON has no path.
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| FieldError {
        path: ".".into(),
        message: format!("this is not JSON: {error}"),
    })?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| FieldError::at(error.path().to_string(), message(error.inner())))
}

/// What is wrong, with the nearest name for an unknown one. The path says where, so the message
/// names no line and column.
fn message(error: &serde_json::Error) -> String {
    let mut message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.truncate(message.strip_suffix(&place).unwrap_or(&message).len());
    message = message.replacen("invalid type: sequence", "invalid type: list", 1);
    // For a type without words of its own, serde uses those of Rust.
    for (rust, plain) in [
        ("expected u16", "expected a whole number, 0 to 65535"),
        ("expected u32", "expected a whole number, 0 or more"),
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected a string", "expected a text"),
        ("expected a sequence", "expected a list"),
    ] {
        if let Some(start) = message.strip_suffix(rust) {
            message = format!("{start}{plain}");
        }
    }
    if let Some(field) = message.strip_prefix("missing field ") {
        return format!("{field} is missing; it is required");
    }
    let unknown =
        message.strip_prefix("unknown field `").or(message.strip_prefix("unknown variant `"));
    let hint =
        unknown.and_then(|rest| rest.split_once("`, expected ")).and_then(|(name, names)| {
            // Every second piece stands between two backticks.
            nearest(name, names.split('`').skip(1).step_by(2))
        });
    match hint {
        Some(nearest) => format!("{message}; did you mean `{nearest}`?"),
        None => message,
    }
}

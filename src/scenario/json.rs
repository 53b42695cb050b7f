//! Reads a scenario or a part of it from JSON, and says where it is wrong.

use serde::de::DeserializeOwned;

use super::validation::FieldError;
use super::{FaultRule, Scenario};
use crate::domain::nearest::nearest;

impl Scenario {
    /// Reads a scenario that makes sense.
    ///
    /// # Errors
    /// What is wrong, with the path of the field and what would be right.
    pub fn from_json(text: &str) -> Result<Self, Vec<FieldError>> {
        let scenario: Self = read(text).map_err(|problem| vec![problem])?;
        scenario.check()?;
        Ok(scenario)
    }
}

impl FaultRule {
    /// Reads a rule that makes sense.
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
/// What is wrong, with the path of the field; the path of the whole is `.`.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, FieldError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() { FieldError::at(path, message(&error)) } else { no_json(&error) }
    })?;
    deserializer.end().map_err(|error| no_json(&error))?;
    Ok(value)
}

/// What is no JSON has no path that could be told.
fn no_json(error: &serde_json::Error) -> FieldError {
    FieldError { path: ".".into(), message: format!("this is not JSON: {error}") }
}

/// What is wrong, with the nearest name where one is not known. Where in the text it stands is told
/// only of what is no JSON: all else has a path.
fn message(error: &serde_json::Error) -> String {
    let mut told = error.to_string();
    if !error.is_data() {
        return told;
    }
    let place = format!(" at line {} column {}", error.line(), error.column());
    told.truncate(told.strip_suffix(&place).unwrap_or(&told).len());
    told = told.replacen("invalid type: sequence", "invalid type: list", 1);
    // Where a type has no words of its own, serde names it as Rust does.
    for (rust, plain) in [
        ("expected u16", "expected a whole number, 0 to 65535"),
        ("expected u32", "expected a whole number, 0 or more"),
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected a string", "expected a text"),
        ("expected a sequence", "expected a list"),
    ] {
        if let Some(start) = told.strip_suffix(rust) {
            told = format!("{start}{plain}");
        }
    }
    if let Some(field) = told.strip_prefix("missing field ") {
        return format!("{field} is missing; it has to be there");
    }
    let unknown = told.strip_prefix("unknown field `").or(told.strip_prefix("unknown variant `"));
    let hint =
        unknown.and_then(|rest| rest.split_once("`, expected ")).and_then(|(name, names)| {
            // Every second piece stands between two backticks.
            nearest(name, names.split('`').skip(1).step_by(2))
        });
    match hint {
        Some(nearest) => format!("{told}; did you mean `{nearest}`?"),
        None => told,
    }
}

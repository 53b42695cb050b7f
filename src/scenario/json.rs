//! Reads a scenario or a part of it from JSON, and says where it is wrong.

use serde::de::DeserializeOwned;

use super::check::Problem;
use super::{FaultRule, Scenario};

impl Scenario {
    /// Reads a scenario that makes sense.
    ///
    /// # Errors
    /// What is wrong, with the path of the field and what would be right.
    pub fn from_json(text: &str) -> Result<Self, Vec<Problem>> {
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
    pub fn from_json(text: &str) -> Result<Self, Problem> {
        read(text)
    }
}

/// Reads any of our types from JSON.
///
/// # Errors
/// What is wrong, with the path of the field; the path of the whole is `.`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        Problem { path, message: error.into_inner().to_string() }
    })?;
    let end = deserializer.end();
    end.map_err(|error| Problem { path: ".".into(), message: error.to_string() })?;
    Ok(value)
}

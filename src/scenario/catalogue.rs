//! The scenarios that a server knows.

use std::sync::Arc;

use super::Scenario;
use crate::domain::nearest::nearest;

/// Scenarios by name, in a fixed order.
#[derive(Clone, Debug)]
pub(crate) struct Catalogue(Vec<Arc<Scenario>>);

impl Catalogue {
    /// Takes these scenarios, in this order.
    ///
    /// # Errors
    /// The mistakes of the first that has some, one per line.
    pub(crate) fn new(scenarios: impl IntoIterator<Item = Scenario>) -> Result<Self, String> {
        let mut catalogue = Self(Vec::new());
        for scenario in scenarios {
            catalogue.add(scenario)?;
        }
        Ok(catalogue)
    }

    /// Adds a scenario, or replaces the one of the same name.
    ///
    /// # Errors
    /// What is wrong with it, one mistake per line.
    pub(crate) fn add(&mut self, scenario: Scenario) -> Result<Arc<Scenario>, String> {
        scenario.validate().map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(|p| format!("  {p}")).collect();
            format!("scenario {:?} makes no sense:\n{}", scenario.name, lines.join("\n"))
        })?;
        let scenario = Arc::new(scenario);
        match self.0.iter_mut().find(|known| known.name == scenario.name) {
            Some(known) => *known = Arc::clone(&scenario),
            None => self.0.push(Arc::clone(&scenario)),
        }
        Ok(scenario)
    }

    /// The scenario of this name.
    ///
    /// # Errors
    /// A sentence with the nearest name.
    pub(crate) fn get(&self, name: &str) -> Result<&Arc<Scenario>, String> {
        let names = self.0.iter().map(|scenario| scenario.name.as_str());
        self.find(name).ok_or_else(|| unknown(name, names))
    }

    /// The scenario of this name, if it is known.
    pub(crate) fn find(&self, name: &str) -> Option<&Arc<Scenario>> {
        self.0.iter().find(|scenario| scenario.name == name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Scenario>> {
        self.0.iter()
    }
}

/// Says that a scenario is unknown, with the nearest of the known names.
pub(crate) fn unknown<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let hint = nearest(name, known)
        .map_or_else(String::new, |nearest| format!("; did you mean {nearest:?}?"));
    let shown: String = name.chars().take(64).collect();
    format!("{shown:?} is not a scenario{hint} (`ringer scenarios` lists them)")
}

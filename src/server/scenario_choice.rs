//! Which scenario a server starts its sandboxes on.

use crate::scenario::Scenario;

/// The default scenario of a server. A [`Scenario`] or the name of one converts into it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ScenarioChoice {
    /// A scenario of the catalogue.
    Named(String),
    /// A scenario of your own.
    Given(Box<Scenario>),
}

impl From<&str> for ScenarioChoice {
    fn from(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

impl From<String> for ScenarioChoice {
    fn from(name: String) -> Self {
        Self::Named(name)
    }
}

impl From<Scenario> for ScenarioChoice {
    fn from(scenario: Scenario) -> Self {
        Self::Given(Box::new(scenario))
    }
}

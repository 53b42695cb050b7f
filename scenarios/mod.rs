//! The bundled scenarios, in their documented order: a file a scenario, each written as a user
//! would write it in a crate of their own.

pub mod documentation;
pub mod happy_path;

use ringer::scenario::Scenario;

/// All of them, in their documented order.
#[must_use]
pub fn all() -> Vec<Scenario> {
    vec![happy_path::happy_path(), documentation::documentation()]
}

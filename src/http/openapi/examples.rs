//! Examples: what the server really answered. `examples.json` is written by a test, which provokes
//! each documented reply and holds the file to what it then sees.

use serde_json::{Map, Value, json};

const FILE: &str = include_str!("examples.json");

/// What the server really answered, by operation and status.
pub(super) struct Examples(Value);

impl Examples {
    pub(super) fn new() -> Self {
        let read = serde_json::from_str(FILE);
        debug_assert!(read.is_ok(), "{read:?}");
        Self(read.unwrap_or_default())
    }

    /// The replies of this kind, by name, as a document shows them.
    pub(super) fn replies(&self, operation: &str, status: u16, kind: &str) -> Map<String, Value> {
        let of_kind = |example: &&Value| example["kind"] == kind;
        self.shown(operation, &status.to_string(), "reply", of_kind)
    }

    /// The requests of this kind that succeeded, by name.
    pub(super) fn requests(&self, operation: &str, kind: &str) -> Map<String, Value> {
        let mut all = Map::new();
        for status in ["200", "201"] {
            let of_kind = |example: &&Value| example["sent"] == kind;
            all.extend(self.shown(operation, status, "request", of_kind));
        }
        all
    }

    fn shown(
        &self,
        operation: &str,
        status: &str,
        what: &str,
        fits: impl Fn(&&Value) -> bool,
    ) -> Map<String, Value> {
        let examples = self.0[operation][status].as_object();
        let examples = examples.into_iter().flatten().filter(|(_, example)| fits(example));
        let shown = examples.filter_map(|(name, example)| {
            let value = example.get(what)?;
            Some((name.clone(), json!({"value": value})))
        });
        shown.collect()
    }
}

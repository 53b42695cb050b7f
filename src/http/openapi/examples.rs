//! Examples of requests and replies. A test provokes every documented reply and writes what it sees to
//! `examples.json`.

use serde_json::{Map, Value, json};

const FILE: &str = include_str!("examples.json");

/// Recorded requests and replies, by operation id and status.
pub(super) struct Examples(Value);

impl Examples {
    pub(super) fn new() -> Self {
        let read = serde_json::from_str(FILE);
        debug_assert!(read.is_ok(), "{read:?}");
        Self(read.unwrap_or_default())
    }

    /// The replies of this media type, by name.
    pub(super) fn replies(&self, operation: &str, status: u16, kind: &str) -> Map<String, Value> {
        let of_kind = |example: &&Value| example["kind"] == kind;
        self.select(operation, &status.to_string(), "reply", of_kind)
    }

    /// The successful requests of this media type, by name.
    pub(super) fn requests(&self, operation: &str, kind: &str) -> Map<String, Value> {
        let mut all = Map::new();
        for status in ["200", "201"] {
            let of_kind = |example: &&Value| example["sent"] == kind;
            all.extend(self.select(operation, status, "request", of_kind));
        }
        all
    }

    fn select(
        &self,
        operation: &str,
        status: &str,
        part: &str,
        fits: impl Fn(&&Value) -> bool,
    ) -> Map<String, Value> {
        let examples = self.0[operation][status].as_object();
        let examples = examples.into_iter().flatten().filter(|(_, example)| fits(example));
        let selected = examples.filter_map(|(name, example)| {
            let value = example.get(part)?;
            Some((name.clone(), json!({"value": value})))
        });
        selected.collect()
    }
}

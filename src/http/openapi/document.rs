//! The OpenAPI document as a whole.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::examples::Examples;
use super::operation::{Operation, component_name, reference};
use super::schemas::Schemas;

/// Collects operations and what they share.
pub(crate) struct Document {
    paths: Map<String, Value>,
    components: Map<String, Value>,
    schemas: Schemas,
    examples: Examples,
    tags: Vec<Value>,
}

impl Document {
    pub(crate) fn new() -> Self {
        Self {
            paths: Map::new(),
            components: Map::new(),
            schemas: Schemas::new(),
            examples: Examples::new(),
            tags: Vec::new(),
        }
    }

    /// Starts a group of operations; those added next belong to it.
    pub(crate) fn tag(&mut self, name: &str, description: &str) {
        self.tags.push(json!({"name": name, "description": description}));
    }

    /// A parameter that [`Operation::parameter`] and path templates refer to by name.
    pub(crate) fn parameter(&mut self, name: &str, parameter: Value) {
        self.component("parameters", name, parameter);
    }

    /// An error reply that [`Operation::problems`] refers to by its status.
    pub(crate) fn problem<T: JsonSchema>(
        &mut self,
        status: u16,
        kind: &str,
        description: &str,
        headers: &Value,
    ) {
        let schema = self.schemas.written::<T>();
        let examples = self.examples.replies("control", status, kind);
        let mut reply = json!({
            "description": description,
            "content": {kind: {"schema": schema, "examples": examples}},
        });
        if headers.as_object().is_some_and(|headers| !headers.is_empty()) {
            reply["headers"] = headers.clone();
        }
        self.component("responses", &component_name(status), reply);
    }

    pub(crate) fn security_scheme(&mut self, name: &str, scheme: Value) {
        self.component("securitySchemes", name, scheme);
    }

    fn component(&mut self, group: &str, name: &str, component: Value) {
        let group = self.components.entry(group).or_insert_with(|| json!({}));
        group[name] = component;
    }

    /// Adds an operation, which `describe` completes.
    pub(crate) fn operation(
        &mut self,
        method: &str,
        path: &str,
        id: &'static str,
        describe: impl FnOnce(Operation<'_>) -> Operation<'_>,
    ) {
        let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let json = json!({
            "operationId": id,
            "tags": self.tags.last().map(|tag| [&tag["name"]]),
            "parameters": names.map(reference).collect::<Vec<Value>>(),
            "responses": {},
        });
        let operation = describe(Operation::new(&mut self.schemas, &self.examples, id, json));
        let json = operation.into_json();
        self.paths.entry(path).or_insert_with(|| json!({}))[method.to_lowercase()] = json;
    }

    /// The document as JSON.
    pub(crate) fn finish(self, info: &Value) -> Value {
        let mut document = json!({
            "openapi": "3.1.0",
            "info": info,
            "servers": [{"url": "/", "description": "the server that sent this document"}],
            "tags": self.tags,
            "paths": self.paths,
            "components": self.components,
        });
        let schemas = self.schemas.finish(&mut document);
        document["components"]["schemas"] = Value::Object(schemas);
        document
    }
}

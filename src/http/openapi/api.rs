//! The document as a whole.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::examples::Examples;
use super::operation::Operation;
use super::schemas::Schemas;

/// A document in the making.
pub(in crate::http) struct Api {
    paths: Map<String, Value>,
    components: Map<String, Value>,
    pub(super) schemas: Schemas,
    pub(super) examples: Examples,
    tags: Vec<Value>,
}

impl Api {
    pub(in crate::http) fn new() -> Self {
        Self {
            paths: Map::new(),
            components: Map::new(),
            schemas: Schemas::new(),
            examples: Examples::new(),
            tags: Vec::new(),
        }
    }

    /// Begins a group of operations: those that follow belong to it.
    pub(in crate::http) fn tag(&mut self, name: &str, description: &str) {
        self.tags.push(json!({"name": name, "description": description}));
    }

    /// A parameter that many operations have, under the name that [`Operation::parameter`] takes.
    pub(in crate::http) fn parameter(&mut self, name: &str, parameter: Value) {
        self.component("parameters", name, parameter);
    }

    /// A reply that many operations have: an error of the control API.
    pub(in crate::http) fn shared_reply<T: JsonSchema>(
        &mut self,
        name: &str,
        status: u16,
        kind: &str,
        description: &str,
        headers: Value,
    ) {
        let schema = self.schemas.written::<T>();
        let examples = self.examples.replies("control", status, kind);
        let mut reply = json!({
            "description": description,
            "content": {kind: {"schema": schema, "examples": examples}},
        });
        if headers.as_object().is_some_and(|headers| !headers.is_empty()) {
            reply["headers"] = headers;
        }
        self.component("responses", name, reply);
    }

    /// How a caller shows who it is.
    pub(in crate::http) fn security_scheme(&mut self, name: &str, scheme: Value) {
        self.component("securitySchemes", name, scheme);
    }

    fn component(&mut self, group: &str, name: &str, component: Value) {
        let group = self.components.entry(group).or_insert_with(|| json!({}));
        group[name] = component;
    }

    /// Begins an operation. Its path parameters are those of [`Api::parameter`].
    pub(in crate::http) fn operation(
        &mut self,
        method: &'static str,
        path: &'static str,
        id: &'static str,
        summary: &str,
    ) -> Operation<'_> {
        let tag = self.tags.last().map(|tag| tag["name"].clone());
        let named = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let parameters: Vec<Value> = named.map(reference).collect();
        let item = self.paths.entry(path).or_insert_with(|| json!({}));
        item[method] = json!({
            "operationId": id,
            "tags": [tag],
            "summary": summary,
            "parameters": parameters,
            "responses": {},
        });
        Operation::new(self, method, path, id)
    }

    /// What is said of an operation so far.
    pub(super) fn at(&mut self, path: &str, method: &str) -> &mut Value {
        &mut self.paths[path][method]
    }

    /// The document.
    pub(in crate::http) fn finish(self, info: &Value) -> Value {
        let mut document = json!({
            "openapi": "3.1.0",
            "info": info,
            "servers": [{"url": "/", "description": "the server that answered this"}],
            "tags": self.tags,
            "paths": self.paths,
            "components": self.components,
        });
        let schemas = self.schemas.finish(&mut document);
        document["components"]["schemas"] = Value::Object(schemas);
        document
    }
}

pub(super) fn reference(parameter: &str) -> Value {
    json!({"$ref": format!("#/components/parameters/{parameter}")})
}

//! One operation: a method at a path, with what it takes and all that it answers.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::api::{Api, reference};

const JSON: &str = "application/json";

/// An operation in the making.
pub(in crate::http) struct Operation<'a> {
    api: &'a mut Api,
    method: &'static str,
    path: &'static str,
    id: &'static str,
}

impl<'a> Operation<'a> {
    pub(super) fn new(
        api: &'a mut Api,
        method: &'static str,
        path: &'static str,
        id: &'static str,
    ) -> Self {
        Self { api, method, path, id }
    }

    fn said(&mut self) -> &mut Value {
        self.api.at(self.path, self.method)
    }

    /// More than the summary says.
    pub(in crate::http) fn description(mut self, description: &str) -> Self {
        self.said()["description"] = description.into();
        self
    }

    /// Takes a parameter that is known by this name.
    pub(in crate::http) fn parameter(self, name: &str) -> Self {
        self.takes(reference(name))
    }

    /// Takes this parameter.
    pub(in crate::http) fn takes(mut self, parameter: Value) -> Self {
        if let Some(parameters) = self.said()["parameters"].as_array_mut() {
            parameters.push(parameter);
        }
        self
    }

    /// Takes the fields of a type as query parameters.
    pub(in crate::http) fn query<T: JsonSchema>(mut self) -> Self {
        let schema = self.api.schemas.inline::<T>();
        for (name, mut field) in schema["properties"].as_object().cloned().unwrap_or_default() {
            let description = field.as_object_mut().and_then(|field| field.remove("description"));
            let parameter = json!({
                "name": name, "in": "query", "required": false, "schema": field,
                "description": description.unwrap_or_default(),
            });
            self = self.takes(parameter);
        }
        self
    }

    /// Who calls it shows that it may.
    pub(in crate::http) fn secured(mut self, scheme: &str) -> Self {
        // A server that nobody else can reach asks for nothing.
        self.said()["security"] = json!([{scheme: []}, {}]);
        self
    }

    /// Reads a body of JSON.
    pub(in crate::http) fn reads<T: JsonSchema>(self, is_required: bool) -> Self {
        let schema = self.api.schemas.read::<T>();
        self.takes_body([(JSON, schema)], is_required)
    }

    /// Reads a body in any of these encodings, each of which has a name of its own after `name`.
    pub(in crate::http) fn reads_in(
        self,
        name: &str,
        kinds: &[(&'static str, &str)],
        schema: &Value,
    ) -> Self {
        let mut bodies = Vec::new();
        for (kind, suffix) in kinds {
            let reference = self.api.schemas.put(format!("{name}{suffix}"), schema.clone());
            bodies.push((*kind, reference));
        }
        self.takes_body(bodies, true)
    }

    fn takes_body(
        mut self,
        bodies: impl IntoIterator<Item = (&'static str, Value)>,
        is_required: bool,
    ) -> Self {
        let mut content = json!({});
        for (kind, schema) in bodies {
            content[kind] = json!({"schema": schema});
            let examples = self.api.examples.requests(self.id, kind);
            if !examples.is_empty() {
                content[kind]["examples"] = examples.into();
            }
        }
        self.said()["requestBody"] = json!({"required": is_required, "content": content});
        self
    }

    /// Answers with the JSON of a type.
    pub(in crate::http) fn replies<T: JsonSchema>(self, status: u16, description: &str) -> Self {
        self.replies_as::<T>(JSON, status, description)
    }

    /// Answers with the JSON of a type, under the name of a kind of its own.
    pub(in crate::http) fn replies_as<T: JsonSchema>(
        self,
        kind: &'static str,
        status: u16,
        description: &str,
    ) -> Self {
        let schema = self.api.schemas.written::<T>();
        self.reply(status, kind, description, Some(schema))
    }

    /// Answers with a text.
    pub(in crate::http) fn sends(self, status: u16, kind: &'static str, description: &str) -> Self {
        self.reply(status, kind, description, Some(json!({"type": "string"})))
    }

    /// Answers without a body.
    pub(in crate::http) fn sends_nothing(self, status: u16, description: &str) -> Self {
        self.reply(status, JSON, description, None)
    }

    /// Answers as [`Api::shared_reply`] says.
    pub(in crate::http) fn shares(mut self, status: u16, name: &str) -> Self {
        let reference = format!("#/components/responses/{name}");
        self.said()["responses"][status.to_string()] = json!({"$ref": reference});
        self
    }

    /// Names a header of a reply.
    pub(in crate::http) fn header(mut self, status: u16, name: &str, header: Value) -> Self {
        self.said()["responses"][status.to_string()]["headers"][name] = header;
        self
    }

    fn reply(mut self, status: u16, kind: &str, text: &str, schema: Option<Value>) -> Self {
        let examples = self.api.examples.replies(self.id, status, kind);
        let said = &mut self.said()["responses"][status.to_string()];
        if said.is_null() {
            *said = json!({"description": text});
        }
        if let Some(schema) = schema {
            let mut content = json!({"schema": schema});
            if !examples.is_empty() {
                content["examples"] = examples.into();
            }
            said["content"][kind] = content;
        }
        self
    }
}

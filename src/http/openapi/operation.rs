//! One operation of the OpenAPI document: a method of a path, its parameters and its replies.

use actix_web::http::StatusCode;
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::examples::Examples;
use super::schemas::Schemas;

const JSON: &str = "application/json";

/// Builds the documentation of one operation.
pub(crate) struct Operation<'a> {
    schemas: &'a mut Schemas,
    examples: &'a Examples,
    id: &'static str,
    json: Value,
}

impl<'a> Operation<'a> {
    pub(super) const fn new(
        schemas: &'a mut Schemas,
        examples: &'a Examples,
        id: &'static str,
        json: Value,
    ) -> Self {
        Self { schemas, examples, id, json }
    }

    pub(super) fn into_json(self) -> Value {
        self.json
    }

    /// `summary` is a few words for a list, `description` a sentence or more.
    pub(crate) fn text(mut self, summary: &str, description: &str) -> Self {
        self.json["summary"] = summary.into();
        self.json["description"] = description.into();
        self
    }

    /// The security scheme that authorizes a caller. A server that only the local machine reaches
    /// requires none.
    pub(crate) fn security(mut self, scheme: &str) -> Self {
        self.json["security"] = json!([{scheme: []}, {}]);
        self
    }

    /// A parameter that [`Document::parameter`](super::Document::parameter) declares.
    pub(crate) fn parameter(self, name: &str) -> Self {
        self.own_parameter(reference(name))
    }

    pub(crate) fn own_parameter(mut self, parameter: Value) -> Self {
        if let Some(parameters) = self.json["parameters"].as_array_mut() {
            parameters.push(parameter);
        }
        self
    }

    /// Each field of `T` is an optional query parameter.
    pub(crate) fn query<T: JsonSchema>(mut self) -> Self {
        let schema = self.schemas.inline::<T>();
        for (name, mut field) in schema["properties"].as_object().cloned().unwrap_or_default() {
            let description = field.as_object_mut().and_then(|field| field.remove("description"));
            self = self.own_parameter(json!({
                "name": name, "in": "query", "required": false, "schema": field,
                "description": description.unwrap_or_default(),
            }));
        }
        self.problems(&[400])
    }

    /// A JSON body of the control API, which is required.
    pub(crate) fn body<T: JsonSchema>(self) -> Self {
        let schema = self.schemas.read::<T>();
        self.request_body([(JSON, schema)], true).problems(&[400, 413])
    }

    /// A JSON body of the control API, which may be empty.
    pub(crate) fn optional_body<T: JsonSchema>(self) -> Self {
        let schema = self.schemas.read::<T>();
        self.request_body([(JSON, schema)], false).problems(&[400, 413])
    }

    /// A body in one of several encodings. Each encoding's schema is called `name` and a suffix, so
    /// that generated clients have a type for each.
    pub(crate) fn encoded_body(
        self,
        name: &str,
        encodings: &[(&'static str, &str)],
        schema: &Value,
    ) -> Self {
        let mut bodies = Vec::new();
        for (kind, suffix) in encodings {
            let reference = self.schemas.put(format!("{name}{suffix}"), schema.clone());
            bodies.push((*kind, reference));
        }
        self.request_body(bodies, true)
    }

    fn request_body(
        mut self,
        bodies: impl IntoIterator<Item = (&'static str, Value)>,
        is_required: bool,
    ) -> Self {
        let mut content = json!({});
        for (kind, schema) in bodies {
            content[kind] = json!({"schema": schema});
            let examples = self.examples.requests(self.id, kind);
            if !examples.is_empty() {
                content[kind]["examples"] = examples.into();
            }
        }
        self.json["requestBody"] = json!({"required": is_required, "content": content});
        self
    }

    pub(crate) fn json<T: JsonSchema>(self, status: u16, description: &str) -> Self {
        self.json_as::<T>(JSON, status, description)
    }

    /// JSON under a media type of its own.
    pub(crate) fn json_as<T: JsonSchema>(
        self,
        kind: &'static str,
        status: u16,
        description: &str,
    ) -> Self {
        let schema = self.schemas.written::<T>();
        self.reply(status, kind, description, Some(schema))
    }

    /// A list of the control API, a page at a time.
    pub(crate) fn page<T: JsonSchema>(self, description: &str) -> Self {
        let link = json!({
            "description": "The next page, if there is one: `<…?after=…>; rel=\"next\"`.",
            "schema": {"type": "string"},
        });
        self.json::<Vec<T>>(200, description).header(200, "Link", link).problems(&[503])
    }

    pub(crate) fn text_reply(self, status: u16, kind: &'static str, description: &str) -> Self {
        self.reply(status, kind, description, Some(json!({"type": "string"})))
    }

    pub(crate) fn empty_reply(self, status: u16, description: &str) -> Self {
        self.reply(status, JSON, description, None)
    }

    /// Error replies that [`Document::problem`](super::Document::problem) declares.
    pub(crate) fn problems(mut self, statuses: &[u16]) -> Self {
        for status in statuses {
            let reference = format!("#/components/responses/{}", component_name(*status));
            self.json["responses"][status.to_string()] = json!({"$ref": reference});
        }
        self
    }

    pub(crate) fn header(mut self, status: u16, name: &str, header: Value) -> Self {
        self.json["responses"][status.to_string()]["headers"][name] = header;
        self
    }

    fn reply(mut self, status: u16, kind: &str, text: &str, schema: Option<Value>) -> Self {
        let examples = self.examples.replies(self.id, status, kind);
        let reply = &mut self.json["responses"][status.to_string()];
        if reply.is_null() {
            *reply = json!({"description": text});
        }
        if let Some(schema) = schema {
            let mut content = json!({"schema": schema});
            if !examples.is_empty() {
                content["examples"] = examples.into();
            }
            reply["content"][kind] = content;
        }
        self
    }
}

pub(super) fn reference(parameter: &str) -> Value {
    json!({"$ref": format!("#/components/parameters/{parameter}")})
}

/// `NotFound` for 404: the reason phrase without its spaces.
pub(super) fn component_name(status: u16) -> String {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    status.canonical_reason().unwrap_or_default().replace(' ', "")
}

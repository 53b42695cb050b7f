//! The document, and whether a reply is as it says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jsonschema::Validator;
use ringer::Server;
use serde_json::{Map, Value, json};

use super::exchange::Exchange;

/// The document as a server gives it.
pub(crate) static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let server = Server::builder().start().expect("the server starts");
    let url = format!("{}/openapi.json", server.url());
    let mut reply = ureq::get(url).call().expect("it is served");
    Book::new(&reply.body_mut().read_to_string().expect("it is text"))
});

pub(crate) struct Book {
    pub(crate) document: Value,
    validators: BTreeMap<String, Validator>,
}

/// What an operation is found by, and what is said of it.
pub(crate) struct Found<'a> {
    pub(crate) id: &'a str,
    pub(crate) said: &'a Value,
    methods: BTreeSet<String>,
}

impl Book {
    pub(crate) fn new(text: &str) -> Self {
        let document: Value = serde_json::from_str(text).expect("it is JSON");
        let mut schemas = document["components"]["schemas"].clone();
        schemas.as_object_mut().expect("schemas").values_mut().for_each(close);
        let mut book = Self { document, validators: BTreeMap::new() };
        let mut wanted = vec![problem(), error()];
        for (_, _, operation) in book.operations() {
            for (_, reply) in operation["responses"].as_object().expect("replies") {
                let content = book.resolved(reply)["content"].as_object().cloned();
                let content = content.unwrap_or_default().into_iter();
                wanted.extend(content.map(|(_, content)| content["schema"].clone()));
            }
        }
        for schema in wanted {
            let mut whole = schema.clone();
            whole["components"] = json!({"schemas": schemas});
            let options = jsonschema::options().should_validate_formats(true);
            let validator = options.build(&whole).unwrap_or_else(|e| panic!("{schema}: {e}"));
            book.validators.insert(schema.to_string(), validator);
        }
        book
    }

    /// Every path, method and operation.
    pub(crate) fn operations(&self) -> Vec<(String, String, Value)> {
        let mut all = Vec::new();
        for (path, item) in self.document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("an item") {
                all.push((path.clone(), method.to_uppercase(), operation.clone()));
            }
        }
        all
    }

    /// What a reference stands for.
    pub(crate) fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(&reference[1..]).expect("it is there"),
            None => value,
        }
    }

    /// The path item that a path is one of: a literal one goes before a template.
    fn item(&self, path: &str) -> Option<&Map<String, Value>> {
        let fits = |template: &str| {
            let (mut ours, mut theirs) = (template.split('/'), path.split('/'));
            loop {
                match (ours.next(), theirs.next()) {
                    (None, None) => return true,
                    (Some(ours), Some(theirs)) if ours == theirs => {}
                    (Some(ours), Some(theirs)) if ours.starts_with('{') && !theirs.is_empty() => {}
                    _ => return false,
                }
            }
        };
        let items = self.document["paths"].as_object().expect("paths");
        let fitting = items.iter().filter(|(template, _)| fits(template));
        let best = fitting.min_by_key(|(template, _)| template.matches('{').count());
        best.and_then(|(_, item)| item.as_object())
    }

    /// The operation that an exchange is one of. By another method, any of its path, since all of
    /// them tell of that.
    pub(crate) fn find(&self, exchange: &Exchange) -> Option<Found<'_>> {
        let item = self.item(exchange.path())?;
        let method = exchange.method.to_lowercase();
        // HEAD is listed once only: but for the partner API, it is answered wherever GET is.
        let has_head = item.get("get").is_some_and(|get| get["tags"][0] != "partner");
        let meant = if method == "head" && has_head { item.get("get") } else { item.get(&method) };
        let said = meant.or_else(|| item.values().next())?;
        let mut methods: BTreeSet<String> = item.keys().map(|m| m.to_uppercase()).collect();
        if has_head {
            methods.insert("HEAD".to_owned());
        }
        Some(Found { id: said["operationId"].as_str().expect("an id"), said, methods })
    }

    /// Whether a reply is as the document says.
    pub(crate) fn check(&self, exchange: &Exchange) -> Result<(), String> {
        let Some(found) = self.find(exchange) else { return self.check_unknown(exchange) };
        let (id, status) = (found.id, exchange.status);
        let is_preflight = exchange.method == "OPTIONS" && status == 204;
        if is_preflight && exchange.header("access-control-allow-origin").is_some() {
            // A browser asks this by itself, of a page that --admin-cors-origin names.
            return Ok(());
        }
        let is_known = found.methods.contains(&exchange.method);
        if !is_known && !matches!(status, 401 | 403 | 405) {
            return Err(format!("{} is not documented, and answered", exchange.method));
        }
        let Some(reply) = found.said["responses"].get(status.to_string()) else {
            return self.check_unreadable(exchange).map_err(|_| {
                format!("{id} does not document the status {status}: {}", exchange.body)
            });
        };
        let reply = self.resolved(reply);
        for (name, header) in reply["headers"].as_object().into_iter().flatten() {
            match exchange.header(name) {
                None if header["required"] == true => return Err(format!("{name} is missing")),
                Some(value) if name == "Allow" => {
                    let told: BTreeSet<String> = value.split(", ").map(str::to_owned).collect();
                    if told != found.methods {
                        return Err(format!("Allow is {value}, not {:?}", found.methods));
                    }
                }
                _ => {}
            }
        }
        if exchange.method == "HEAD" && exchange.body.is_empty() {
            return Ok(());
        }
        let Some(content) = reply["content"].as_object() else {
            let is_empty = exchange.body.is_empty();
            return if is_empty { Ok(()) } else { Err("a body where none is documented".into()) };
        };
        let kind = exchange.kind();
        let content =
            content.get(kind).ok_or_else(|| format!("{kind:?} is not documented for {status}"))?;
        if kind.ends_with("json") {
            self.validate(&content["schema"], exchange)?;
        }
        // Each code of an error has its example, and there are no others.
        let codes = content["examples"].as_object();
        match exchange.json()["code"].as_str() {
            Some(code) if status >= 400 && codes.is_some_and(|codes| !codes.contains_key(code)) => {
                Err(format!("{id} does not document {code} under {status}"))
            }
            _ => Ok(()),
        }
    }

    /// What is at no documented path is refused, in the style of the API that it would belong to.
    fn check_unknown(&self, exchange: &Exchange) -> Result<(), String> {
        let is_control = exchange.path().starts_with("/__admin");
        let schema = if is_control { problem() } else { error() };
        match exchange.status {
            404 => self.validate(&schema, exchange),
            405 if exchange.path().starts_with("/__console/") => {
                self.validate(&problem(), exchange)
            }
            401 | 403 if is_control => self.validate(&schema, exchange),
            status => self.check_unreadable(exchange).map_err(|_| {
                format!("{} is not documented, and answered with {status}", exchange.path())
            }),
        }
    }

    /// What cannot be read as a request is refused before it reaches an operation.
    fn check_unreadable(&self, exchange: &Exchange) -> Result<(), String> {
        match exchange.status {
            400 | 408 | 413 | 431 => {
                let problem = self.validate(&problem(), exchange);
                problem.or_else(|_| self.validate(&error(), exchange))
            }
            _ => Err("it is none of these".to_owned()),
        }
    }

    /// Whether a body is an error of the partner API.
    pub(crate) fn is_error(&self, exchange: &Exchange) -> bool {
        self.validate(&error(), exchange).is_ok()
    }

    fn validate(&self, schema: &Value, exchange: &Exchange) -> Result<(), String> {
        let body: Value =
            serde_json::from_str(&exchange.body).map_err(|error| format!("no JSON: {error}"))?;
        let validator = self.validators.get(&schema.to_string()).expect("it was made before");
        let errors = validator.iter_errors(&body);
        let errors: Vec<String> =
            errors.map(|error| format!("{}: {error}", error.instance_path())).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
    }
}

fn problem() -> Value {
    json!({"$ref": "#/components/schemas/Problem"})
}

fn error() -> Value {
    json!({"$ref": "#/components/schemas/Error"})
}

/// A reply has no field that is not documented, although a client should bear one.
fn close(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else { return };
    let is_object = fields.contains_key("properties");
    for (name, value) in fields.iter_mut() {
        match name.as_str() {
            "properties" => value.as_object_mut().into_iter().flatten().for_each(|(_, v)| close(v)),
            "items" => close(value),
            // A part of an object does not know what the other parts say.
            "oneOf" | "anyOf" | "allOf" if !is_object => {
                value.as_array_mut().into_iter().flatten().for_each(close);
            }
            _ => {}
        }
    }
    if is_object && !fields.contains_key("additionalProperties") {
        fields.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
}

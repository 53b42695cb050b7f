//! The schemas of input and output types, side by side.
//!
//! Many types accept more than they produce. The input schema of such a type gets a name of its own,
//! which ends in `Input`; other types have one schema.

use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::domain::schema_tidy;

const PREFIX: &str = "#/components/schemas/";

pub(super) struct Schemas {
    read: SchemaGenerator,
    written: SchemaGenerator,
    own: Map<String, Value>,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let generator = |contract: Contract| {
            let settings = SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.contract = contract;
                settings.meta_schema = None;
            });
            settings.into_generator()
        };
        Self {
            read: generator(Contract::Deserialize),
            written: generator(Contract::Serialize),
            own: Map::new(),
        }
    }

    /// The input schema of a type. [`Schemas::finish`] resolves the references in it.
    pub(super) fn read<T: JsonSchema>(&mut self) -> Value {
        marked(self.read.subschema_for::<T>().to_value())
    }

    /// The output schema of a type.
    pub(super) fn written<T: JsonSchema>(&mut self) -> Value {
        self.written.subschema_for::<T>().to_value()
    }

    /// Adds a schema that belongs to no type, and returns a reference to it.
    pub(super) fn put(&mut self, name: String, schema: Value) -> Value {
        let reference = json!({"$ref": format!("{PREFIX}{name}")});
        self.own.insert(name, schema);
        reference
    }

    /// The input schema of a type, in full instead of by reference.
    pub(super) fn inline<T: JsonSchema>(&mut self) -> Value {
        let mut schema = T::json_schema(&mut self.read).to_value();
        schema_tidy::query(&mut schema);
        marked(schema)
    }

    /// Returns all schemas, and resolves the references to input schemas in `document`.
    pub(super) fn finish(mut self, document: &mut Value) -> Map<String, Value> {
        let mut read = self.read.take_definitions(false);
        let mut written = self.written.take_definitions(false);
        written.values_mut().for_each(schema_tidy::written);
        for (name, schema) in &mut read {
            schema_tidy::read(schema, written.get(name));
        }
        let own = with_own_input(&read, &written);
        let final_name = |name: &str| match own.iter().any(|other| other == name) {
            true => format!("{name}Input"),
            false => name.to_owned(),
        };
        for (name, mut schema) in read {
            each_reference(&mut schema, &mut |reference| {
                if let Some(name) = reference.strip_prefix(PREFIX) {
                    *reference = format!("{PREFIX}{}", final_name(name));
                }
            });
            written.entry(final_name(&name)).or_insert(schema);
        }
        each_reference(document, &mut |reference| {
            if let Some(name) = reference.strip_prefix('<') {
                *reference = format!("{PREFIX}{}", final_name(name));
            }
        });
        written.extend(self.own);
        name_variants(&mut written);
        written.sort_keys();
        written
    }
}

/// Marks the references in an input schema with `<`, for [`Schemas::finish`].
fn marked(mut schema: Value) -> Value {
    each_reference(&mut schema, &mut |reference| {
        *reference = reference.replacen(PREFIX, "<", 1);
    });
    schema
}

/// The names of types whose input schema differs from the output schema, itself or in what it refers
/// to.
fn with_own_input(read: &Map<String, Value>, written: &Map<String, Value>) -> Vec<String> {
    let differs = |name: &str| written.get(name).is_some_and(|other| read.get(name) != Some(other));
    let mut own: Vec<String> = read.keys().filter(|name| differs(name)).cloned().collect();
    loop {
        let refers_to_one = |schema: &Value| {
            let mut found = false;
            each_reference(&mut schema.clone(), &mut |reference| {
                let name = reference.strip_prefix(PREFIX);
                found |= name.is_some_and(|name| own.iter().any(|other| other == name));
            });
            found
        };
        let more: Vec<String> = (read.iter())
            .filter(|(name, schema)| {
                written.contains_key(*name) && !own.contains(name) && refers_to_one(schema)
            })
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            return own;
        }
        own.extend(more);
    }
}

fn each_reference(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(reference) if name == "$ref" => change(reference),
                    field => each_reference(field, change),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_reference(item, change)),
        _ => {}
    }
}

/// Names the inline objects inside the variants of enums, since client generators skip variants with
/// nameless ones.
fn name_variants(schemas: &mut Map<String, Value>) {
    let mut named = Map::new();
    for (name, schema) in schemas.iter_mut() {
        let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
        for variant in variants.into_iter().flatten() {
            let fields = variant.get_mut("properties").and_then(Value::as_object_mut);
            for (field, object) in fields.into_iter().flatten() {
                if object.get("properties").is_some() {
                    let words = field.split('_').filter(|word| !word.is_empty());
                    let words = words.map(|word| word[..1].to_uppercase() + &word[1..]);
                    let name = format!("{name}{}", words.collect::<String>());
                    let reference = json!({"$ref": format!("{PREFIX}{name}")});
                    named.insert(name, std::mem::replace(object, reference));
                }
            }
        }
    }
    schemas.extend(named);
}

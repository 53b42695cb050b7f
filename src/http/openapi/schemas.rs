//! The schemas of what is read and of what is written, side by side.
//!
//! A type is often more forgiving in what it reads than in what it writes. Then what it reads has a
//! name of its own, with `Input` at its end; else both share one.

use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::tidy;

const PLACE: &str = "#/components/schemas/";

/// Collects the schemas that the document names.
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

    /// The schema of a type as it is read. Its references are told apart by [`Schemas::finish`].
    pub(super) fn read<T: JsonSchema>(&mut self) -> Value {
        marked(self.read.subschema_for::<T>().to_value())
    }

    /// The schema of a type as it is written.
    pub(super) fn written<T: JsonSchema>(&mut self) -> Value {
        self.written.subschema_for::<T>().to_value()
    }

    /// Names a schema that no type has. Gives a reference to it.
    pub(super) fn put(&mut self, name: String, schema: Value) -> Value {
        let reference = json!({"$ref": format!("{PLACE}{name}")});
        self.own.insert(name, schema);
        reference
    }

    /// The same, in its place instead of by its name.
    pub(super) fn inline<T: JsonSchema>(&mut self) -> Value {
        let mut schema = T::json_schema(&mut self.read).to_value();
        tidy::common(&mut schema);
        marked(schema)
    }

    /// All that was named. References to what is read are set right in `document`.
    pub(super) fn finish(mut self, document: &mut Value) -> Map<String, Value> {
        let mut read = self.read.take_definitions(false);
        let mut written = self.written.take_definitions(false);
        written.values_mut().for_each(tidy::written);
        for (name, schema) in &mut read {
            tidy::read(schema, written.get(name));
        }
        let own = told_apart(&read, &written);
        let right = |name: &str| match own.iter().any(|other| other == name) {
            true => format!("{name}Input"),
            false => name.to_owned(),
        };
        for (name, mut schema) in read {
            each_reference(&mut schema, &mut |reference| {
                if let Some(name) = reference.strip_prefix(PLACE) {
                    *reference = format!("{PLACE}{}", right(name));
                }
            });
            written.entry(right(&name)).or_insert(schema);
        }
        each_reference(document, &mut |reference| {
            if let Some(name) = reference.strip_prefix('<') {
                *reference = format!("{PLACE}{}", right(name));
            }
        });
        written.extend(self.own);
        written.sort_keys();
        written
    }
}

/// A schema whose references are known to be to what is read.
fn marked(mut schema: Value) -> Value {
    each_reference(&mut schema, &mut |reference| {
        *reference = reference.replacen(PLACE, "<", 1);
    });
    schema
}

/// The names under which what is read differs from what is written, directly or by what it names.
fn told_apart(read: &Map<String, Value>, written: &Map<String, Value>) -> Vec<String> {
    let differs = |name: &str| written.get(name).is_some_and(|other| read.get(name) != Some(other));
    let mut own: Vec<String> = read.keys().filter(|name| differs(name)).cloned().collect();
    loop {
        let names_one = |schema: &Value| {
            let mut found = false;
            each_reference(&mut schema.clone(), &mut |reference| {
                let name = reference.strip_prefix(PLACE);
                found |= name.is_some_and(|name| own.iter().any(|other| other == name));
            });
            found
        };
        let more: Vec<String> = (read.iter())
            .filter(|(name, schema)| {
                written.contains_key(*name) && !own.contains(name) && names_one(schema)
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

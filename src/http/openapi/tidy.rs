//! What a derivation from Rust says otherwise than a reader of JSON would.

use serde_json::{Map, Value};

/// Sets right what is said of a type as it is written.
pub(super) fn written(schema: &mut Value) {
    common(schema);
    // What is left out where there is nothing is never null.
    each_object(schema, &mut |schema| {
        let required = schema.get("required").cloned().unwrap_or_default();
        let is_required = |name: &str| {
            required.as_array().is_some_and(|names| names.iter().any(|other| other == name))
        };
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if !is_required(name) {
                without_null(property);
            }
        }
    });
}

/// Sets right what is said of a type as it is read. `twin` is what is said of the same type as it is
/// written, where our types tell more of their fields.
pub(super) fn read(schema: &mut Value, twin: Option<&Value>) {
    common(schema);
    let told = |name: &str| twin?["properties"][name].get("description").cloned();
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        if let (Some(text), Some(property)) = (told(name), property.as_object_mut()) {
            property.entry("description").or_insert(text);
        }
    }
}

/// Rust's documentation is wrapped, refers to Rust, and tells what is a ruling; and the most that a
/// number can be is a matter of its type.
pub(super) fn common(schema: &mut Value) {
    each_object(schema, &mut |schema| {
        if let Some(Value::String(text)) = schema.get_mut("description") {
            let paragraphs: Vec<String> =
                text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect();
            let plain = paragraphs.join("\n\n").replace(" (our ruling)", "");
            *text = plain.replace("[`", "`").replace("`]", "`");
        }
        one_of_names(schema);
        let most = match schema.get("format").and_then(Value::as_str) {
            Some("uint32") => Some(u64::from(u32::MAX)),
            Some("uint64") => Some(u64::MAX),
            _ => None,
        };
        if let Some(most) = most {
            schema.insert("maximum".to_owned(), most.into());
        }
        // What may be left out is not null by default: it is not there.
        if schema.get("default").is_some_and(Value::is_null) {
            schema.remove("default");
        }
    });
}

/// A choice among names is told by each name's meaning; generators of clients want a plain list.
fn one_of_names(schema: &mut Map<String, Value>) {
    let Some(Value::Array(choices)) = schema.get("oneOf") else { return };
    let name = |choice: &Value| Some(choice.get("const")?.as_str()?.to_owned());
    let Some(names) = choices.iter().map(name).collect::<Option<Vec<String>>>() else { return };
    let told = names.iter().zip(choices).filter_map(|(name, choice)| {
        Some(format!("- `{name}`: {}", choice.get("description")?.as_str()?))
    });
    let told: Vec<String> = told.collect();
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = format!("{text}\n\n{}", told.join("\n"));
    }
    schema.remove("oneOf");
    schema.insert("type".to_owned(), "string".into());
    schema.insert("enum".to_owned(), names.into());
}

fn without_null(property: &mut Value) {
    let Some(fields) = property.as_object_mut() else { return };
    if let Some(Value::Array(kinds)) = fields.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = &kinds[..] {
            let only = only.clone();
            fields.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = fields.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
        if let [Value::Object(only)] = &choices[..] {
            let only = only.clone();
            fields.remove("anyOf");
            for (name, value) in only {
                fields.entry(name).or_insert(value);
            }
        }
    }
}

fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| each_object(field, change));
            change(fields);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        _ => {}
    }
}

//! Post-processing of schemars output.

use serde_json::{Map, Value};

/// Tidies an output schema.
pub(crate) fn written(schema: &mut Value) {
    common(schema);
    // A field that is omitted when empty is never null.
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

/// Tidies an input schema. Descriptions that it lacks are copied from `output`, the output schema of
/// the same type.
pub(crate) fn read(schema: &mut Value, output: Option<&Value>) {
    common(schema);
    let description = |name: &str| output?["properties"][name].get("description").cloned();
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        if let (Some(text), Some(property)) = (description(name), property.as_object_mut()) {
            property.entry("description").or_insert(text);
        }
    }
}

/// Tidies the schema of a query: a parameter may be missing, but never null.
pub(crate) fn query(schema: &mut Value) {
    common(schema);
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    properties.into_iter().flatten().for_each(|(_, property)| without_null(property));
}

/// Unwraps doc comments, removes what only Rust readers need, and adds the maximum of integers.
fn common(schema: &mut Value) {
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
        // An optional field is absent by default, not null.
        if schema.get("default").is_some_and(Value::is_null) {
            schema.remove("default");
        }
    });
}

/// Flattens a `oneOf` of documented constants into a plain `enum`, which client generators need.
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

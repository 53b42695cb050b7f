//! The JSON Schema of scenarios, for editors.

use schemars::generate::{Contract, SchemaSettings};
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::Scenario;
use crate::domain::schema::json_schema;
use crate::domain::schema_tidy;

/// The JSON Schema (draft 2020-12) of what [`Scenario::from_json`] reads, as indented JSON.
pub(crate) fn of_scenarios() -> String {
    let of = |contract: Contract| {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.contract = contract);
        settings.into_generator().into_root_schema_for::<Scenario>().to_value()
    };
    let (mut read, written) = (of(Contract::Deserialize), of(Contract::Serialize));
    let mut types = read["$defs"].take();
    for (name, schema) in types.as_object_mut().into_iter().flatten() {
        schema_tidy::read(schema, written["$defs"].get(name));
    }
    schema_tidy::read(&mut read, Some(&written));
    read["$defs"] = types;
    read["title"] = json!("A scenario of ringer");
    format!("{read:#}\n")
}

/// `"$schema"` in a file, which tells an editor where the JSON Schema is. Nothing depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SchemaReference;

impl<'de> Deserialize<'de> for SchemaReference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|_| Self)
    }
}

json_schema!(SchemaReference, "SchemaReference": {
    "type": "string",
});

//! JSON Schema for types whose JSON no derive macro can know, because they read or write it by
//! hand.

/// Gives a type its JSON Schema: of the JSON it writes and, if it accepts more than it writes, of
/// the JSON it reads.
macro_rules! json_schema {
    ($type:ty, $name:tt: $schema:tt) => {
        $crate::domain::schema::json_schema!($type, $name: $schema, read as $schema);
    };
    ($type:ty, $name:tt: $written:tt, read as $read:tt) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                format!("{}::{}", module_path!(), $name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                if generator.contract().is_serialize() {
                    schemars::json_schema!($written)
                } else {
                    schemars::json_schema!($read)
                }
            }
        }
    };
}

pub(crate) use json_schema;

/// The pattern of a duration as a text, which JSON accepts with units or as a number of seconds.
pub(crate) const DURATION_PATTERN: &str = "^([0-9]{1,5}h([0-9]{1,7}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?|\
    [0-9]{1,7}m([0-9]{1,9}s)?([0-9]{1,9}ms)?|[0-9]{1,9}s([0-9]{1,9}ms)?|[0-9]{1,9}ms|\
    [0-9]{1,9}(\\.[0-9]{1,3})?)$";

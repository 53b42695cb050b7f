//! Values, parsed once at the edge into types that cannot hold a wrong value. No HTTP, no clock, no
//! randomness.

pub(crate) mod api_key;
pub(crate) mod country;
pub(crate) mod country_parse;
mod country_suggestion;
mod country_table;
pub(crate) mod endpoint;
pub(crate) mod error_code;
pub(crate) mod escape;
pub(crate) mod fnv;
pub(crate) mod label;
pub(crate) mod lint;
pub(crate) mod money;
pub(crate) mod nearest;
pub(crate) mod number_plan;
mod number_ranges;
pub(crate) mod phone_number;
pub(crate) mod positive;
pub(crate) mod probability;
pub(crate) mod real_duration;
pub(crate) mod rental_id;
pub(crate) mod schema;
pub(crate) mod schema_tidy;
pub(crate) mod serde_helpers;
pub(crate) mod service;
pub(crate) mod sms;
#[cfg(test)]
mod tests;
pub(crate) mod timestamp;
pub(crate) mod virtual_duration;

//! Values, parsed once at the edge into types that cannot hold a wrong one.
//! No HTTP, no clock, no randomness.

pub(crate) mod api_key;
pub(crate) mod country;
mod country_guess;
pub mod country_on_demand;
mod country_table;
pub(crate) mod country_text;
pub(crate) mod endpoint;
pub(crate) mod error_code;
pub(crate) mod lint;
pub mod markup;
pub(crate) mod money;
pub(crate) mod nearest;
pub(crate) mod number_plan;
mod number_ranges;
pub(crate) mod phone_number;
pub(crate) mod probability;
pub(crate) mod read;
pub(crate) mod real_span;
pub(crate) mod rental_id;
pub(crate) mod schema;
pub(crate) mod service;
pub(crate) mod sms;
pub(crate) mod span;
#[cfg(test)]
mod tests;
pub(crate) mod timestamp;
pub(crate) mod whole;

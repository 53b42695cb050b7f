//! Values, parsed once at the edge into types that cannot hold a wrong one.
//! No HTTP, no clock, no randomness.

pub mod api_key;
pub mod country;
mod country_guess;
pub mod country_on_demand;
mod country_table;
pub mod country_text;
pub mod endpoint;
pub mod error_code;
pub mod lint;
pub mod markup;
pub mod money;
pub mod nearest;
pub mod number_plan;
mod number_ranges;
pub mod phone_number;
pub mod probability;
pub(crate) mod read;
pub mod real_span;
pub mod rental_id;
pub(crate) mod schema;
pub mod service;
pub mod sms;
pub mod span;
pub mod timestamp;
pub mod whole;

//! The rules of the report, held against journals that are made up.

mod pauses;

//! The rules of the report, tried on hand-made journals.

mod pauses;

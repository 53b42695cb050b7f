//! Builds the OpenAPI document. Schemas are derived from our own types; examples are replies that
//! the server really gave.

mod document;
mod examples;
mod operation;
mod schemas;

pub(super) use document::Document;
pub(super) use operation::Operation;

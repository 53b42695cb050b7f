//! The words in which the OpenAPI document is written: an [`Api`] of [`Operation`]s. What they say of
//! data comes from our own types, what they show comes from real replies.

mod api;
mod examples;
mod operation;
mod schemas;
mod tidy;

pub(super) use api::Api;
pub(super) use operation::Operation;

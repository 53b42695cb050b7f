//! What can go wrong, and goes wrong as it says: a file a subject.

mod delays;
mod determinism;
mod json;
mod on_demand;
mod rules;
mod shapes;
mod wire;

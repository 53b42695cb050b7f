//! What can go wrong, and goes wrong as it says: a file a subject.

mod caller;
mod delays;
mod determinism;
mod effects;
mod json;
mod laws;
mod on_demand;
mod prefer;
mod production_keys;
mod round_trip;
mod rules;
mod shapes;
mod wire;
mod world;

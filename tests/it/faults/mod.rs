//! What can go wrong, and goes wrong as it says: a file a subject.

mod delays;
mod determinism;
mod hang;
mod json;
mod lost_replies;
mod on_demand;
mod pipelined;
mod rules;
mod shapes;
mod socket;
mod wire;

//! What can go wrong, and goes wrong as it says: a file a subject.

mod caller;
mod delays;
mod effects;
mod hang;
mod json;
mod lost_replies;
mod on_demand;
mod pipelined;
mod prefer;
mod production_keys;
mod round_trip;
mod rules;
mod shapes;
pub(crate) mod socket;
mod wire;

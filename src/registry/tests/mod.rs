//! The registry without HTTP before it.

mod fault_determinism;
mod fault_laws;
mod jobs;
mod world;

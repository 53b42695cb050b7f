//! The registry without HTTP before it.

mod fault_determinism;
mod fault_laws;
mod harness;
mod jobs;

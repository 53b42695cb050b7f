//! The integration tests: all of them go in by the public doors.

mod bytes;
mod clock;
mod command_line;
mod countries;
mod determinism;
mod embedding;
mod house;
mod numbers;
mod partner_api;
mod readme;
mod sandboxes;
mod scenarios;
mod support;

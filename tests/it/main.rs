//! The integration tests: all of them go in by the public doors.

mod laws;
mod scenarios;
mod stories;
mod support;
mod vocabulary;

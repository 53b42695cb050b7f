//! The integration tests: all of them go in by the public doors.

mod scenarios;
mod support;

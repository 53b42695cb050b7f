//! The integration tests: all of them go in by the public doors.

mod countries;
mod numbers;
mod scenarios;
mod support;

//! The integration tests: all of them go in by the public doors.

mod bytes;
mod careful;
mod clock;
mod command_line;
mod console;
mod control;
mod countries;
mod determinism;
mod embedding;
mod faults;
mod house;
mod laws;
mod log;
mod numbers;
mod partner_api;
mod process;
mod readme;
mod recipes;
mod report;
mod run;
mod sandboxes;
mod scenarios;
mod stories;
mod support;
mod values;
mod vocabulary;

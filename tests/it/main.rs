//! The integration tests. Each uses ringer from outside: over HTTP, as a library, or as a command.
//!
//! A test of one module's inside stands in that module, in `src`.

// The partner API, as a client sees it.
mod bounds;
mod clock;
mod determinism;
mod faults;
mod malformed_requests;
mod money_and_durations;
mod partner_api;
mod protocol;
mod sandboxes;
mod scenarios;
mod story;
mod timelines;
mod vocabulary;

// What a test sees and changes: the control API, the report, the console, a server in Rust.
mod console;
mod control;
mod embedding;
mod memory;
mod report;

// The command line.
mod check;
mod command_line;
mod environment;
mod localhost;
mod log;
mod ready;
mod run;
mod rust_source;
mod scenario_files;
mod scenario_schema;
mod unwritable_output;

// Documents that cannot drift, and the rules of the source.
mod architecture;
mod docs;
mod document;

// Helpers.
mod careful;
mod process;
mod support;

//! `ringer` stands in for a partner's SMS-number rental service.
//!
//! # The house
//!
//! A module imports from lower floors and its own folder only; a test holds that.
//!
//! | floor | module | what it is |
//! |---|---|---|
//! | 0 | [`domain`] | values, parsed once at the edge; no HTTP, no clock, no randomness |
//! | 1 | [`scenario`] | the vocabulary a scenario is written in: plain data, a builder, serde |
//! | 1 | [`check`] | holds any server to the documentation; knows nothing else of this house |
//! | 1 | [`scenarios`] | the bundled scenarios, one file each |
//! | 2 | [`sandbox`] | one api_key's world, a pure state machine that receives the time |
//! | 3 | [`journal`] | what clients asked and got, expectations of it, a rental as others see it |
//! | 4 | [`report`] | how a client did: findings, totals, coverage |
//! | 4 | [`capsule`] | the recording of a sandbox, which can be replayed |
//! | 5 | [`registry`] | the sandboxes of this process, their locks and memory, long jobs, the real clock |
//! | 6 | [`http`] | where a request comes in and where its reply leaves; what the server says of itself |
//! | 7 | [`server`] | start and stop: the binary and every test go in by this door |
//! | 8 | [`cli`] | the command line |
//!
//! # One request, one direction
//!
//! Bytes reach `http/socket.rs`; `http/dispatcher.rs` tells the four endpoints from all else;
//! `http/partner` takes a request apart and parses it into a [`sandbox::command::Command`] or a
//! refusal; [`registry`] finds the sandbox, takes its lock and
//! brings it up to now; [`sandbox`] decides, its fault rules first; [`journal`] writes the journal;
//! the lock is released; `http/partner/reply.rs` writes the reply, and where a fault is to strike on
//! the wire, `http/socket/fault.rs` performs it.
//!
//! A call that its sandbox cannot take at once waits beside the workers: a thread of
//! [`registry::jobs`] catches up with all that is due, or a long look at the sandbox ends first. The
//! control API does all its work on sandboxes there, so that the workers only ever hold a sandbox's
//! lock for a fraction of a millisecond.
//!
//! # In your own tests
//!
//! ```
//! use ringer::scenario::*;
//! use ringer::Server;
//!
//! let server = Server::builder().scenario("slow-sms").clock(Clock::frozen()).start()?;
//! let client = ureq::Agent::new_with_defaults();
//! let url = server.url();
//! let rented = client
//!     .post(format!("{url}/rentNumber"))
//!     .send_form([("api_key", "ci-1"), ("country", "DE")])?
//!     .body_mut()
//!     .read_to_string()?;
//! assert!(rented.contains("\"rental_id\":\"rent_"));
//!
//! server.sandbox("ci-1")?.advance(seconds(95));
//! assert_eq!(server.sandbox("ci-1")?.messages().len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// So that a bundled scenario has the very text that a user's own has.
extern crate self as ringer;

/// The Rust in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

/// The Rust in the guides compiles, and runs.
#[cfg(doctest)]
pub mod guides {
    #[doc = include_str!("../docs/adding-a-fault.md")]
    pub struct AddingAFault;
    #[doc = include_str!("../docs/adding-a-scenario.md")]
    pub struct AddingAScenario;
}

// Its tests still look inside.
mod capsule;
#[doc(hidden)]
#[cfg(feature = "cli")]
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
mod domain;
mod http;
mod journal;
mod registry;
pub mod report;
mod sandbox;
pub mod scenario;
#[path = "../scenarios/mod.rs"]
mod scenarios;
mod server;

pub use domain::lint::Lint;
pub use domain::rental_id::RentalId;
pub use journal::JournalEntry;
pub use registry::on_demand_errors::API_KEYS as ON_DEMAND_API_KEYS;
pub use registry::{CountryStock, MemorySize, RentalPage, RentalQuery, Sandbox};
pub use sandbox::changes::NewSms;
pub use sandbox::event::{Event, Happening};
pub use sandbox::faults::FaultId;
pub use scenarios::all as bundled_scenarios;
pub use server::{ScenarioChoice, Server, ServerBuilder, StartError};

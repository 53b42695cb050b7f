//! `ringer` stands in for a partner's SMS-number rental API, so that you can test a client of it.
//!
//! [`Server`] runs in your test process. Each api_key has its own [`Sandbox`], whose clock, stock,
//! faults and rentals a test controls. [`scenario`] is the vocabulary in which scenarios are written,
//! [`report`] what the server says of a client, and [`cli`] the `ringer` command, to which you can
//! add your own scenarios.
//!
//! ```
//! use ringer::Server;
//! use ringer::scenario::*;
//!
//! let server = Server::builder().scenario("slow-sms").clock(Clock::frozen()).start()?;
//! let url = server.url();
//! let rented = ureq::post(format!("{url}/rentNumber"))
//!     .send_form([("api_key", "ci-1"), ("country", "DE")])?
//!     .body_mut()
//!     .read_to_string()?;
//! assert!(rented.contains("\"rental_id\":\"rent_"));
//!
//! let sandbox = server.sandbox("ci-1")?;
//! sandbox.clock().advance(seconds(95));
//! assert_eq!(sandbox.rentals().messages().len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Cargo features
//!
//! - `cli` (default): the `ringer` command with everything that only it needs. For tests,
//!   `default-features = false` is enough.
//!
//! ARCHITECTURE.md describes how the code is organised.

// A bundled scenario can be written with the same imports as a user's own.
extern crate self as ringer;

/// The Rust in the docs compiles, and runs.
#[cfg(doctest)]
pub mod guides {
    #[doc = include_str!("../docs/embedding.md")]
    pub struct Embedding;
    #[doc = include_str!("../docs/faults.md")]
    pub struct Faults;
    #[doc = include_str!("../docs/scenarios.md")]
    pub struct Scenarios;
}

mod capsule;
#[cfg(feature = "cli")]
mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod curl;
mod domain;
mod http;
mod journal;
mod junit;
#[cfg(feature = "cli")]
mod process_group;
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
pub use registry::{
    CountryStock, FaultStatus, MemorySize, Sandbox, SandboxClock, SandboxFaults, SandboxJournal,
    SandboxRentals, SandboxStock,
};
pub use sandbox::changes::NewSms;
pub use sandbox::error::SandboxError;
pub use sandbox::event::{EventKind, SandboxEvent};
pub use sandbox::faults::FaultId;
pub use scenarios::all as bundled_scenarios;
pub use server::{ScenarioChoice, Server, ServerBuilder, StartError};

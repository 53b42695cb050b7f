//! Holds any implementation of the four endpoints to their documentation.
//!
//! It knows nothing of the rest of `ringer` but its values, and speaks to `ringer` as to any other
//! server: else it would only say that `ringer` is like itself.
//!
//! [`run`](run::run) opens a session (`setup.rs`), runs the
//! [cases](cases::all) in it, and cancels what they have rented (`cleanup.rs`). A case is data and
//! a function from a session to a verdict; `report` tells of it.
//!
//! ```
//! use ringer::check::{Options, run::run, stop_token::StopToken};
//! use ringer::server::Server;
//!
//! let server = Server::builder().api_key("demo").start()?;
//! let options = Options::new(server.url().parse()?, "demo".parse()?);
//! let run = run(&options, &mut (), &StopToken::default())?;
//! assert!(run.result("rent-returns-e164-number").is_some());
//! assert_eq!(run.rentals.left, []);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod base_url;
mod cancel_fixture;
pub mod case;
pub mod case_outcome;
pub mod cases;
pub mod cleanup;
mod client;
mod concurrent_fixture;
mod exchange;
pub mod key;
mod ledger;
pub mod observer;
pub mod options;
mod real_time;
mod renting;
mod reply;
pub mod report;
mod request;
pub mod run;
mod session;
mod setup;
pub mod setup_error;
mod sms_fixture;
pub mod stop_token;
mod timestamps;

pub use crate::domain::escape;
pub use base_url::BaseUrl;
pub use case::{Level, TestCase};
pub use case_outcome::CaseOutcome;
pub use key::Key;
pub use options::{Options, SmsSource};
pub use run::Run;
pub use setup_error::SetupError;

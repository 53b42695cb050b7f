//! Holds any implementation of the four endpoints to their documentation.
//!
//! It knows nothing of the rest of `ringer` but its values, and speaks to `ringer` as to any other
//! server: else it would only say that `ringer` is like itself.
//!
//! [`run`](run::run) opens a session (`preflight.rs`), runs the
//! [cases](cases::all) in it, and cancels what they have rented (`closing.rs`). A case is data and
//! a function from a session to a verdict; `report` tells of it.
//!
//! ```
//! use ringer::check::{Options, run::run, stop::Stop};
//! use ringer::server::Server;
//!
//! let server = Server::builder().api_key("demo").start()?;
//! let options = Options::new(server.url().parse()?, "demo".parse()?);
//! let run = run(&options, &mut (), &Stop::default())?;
//! assert!(run.result("rent-returns-e164-number").is_some());
//! assert_eq!(run.rentals.left, []);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod base_url;
pub mod cannot_run;
pub mod case;
pub mod cases;
mod client;
pub mod closing;
mod crowd;
mod exchange;
mod inbox;
pub mod key;
mod ledger;
mod moment;
pub mod options;
mod preflight;
pub mod progress;
mod real_time;
mod renting;
mod reply;
pub mod report;
mod request;
pub mod run;
mod session;
pub mod stop;
mod story;
pub mod verdict;

pub use crate::domain::markup;
pub use base_url::BaseUrl;
pub use cannot_run::CannotRun;
pub use case::{Case, Level};
pub use key::Key;
pub use options::{Options, SmsSource};
pub use run::Run;
pub use verdict::Outcome;

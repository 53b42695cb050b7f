//! Checks any implementation of the four endpoints against their documentation.
//!
//! It shares only values with the rest of `ringer` and speaks HTTP to the server, even if that is
//! `ringer` itself: otherwise it would only show that `ringer` agrees with itself.
//!
//! [`run`](run::run) opens a [session](session) (`setup.rs`), runs the [cases](cases) and cancels
//! what they rented (`cleanup.rs`). A case is data and a function from [fixtures](fixtures) to a
//! verdict. [`report`] writes the results down.

pub(crate) mod base_url;
pub(crate) mod case;
mod case_outcome;
mod cases;
mod certificates;
mod cleanup;
mod client;
mod exchange;
mod fixtures;
mod key;
mod ledger;
mod listing;
pub(crate) mod observer;
pub(crate) mod options;
mod real_time;
mod renting;
mod reply;
pub(crate) mod report;
mod request;
pub(crate) mod run;
mod session;
mod setup;
mod setup_error;
mod sms;
pub(crate) mod stop_token;
mod timestamps;

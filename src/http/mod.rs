//! Everything that speaks HTTP.
//!
//! # The life of a request
//!
//! | step | file |
//! |---|---|
//! | bytes arrive; offers to upgrade the protocol are removed | `socket/mod.rs`, `socket/inbound_filter.rs` |
//! | actix-http parses them; what it cannot read gets a 400, 408 or 431 in our style | `socket/bad_request.rs` |
//! | a path of the partner API goes one way, all others the other | `dispatcher.rs` |
//! | **partner API**: the body is read, its parameters become a command or a refusal | `request_body.rs`, `partner/params.rs`, `partner/body_params.rs`, `partner/parse.rs` |
//! | the call enters its sandbox, which decides; it may have to wait | `partner/serve.rs`, then `call.rs` and `decision.rs` of [`registry`](crate::registry), and [`sandbox`](crate::sandbox) |
//! | the outcome becomes a reply; the status of an error comes from its [`ErrorCode`](crate::domain::error_code::ErrorCode) | `partner/encode.rs`, `partner/retry_after.rs` |
//! | the reply leaves: at once, late, damaged by a fault, or not at all | `partner/delivery.rs`, `socket/fault.rs` |
//! | **all other paths**: actix-web finds the route, the guard admits the caller | `route.rs`, `resource.rs`, `control/guard/` |
//! | a handler of the control API works on a sandbox in a job, off the worker threads | `control/routes.rs`, `control/state.rs` |
//! | errors are problem documents (400, 404, 409, …) | `control/problem.rs` |
//! | a path without a route is 404 | `partner/fallback.rs`, `control/not_found.rs` |

pub(crate) mod capsule;
mod console;
mod control;
mod dispatcher;
mod docs;
mod host_header;
mod listener;
pub(crate) mod log;
mod openapi;
mod partner;
mod request_body;
mod resource;
mod route;
mod socket;

#[cfg(feature = "cli")]
pub(crate) use control::Origin;
pub(crate) use control::{ControlGuard, HostPattern, Token, tick_watched_sandboxes};
#[cfg(feature = "cli")]
pub(crate) use docs::document;
pub(crate) use listener::{HttpConfig, serve};

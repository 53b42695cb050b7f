//! What is learnt from what happens. It reads and never changes a sandbox.

mod calls;
pub mod capsule;
pub mod expectation;
pub mod journal;
pub mod life;
pub mod report;
